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
from ani_portal.accounts.standing import asks_again

from .. import forces as actions
from ..onboarding.actions.force import save_national_line
from ..onboarding.forms.force import NationalLineForm
from ..policies import national_line, national_lines


class FirstCoordinatorForm(forms.Form):
    """Who will bring the force's pharmacies on board."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("Work e-mail"), max_length=254)


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
