"""Arming the desk's alarm, keeping it armed, pausing the desk."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from pharmacies.models import ForceSettings

from ..enums import Event
from ..models import Watch
from ..watch import settle
from .shared import NotPossible


def arm(*, by: Principal, page: UUID) -> None:
    """This page's alarm is armed from now on: it sounded, and somebody heard it. The same page again is one watch."""
    now = timezone.now()
    with connection.cursor() as cursor:
        # A page that was open before its officer changed would be another's: then nothing is written.
        cursor.execute(
            "insert into requests_watch (id, force_id, officer_id, armed_at, beat_at, touched_at)"
            " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            [page, by.force_id, UUID(by.actor.id), now, now, now],
        )
        made = bool(cursor.rowcount)
    if not made:
        found = _own(by, page).update(beat_at=now, touched_at=now, ended_at=None)
        if not found:
            raise NotPossible(_("Reload this page, then arm the alarm again."))
    current_log().note(Event.ARMED, by=by.actor, force=by.force_id)
    settle(by.force_id)


def beat(*, by: Principal, page: UUID, touched: bool) -> bool:
    """The armed page is live, and was `touched` since its last beat; whether it is armed at all."""
    now = timezone.now()
    fields = {"beat_at": now} | ({"touched_at": now} if touched else {})
    known = bool(_own(by, page).filter(ended_at__isnull=True).update(**fields))
    settle(by.force_id)
    return known


def disarm(*, by: Principal, page: UUID) -> str:
    """The page is closed or its alarm switched off; what `settle` then found."""
    if _own(by, page).filter(ended_at__isnull=True).update(ended_at=timezone.now()):
        current_log().note(Event.DISARMED, by=by.actor, force=by.force_id)
    return settle(by.force_id)


def pause(*, by: Principal, until: datetime | None) -> str:
    """Say that nobody watches until then, or end a pause; what `settle` then found."""
    ForceSettings.objects.filter(force_id=by.force_id).update(desk_paused_until=until)
    current_log().note(Event.PAUSED, by=by.actor, force=by.force_id, until=until.isoformat() if until else "")
    return settle(by.force_id)


def _own(by: Principal, page: UUID) -> "QuerySet[Watch]":
    return Watch.objects.filter(pk=page, force_id=by.force_id, officer_id=UUID(by.actor.id))
