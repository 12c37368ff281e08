"""The operator's pages: bring a force on, and keep the national support lines. Nothing of a force's own can be read here."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.accounts.openid import is_address
from ani_portal.accounts.standing import asks_again

from .. import forces as actions
from ..enums import ForceRole
from ..external import actions as external
from ..onboarding.actions.force import save_national_line
from ..onboarding.forms.force import NationalLineForm
from ..policies import national_line, national_lines


class FirstCoordinatorForm(forms.Form):
    """Who will bring the force's pharmacies on board."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("Work e-mail"), max_length=254)


class ProviderForm(forms.Form):
    """How a force signs its own people in, as its administrators say."""

    issuer = forms.URLField(
        label=_("Issuer"), max_length=200, assume_scheme="https",
        help_text=_("Its address, exactly as its tokens say, such as https://login.example.org/tenant."),
    )  # fmt: skip
    client_id = forms.CharField(label=_("What we are called there (client id)"), max_length=200)
    secret = forms.CharField(
        label=_("The secret it gave us"), max_length=400, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown again. Leave it empty to keep the one there is."),
    )  # fmt: skip
    claim = forms.CharField(label=_("The claim that lists a person’s groups"), max_length=80, initial="groups")
    roles = forms.CharField(
        label=_("Which group gives which role"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line: group = role. Roles: officer, supervisor, dpo, coordinator, auditor."),
    )  # fmt: skip
    factor_values = forms.CharField(
        label=_("Its words (amr or acr) for a second factor"), max_length=200, required=False,
        help_text=_("Separated by spaces, such as: mfa. Empty: our own second factor is asked for."),
    )  # fmt: skip

    def clean_issuer(self) -> str:
        """Over TLS."""
        issuer: str = self.cleaned_data["issuer"]
        if not is_address(issuer):
            raise forms.ValidationError(_("The address must begin with https."))
        return issuer

    def clean_roles(self) -> external.Roles:
        """Each line a group and one of the force's roles."""
        found: external.Roles = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["roles"].splitlines())):
            value, _mark, role = (part.strip() for part in line.rpartition("="))
            if not value or role not in ForceRole.values or len(value) > 200:
                raise forms.ValidationError(_("“%(line)s” is not: group = role."), params={"line": line[:60]})
            if (value, role) not in found:
                found.append((value, role))
        return found


def page(request: GuardedRequest, name: str, status: int = 200, **more: object) -> HttpResponse:
    """A page of the operator's."""
    ways = [("operator:forces", _("Forces")), ("operator:lines", _("National support lines"))]
    context = {
        "signed_in_name": request.principal.name,
        "sign_out_url": reverse("account_logout"),
        "ways": [{"href": reverse(url), "text": text, "here": request.path == reverse(url)} for url, text in ways],
        **more,
    }
    return render(request, f"operator/{name}.html", context, status=status)


@allow(Permission.MANAGE_FORCES)
@require_safe
def forces(request: GuardedRequest) -> HttpResponse:
    """Every force, and whether it uses the portal."""
    return page(request, "forces", forces=actions.all_forces())


@allow(Permission.MANAGE_FORCES)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: GuardedRequest, force: str) -> HttpResponse:
    """Write a force's own sign-in down; a coordinator of that force confirms it, and until then it is off."""
    found = actions.force(force)
    if found is None:
        raise Http404
    known = external.provider_of(found)
    start = {
        "issuer": known.issuer, "client_id": known.client_id, "claim": known.claim, "factor_values": known.factor_values,
        "roles": "\n".join(f"{value} = {role}" for value, role in external.roles_of(known)),
    } if known else None  # fmt: skip
    form = ProviderForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        external.set_provider(by=request.principal, force=found, **form.cleaned_data)
        return redirect("operator:provider", force)
    back = request.build_absolute_uri(reverse("external_back", args=[force]))
    out = request.build_absolute_uri(reverse("external_logged_out", args=[force]))
    return page(
        request, "provider", 422 if form.is_bound else 200, force=found, form=form, provider=known, back=back, out=out
    )


@allow(Permission.MANAGE_FORCES)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: GuardedRequest, force: str) -> HttpResponse:
    """Bring a force on; its coordinator's first password is shown once, in the answer."""
    found = actions.force(force)
    if found is None:
        raise Http404
    form = FirstCoordinatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begun = actions.begin(by=request.principal, force=found, **form.cleaned_data)
        if begun.password:
            return page(request, "begun", force=found, email=form.cleaned_data["email"], password=begun.password)
        form.add_error(None, _("This force has a coordinator, or that person has an account, already."))
    return page(request, "begin", 422 if form.is_bound else 200, force=found, form=form)


@allow(Permission.MANAGE_FORCES)
@require_safe
def lines(request: GuardedRequest) -> HttpResponse:
    """The national lines of the support directory: overdue ones first, for nobody else looks at them."""
    return page(request, "lines", lines=national_lines(request.principal), today=timezone.localdate())


@allow(Permission.MANAGE_FORCES)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: GuardedRequest, line: UUID | None = None) -> HttpResponse:
    """One of them, or a new one."""
    found = national_line(request.principal, line) if line else None
    form = NationalLineForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        save_national_line(by=request.principal, line=form.save(commit=False))
        return redirect("operator:lines")
    return page(request, "line", 422 if form.is_bound else 200, form=form, line=found)
