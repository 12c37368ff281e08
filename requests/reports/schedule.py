"""How long closed records are kept, for the force's coordinator to see: the desk sets it, and the history says who."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies.onboarding.page import page
from requests.retention.schedule import schedule


@allow(Permission.SET_FORCE)
@require_safe
def retention(request: GuardedRequest) -> HttpResponse:
    """The force's schedule, and which of its lines nobody has set yet."""
    return page(request, "retention", lines=schedule(request.principal.force_id))
