"""Pharmacies: the list, one of them over time, a whole owner at once."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies import policies
from pharmacies.enums import Participation, SiteCheck
from pharmacies.models import Organisation, Pharmacy

from ..actions import sites as actions
from ..forms.basis import basis_of, merged, shown, touched_by_both
from ..forms.sites import NewSiteForm, OwnerForm, SiteForm
from ..page import page, paged


@allow(Permission.ENROL_TABLETS)
@require_safe
def pharmacies(request: GuardedRequest) -> HttpResponse:
    """Those that take part; or, searched for, any that the register knows here."""
    q, show = request.GET.get("q", "").strip()[:60], request.GET.get("show", "")
    found = policies.search_sites(request.principal, q=q, show=show)
    return page(request, "pharmacies", sites=paged(request, found), q=q, show=show, query=f"q={q}&show={show}")


@allow(Permission.ENROL_TABLETS)
@require_safe
def pharmacy(request: GuardedRequest, pharmacy: UUID) -> HttpResponse:
    """One pharmacy: its people, tablets, checklist, and what changed when."""
    by = request.principal
    found = policies.site(by, pharmacy)
    done = {check.item for check in found.checks.all()}
    return page(
        request, "pharmacy", pharmacy=found, version=actions.version_of(found), facts=found.facts.all(),
        checks=[{"item": item, "label": label, "done": item in done} for item, label in SiteCheck.choices],
        staff=policies.staff_of(found), tablets=policies.tablets_of(found), invitations=policies.invitations_of(found),
        administrators=policies.administrators_of(by, found), mine=found.force_id == by.scope.force,
    )  # fmt: skip


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: GuardedRequest, pharmacy: UUID) -> HttpResponse:
    """Rename, move, correct."""
    found = policies.site(request.principal, pharmacy)
    fresh = SiteForm(initial={name: getattr(found, name) for name in actions.EDITABLE})
    start = dict(fresh.initial) | {"version": actions.version_of(found), "basis": basis_of(fresh, actions.EDITABLE)}
    form = SiteForm(request.POST or None, initial=start)
    if request.method != "POST" or not form.is_valid():
        return page(request, "edit", 422 if form.is_bound else 200, pharmacy=found, form=form)
    values = {name: form.cleaned_data[name] for name in actions.EDITABLE}
    new = {name: values[name] if values[name] != getattr(found, name) else None for name in ("ods_code", "gphc_number")}
    if policies.code_is_known(**new):
        form.add_error(None, _("Another pharmacy has this code or premises number."))
        return page(request, "edit", 422, pharmacy=found, form=form)
    if form.cleaned_data["version"] == start["version"]:
        actions.change_details(by=request.principal, pharmacy=found, version=start["version"], values=values)
        return redirect("onboarding:pharmacy", pharmacy)
    # Somebody was quicker: what was typed stands here still; what was not touched follows the other.
    now = shown(fresh, actions.EDITABLE)
    data = merged(request.POST, now)
    data["version"], data["basis"] = start["version"], start["basis"]
    both = [str(fresh[name].label) for name in touched_by_both(request.POST, now)]
    return page(request, "edit", 409, pharmacy=found, form=SiteForm(data), meanwhile=True, both=both)


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: GuardedRequest) -> HttpResponse:
    """A pharmacy that no register here lists."""
    form = NewSiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in actions.EDITABLE}
        if policies.code_is_known(values["ods_code"], values["gphc_number"]):
            form.add_error(None, _("A pharmacy with this code or premises number is here already: search for it."))
        elif made := actions.add_site(by=request.principal, values=values):
            return redirect("onboarding:pharmacy", made.pk)
        else:
            form.add_error("postcode", _("This postcode lies in another force’s area: its coordinator can add it."))
    return page(request, "add", 422 if form.is_bound else 200, form=form)


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def owner(request: GuardedRequest, pharmacy: UUID) -> HttpResponse:
    """A new owner, which ends everybody's earlier access there."""
    found = policies.site(request.principal, pharmacy)
    form = OwnerForm(request.POST or None, initial={"version": actions.version_of(found)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.change_owner(by=request.principal, pharmacy=found, version=said["version"], owner=said["owner"])
        return redirect("onboarding:pharmacy", pharmacy)
    return page(request, "owner", 422 if form.is_bound else 200, pharmacy=found, form=form)


@allow(Permission.BRING_ON_BOARD)
@require_POST
def act(request: GuardedRequest, pharmacy: UUID, what: str) -> HttpResponse:
    """Confirm the force, bring on board, suspend, resume."""
    by, found = request.principal, policies.site(request.principal, pharmacy)
    version = request.POST.get("version", "")
    if what == "confirm":
        actions.confirm_force(by=by, pharmacy=found, version=version)
    elif what == "join":
        actions.bring_on_board(by=by, pharmacies=[found])
    elif what == "suspend":
        actions.suspend(by=by, pharmacy=found, version=version)
    else:
        actions.resume(by=by, pharmacy=found, version=version)
    return redirect("onboarding:pharmacy", pharmacy)


@allow(Permission.ENROL_TABLETS)
@require_POST
def check(request: GuardedRequest, pharmacy: UUID, item: str) -> HttpResponse:
    """An item of the pharmacy's checklist is done, or is not."""
    found = policies.site(request.principal, pharmacy)
    if item not in SiteCheck.values:
        raise Http404
    actions.tick(by=request.principal, pharmacy=found, item=item, done="done" in request.POST)
    return redirect("onboarding:pharmacy", pharmacy)


@allow(Permission.BRING_ON_BOARD)
@require_safe
def owners(request: GuardedRequest) -> HttpResponse:
    """Owners with pharmacies in the force's area, by the register's parent."""
    q = request.GET.get("q", "").strip()[:60]
    return page(
        request, "owners", owners=paged(request, policies.owners_of(request.principal, q=q)), q=q, query=f"q={q}"
    )


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def chain(request: GuardedRequest, owner: str) -> HttpResponse:
    """All pharmacies of one owner in the force's area: choose, and bring them on board at once."""
    by = request.principal
    found = policies.organisation(by, owner)
    sites, invited = policies.sites_of_owner(by, found), policies.owner_invitations(by, found)
    if request.method == "POST":
        chosen = [site for site in sites if str(site.pk) in request.POST.getlist("site")]
        count = actions.bring_on_board(by=by, pharmacies=chosen)
        said = _("%d pharmacies take part now.") % count
        return _chain(request, found, policies.sites_of_owner(by, found), invitations=invited, said=said)
    return _chain(request, found, sites, invitations=invited)


def _chain(request: GuardedRequest, owner: Organisation, sites: "QuerySet[Pharmacy]", **more: Any) -> HttpResponse:
    left = any(site.participation != Participation.ON_BOARD for site in sites)
    return page(request, "chain", owner=owner, sites=sites, left=left, **more)
