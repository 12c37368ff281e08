"""In which of their parts somebody acts: an officer of two forces, a coordinator who also looks after a pharmacy."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.scope import current_log
from ani_portal.access.surfaces import door_of_host
from pharmacies.policies.own import parts_of
from pharmacies.principals import chosen_key

PLACES = {"triage": "triage:queue", "onboarding": "onboarding:pharmacies", "audit": "audit:log"}


@allow(Permission.OWN_ACCOUNT)
@require_safe
def parts(request: GuardedRequest) -> HttpResponse:
    """One's own parts at the doors that this host serves."""
    here = door_of_host(request.get_host())
    found = [part for part in parts_of(request.principal) if here in (None, part["door"])]
    for part in found:
        part["chosen"] = request.session.get(chosen_key(part["door"])) == str(part["member"])
    context = {"parts": found, "signed_in_name": request.principal.name, "sign_out_url": reverse("account_logout")}
    return render(request, "account/parts.html", context)


@allow(Permission.OWN_ACCOUNT)
@require_POST
def choose(request: GuardedRequest, part: UUID) -> HttpResponse:
    """Act in this part from now on, in this session."""
    found = next((one for one in parts_of(request.principal) if one["member"] == part), None)
    if found is None:
        raise Http404
    request.session[chosen_key(found["door"])] = str(part)
    current_log().note("part.chosen", by=request.principal.actor, force=None, on=(found["part"], part))
    return redirect(PLACES[found["door"]])
