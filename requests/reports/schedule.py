"""How long closed records are kept, for the force's coordinator to set. Whether there is any record, these pages never say."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies.onboarding.page import page
from requests.retention import lines, policies
from requests.retention.turn import take_turn


@allow(Permission.SET_FORCE)
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: GuardedRequest) -> HttpResponse:
    """The force's schedule; a line set longer at once, or a shorter time asked of the desk."""
    turn = take_turn(request.principal, request.POST or None)
    if turn.done:
        return redirect("force_retention")
    return page(request, "retention", turn.status, **turn.context)


@allow(Permission.SET_FORCE)
@require_POST
def take_back(request: GuardedRequest, proposal: UUID) -> HttpResponse:
    """Ask for a shorter time no more."""
    by = request.principal
    lines.decline(by=by, proposal=policies.proposal(by, proposal, own=True))
    return redirect("force_retention")
