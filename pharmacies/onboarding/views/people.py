"""People: inviting, letting go, training."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies import actions as tablets
from pharmacies import policies
from pharmacies.enums import InvitationKind

from ..actions import people as actions
from ..forms.people import InvitationForm, TrainingForm
from ..page import page, paged


def base_url(request: GuardedRequest) -> str:
    """The address that links in mails begin with."""
    return request.build_absolute_uri("/").rstrip("/")


@allow(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: GuardedRequest, pharmacy: UUID) -> HttpResponse:
    """Invite somebody to a pharmacy; the link is shown once, whether or not the mail left."""
    by, found = request.principal, policies.site(request.principal, pharmacy)
    form = InvitationForm(request.POST or None, administrators=by.may(Permission.BRING_ON_BOARD))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        sent = actions.invite(
            by=by, kind=InvitationKind(said["kind"]), name=said["name"], email=said["email"],
            base_url=base_url(request), force=found.force_id or 0, pharmacy=found,
        )  # fmt: skip
        return page(request, "invited", pharmacy=found, sent=sent, person=said["name"], base=base_url(request))
    return page(request, "invite", 422 if form.is_bound else 200, place=found, pharmacy=found, form=form)


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_lead(request: GuardedRequest, owner: str) -> HttpResponse:
    """Invite somebody to look after all pharmacies of an owner."""
    by = request.principal
    found = policies.organisation(by, owner)
    form = InvitationForm(
        {**request.POST.dict(), "kind": "administrator"} if request.POST else None, administrators=True
    )
    form.fields.pop("kind")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        sent = actions.invite(
            by=by, kind=InvitationKind.ADMINISTRATOR, name=said["name"], email=said["email"],
            base_url=base_url(request), force=by.force_id, organisation=found,
        )  # fmt: skip
        return page(request, "invited", owner=found, sent=sent, person=said["name"], base=base_url(request))
    return page(request, "invite", 422 if form.is_bound else 200, place=found, form=form)


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def invitation(request: GuardedRequest, invitation: UUID, what: str) -> HttpResponse:
    """Send an invitation again, with a new link, or withdraw it."""
    found = policies.invitation(request.principal, invitation)
    if what == "withdraw":
        actions.withdraw(by=request.principal, invitation=found)
        return (
            redirect("onboarding:pharmacy", found.pharmacy_id)
            if found.pharmacy_id
            else redirect("onboarding:pharmacies")
        )
    sent = actions.resend(by=request.principal, invitation=found, base_url=base_url(request))
    more: dict[str, Any] = {"pharmacy": found.pharmacy, "owner": found.organisation}
    return page(request, "invited", **more, sent=sent, person=found.name, base=base_url(request))


@allow(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """One member of staff: their training, and recording more of it."""
    found = policies.staff_member(request.principal, staff)
    form = TrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.record_training(by=request.principal, staff=found, **form.cleaned_data)
        return redirect("onboarding:person", staff)
    records, locks = found.training.all(), tablets.locked_at(staff=found)
    return page(request, "person", 422 if form.is_bound else 200, person=found, records=records, locks=locks, form=form)


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def unlock(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """Take the locks of somebody's PIN off, after too many wrong ones."""
    found = policies.staff_member(request.principal, staff)
    tablets.unlock_pin(by=request.principal, staff=found)
    return redirect("onboarding:person", staff)


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def new_pin(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """A link with which a member of staff sets a new PIN themselves; it is shown once, to be opened beside the manager."""
    found = policies.staff_member(request.principal, staff)
    sent = actions.invite(
        by=request.principal, kind=InvitationKind.STAFF, name=found.name, email="", base_url=base_url(request),
        force=found.pharmacy.force_id or 0, pharmacy=found.pharmacy, staff=found,
    )  # fmt: skip
    return page(request, "invited", pharmacy=found.pharmacy, sent=sent, person=found.name, base=base_url(request))


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def leave(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """A member of staff leaves this pharmacy."""
    found = policies.staff_member(request.principal, staff)
    actions.end_staff(by=request.principal, staff=found)
    return redirect("onboarding:pharmacy", found.pharmacy_id)


@allow(Permission.BRING_ON_BOARD)
@require_POST
def end_administrator(request: GuardedRequest, administrator: UUID) -> HttpResponse:
    """An administrator no longer looks after a pharmacy, or an owner's."""
    actions.end_administrator(
        by=request.principal, administrator=policies.administrator(request.principal, administrator)
    )
    return redirect("onboarding:pharmacies")


@allow(Permission.MANAGE_PEOPLE)
@require_safe
def training(request: GuardedRequest) -> HttpResponse:
    """Who is in date, by pharmacy: those who are not first."""
    today = timezone.localdate()
    people = policies.matrix(request.principal)
    return page(request, "training", people=paged(request, people), today=today, soon=today + timedelta(days=60))
