"""Is anybody watching the queue? Armed, live, and touched within the force's limit.

Asked on every reading, in the database (sql/watch.sql), so that no stopped job can make a dead desk look alive. The
desk's hours say when it should be watched, never that it is.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connections
from django.utils import timezone

from ani_portal.access.roles import current_alias
from pharmacies.models import ForceSettings

from .models import DeskState


def is_watched(force_id: int) -> bool:
    """Whether somebody watches the queue of `force_id` now. In a tablet's or a desk's scope: of their own force only.

    Anything else than a clear yes is no: a tablet must never promise a reader that is not there.
    """
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select ani.is_watched(%s)", [force_id])
        (answer,) = cursor.fetchone() or (None,)
    return answer is True


def settle(force_id: int) -> str:
    """Notice whether that changed since it was last settled: "same", "watched" or "unwatched"; tells the tablets."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("select ani.settle_watch(%s)", [force_id])
        (answer,) = cursor.fetchone() or ("same",)
    return str(answer)


def should_be_watched(settings: ForceSettings, now: datetime) -> bool:
    """Whether the desk's hours say that somebody watches at `now`, and no pause does not."""
    if settings.desk_paused_until is not None and settings.desk_paused_until > now:
        return False
    if settings.desk_opens is None or settings.desk_closes is None:
        return True
    time = timezone.localtime(now).time()
    if settings.desk_opens <= settings.desk_closes:
        return settings.desk_opens <= time < settings.desk_closes
    return time >= settings.desk_opens or time < settings.desk_closes


@dataclass(frozen=True)
class Desk:
    """What a page of the desk says about its own queue."""

    watched: bool
    unwatched_since: datetime | None
    should_be: bool
    paused_until: datetime | None


def desk(force_id: int, settings: ForceSettings, now: datetime) -> Desk:
    """How the queue of one's own force is watched now."""
    watched = is_watched(force_id)
    state = DeskState.objects.filter(force_id=force_id, watched=False).first()
    paused = settings.desk_paused_until
    return Desk(
        watched,
        state.since if state and not watched else None,
        should_be_watched(settings, now),
        paused if paused is not None and paused > now else None,
    )
