"""What every page of the desk needs."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ani_portal.access.decorators import GuardedRequest
from ani_portal.access.permissions import Permission
from pharmacies.models import ForceSettings

from ...policies import force_of, notices_of
from ...watch import desk


def told(request: GuardedRequest, settings: ForceSettings | None = None, now: datetime | None = None) -> dict[str, Any]:
    """What stands on top of every page of the desk: whether anybody watches, and what this officer is told."""
    by = request.principal
    settings = settings or force_of(by).settings
    return {"desk": desk(by.force_id, settings, now or timezone.now()), "notices": notices_of(by)}


def page(request: GuardedRequest, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """A page of the desk, with what all of them need."""
    by, now = request.principal, timezone.now()
    force = force_of(by)
    context = {
        **told(request, force.settings, now),
        "force_name": force.short_name,
        "signed_in_name": by.name,
        # Who may hold records is led past the hand-over on the way out.
        "sign_out_url": reverse("triage:sign_out" if by.may(Permission.WORK_RECORD) else "account_logout"),
        "arm_url": reverse("triage:arm"),
        "now": now,
        "may_find": by.may(Permission.FIND_RECORD),
        "may_see_retention": by.may(Permission.SEE_RETENTION),
        "may_see_queue": by.may(Permission.SEE_QUEUE),
        "may_work": by.may(Permission.WORK_RECORD),
        "supervises": by.may(Permission.SUPERVISE),
        **more,
    }
    return render(request, f"triage/{name}.html", context, status=status)
