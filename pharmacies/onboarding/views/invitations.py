"""Inviting people: to a pharmacy, to all of an owner's, to the force itself."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.accounts.standing import asks_again
from pharmacies import policies
from pharmacies.enums import InvitationKind
from pharmacies.models import Invitation

from ..actions import invitations as actions
from ..forms.people import InvitationForm
from ..page import page

AT_PHARMACY = [InvitationKind.STAFF, InvitationKind.ADMINISTRATOR]
OF_FORCE = [
    InvitationKind.OFFICER, InvitationKind.SUPERVISOR, InvitationKind.DATA_PROTECTION, InvitationKind.COORDINATOR,
    InvitationKind.AUDITOR,
]  # fmt: skip


def base_url(request: GuardedRequest) -> str:
    """The address that links in mails begin with."""
    return request.build_absolute_uri("/").rstrip("/")


def _back(invitation: Invitation) -> str:
    if invitation.pharmacy_id:
        return reverse("onboarding:pharmacy", args=[invitation.pharmacy_id])
    if invitation.organisation:
        return reverse("onboarding:chain", args=[invitation.organisation.ods_code])
    return reverse("onboarding:guards")


def _invited(request: GuardedRequest, made: actions.Made) -> HttpResponse:
    """The answer to an invitation: the mail is on its way, or the link and the code, once."""
    return page(request, "invited", made=made, base=base_url(request), back=_back(made.invitation))


@allow(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def to_pharmacy(request: GuardedRequest, pharmacy: UUID) -> HttpResponse:
    """Invite somebody to a pharmacy; its administrator invites staff, a coordinator its administrator as well."""
    by = request.principal
    found, force = policies.placed_site(by, pharmacy)
    kinds = AT_PHARMACY if by.may(Permission.BRING_ON_BOARD) else AT_PHARMACY[:1]
    form = InvitationForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = actions.invite(
            by=by, kind=InvitationKind(said["kind"]), name=said["name"], email=said["email"],
            base_url=base_url(request), force=force, pharmacy=found,
        )  # fmt: skip
        return _invited(request, made)
    place = f"{found.name}, {found.postcode}"
    return page(request, "invite", 422 if form.is_bound else 200, place=place, form=form)


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def to_owner(request: GuardedRequest, owner: str) -> HttpResponse:
    """Invite somebody to look after all pharmacies of an owner."""
    by, found = request.principal, policies.organisation(request.principal, owner)
    form = InvitationForm(request.POST or None, kinds=AT_PHARMACY[1:])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = actions.invite(
            by=by, kind=InvitationKind.ADMINISTRATOR, name=said["name"], email=said["email"],
            base_url=base_url(request), force=by.force_id, organisation=found,
        )  # fmt: skip
        return _invited(request, made)
    return page(request, "invite", 422 if form.is_bound else 200, place=found, form=form)


@allow(Permission.GUARD_PEOPLE)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def to_force(request: GuardedRequest) -> HttpResponse:
    """Invite an officer, a data protection officer, another coordinator or an auditor; after a fresh code of one's own."""
    by = request.principal
    form = InvitationForm(request.POST or None, kinds=OF_FORCE)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = actions.invite(
            by=by, kind=InvitationKind(said["kind"]), name=said["name"], email=said["email"],
            base_url=base_url(request), force=by.force_id,
        )  # fmt: skip
        return _invited(request, made)
    return page(request, "invite", 422 if form.is_bound else 200, place=policies.force_of(by), form=form)


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def invitation(request: GuardedRequest, invitation: UUID, what: str) -> HttpResponse:
    """Send an invitation again, with a new link; show the link instead, for staff; or withdraw it."""
    found = policies.invitation(request.principal, invitation)
    if what == "withdraw":
        actions.withdraw(by=request.principal, invitation=found)
        return redirect(_back(found))
    made = actions.resend(by=request.principal, invitation=found, base_url=base_url(request), by_hand=what == "by_hand")
    return _invited(request, made)


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def new_pin(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """A link and a code with which a member of staff sets a new PIN themselves; shown once."""
    found = policies.staff_member(request.principal, staff)
    pharmacy, force = policies.placed_site(request.principal, found.pharmacy_id)
    made = actions.invite(
        by=request.principal, kind=InvitationKind.STAFF, name=found.name, email="", base_url=base_url(request),
        force=force, pharmacy=pharmacy, staff=found,
    )  # fmt: skip
    return _invited(request, made)
