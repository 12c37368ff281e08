"""Order of attention, and the clocks. Computed on reading, so that no stopped job can hide an overdue record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from pharmacies.models import ForceSettings

from .enums import State
from .models import OPEN_STATES, CodewordRequest


def queue(records: "QuerySet[CodewordRequest]") -> "QuerySet[CodewordRequest]":
    """What is open, most urgent first and within that longest waiting first."""
    return records.filter(state__in=OPEN_STATES, released_at__isnull=False).order_by("attention", "released_at", "id")


def alarming(settings: ForceSettings, now: datetime) -> Q:
    """Which records of a queue must be heard: unread ones, lapsed claims, and what was read and for too long nobody has.

    A claim that lapsed or was given up leaves its time in `acted_at`: such a record is heard until somebody claims it,
    however lately it was first read.
    The same as triage/rows.py says of one record: asked of the database, so that the count is right past the page's end.
    """
    unheld, held = now - settings.claim_limit, now - max(settings.hold_limit, settings.claim_limit)
    idle = Q(acted_at__isnull=True) | Q(acted_at__lte=F("claimed_at"))
    return (
        Q(state=State.WAITING)
        | Q(state=State.READ) & (Q(read_at__lt=unheld) | Q(acted_at__isnull=False))
        | Q(state=State.CLAIMED)
        & (idle & Q(claimed_at__lt=unheld) | Q(acted_at__gt=F("claimed_at"), acted_at__lt=held))
    )


@dataclass(frozen=True)
class Clock:
    """How long a record has waited, and whether that is too long."""

    waited: timedelta
    overdue: bool


def clock(record: CodewordRequest, settings: ForceSettings, now: datetime) -> Clock:
    """The record's clock at `now`: since its release, never paused; overdue while nobody has read it in time,
    or while nobody acts on it."""
    since = record.released_at or record.started_at
    waited = max(now - since, timedelta(0))
    late = record.state == State.WAITING and waited > settings.unread_limit
    return Clock(waited, late or claim_lapsed(record, settings, now))


def claim_ends(record: CodewordRequest, settings: ForceSettings) -> datetime | None:
    """When the claim lapses: soon if nothing was done since it was made, later after the holder's last action."""
    if record.state != State.CLAIMED or record.claimed_at is None:
        return None
    if record.acted_at is None or record.acted_at <= record.claimed_at:
        return record.claimed_at + settings.claim_limit
    return record.acted_at + max(settings.hold_limit, settings.claim_limit)


def claim_lapsed(record: CodewordRequest, settings: ForceSettings, now: datetime) -> bool:
    """Whether a claim has had no action for longer than the force allows, whether or not a job has noticed yet."""
    ends = claim_ends(record, settings)
    return ends is not None and now > ends
