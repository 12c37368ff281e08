"""The coordinator's page of guarded things: second factors and conflict officers."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.refusals import Refused
from ani_portal.accounts.external import linked
from ani_portal.accounts.standing import asks_again

from .. import guards, policies
from ..external import actions as external
from ..models import Officer
from .actions.people import end_member
from .page import page


@allow(Permission.GUARD_PEOPLE)
@require_safe
def people(request: GuardedRequest) -> HttpResponse:
    """The force's people with a password."""
    own = request.principal.scope.person
    listed = [(part, member, member.user_id == own) for part, member in guards.people_of(request.principal)]
    provider = external.provider_of(request.principal.force_id)
    invited = policies.force_invitations(request.principal)
    return page(
        request, "guards", people=listed, invitations=invited, provider=provider, roles=external.roles_of(provider),
        shut=guards.shut_of(request.principal) if provider else [], linked=linked(provider.issuer) if provider else set(),
    )  # fmt: skip


@allow(Permission.GUARD_PEOPLE)
@asks_again
@require_POST
def sign_in(request: GuardedRequest) -> HttpResponse:
    """Confirm the force's own sign-in as the operator wrote it down, or turn it off."""
    by = request.principal
    provider = external.provider_of(by.force_id)
    if provider is None:
        raise Http404
    if request.POST.get("what") == "off":
        external.turn_off(by=by, provider=provider)
    elif request.POST.get("seen") != provider.changed_at.isoformat():
        raise Refused("changed", _("It was changed since you looked. Go back and look again."), status=409)
    else:
        external.confirm(by=by, provider=provider)
    return redirect("onboarding:guards")


@allow(Permission.GUARD_PEOPLE)
@asks_again
@require_POST
def reset_factor(request: GuardedRequest, member: UUID) -> HttpResponse:
    """Reset a colleague's second factor; never one's own, and only after a fresh code of one's own."""
    found = guards.one_of(request.principal, member)
    if found.user_id == request.principal.scope.person:
        raise Refused("own second factor", status=409)
    guards.reset_factor(by=request.principal, member=found)
    return redirect("onboarding:guards")


@allow(Permission.GUARD_PEOPLE)
@asks_again
@require_POST
def conflict(request: GuardedRequest, member: UUID) -> HttpResponse:
    """Name an officer for restricted words, or take it back."""
    found = guards.one_of(request.principal, member)
    if not isinstance(found, Officer):
        raise Http404
    guards.name_conflict_officer(by=request.principal, officer=found, named=not found.conflict)
    return redirect("onboarding:guards")


@allow(Permission.GUARD_PEOPLE)
@asks_again
@require_POST
def link(request: GuardedRequest, member: UUID) -> HttpResponse:
    """Let a colleague's account go over to the force's own sign-in, or no longer; never one's own."""
    found = guards.one_of(request.principal, member)
    if found.user_id == request.principal.scope.person:
        raise Refused("own account", _("Your own account is a colleague’s to let over."), status=409)
    guards.let_link(by=request.principal, member=found, may=not found.may_link)
    return redirect("onboarding:guards")


@allow(Permission.GUARD_PEOPLE)
@asks_again
@require_POST
def readmit(request: GuardedRequest, member: UUID) -> HttpResponse:
    """Somebody whose part was ended here may be let in through the force again."""
    guards.readmit(by=request.principal, member_id=member)
    return redirect("onboarding:guards")


@allow(Permission.GUARD_PEOPLE)
@asks_again
@require_POST
def end(request: GuardedRequest, member: UUID) -> HttpResponse:
    """A colleague leaves the force: their part ends with their next request."""
    end_member(by=request.principal, member=guards.one_of(request.principal, member))
    return redirect("onboarding:guards")
