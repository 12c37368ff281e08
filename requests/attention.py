"""Order of attention, and the clocks. Computed on reading, so that no stopped job can hide an overdue record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from pharmacies.models import ForceSettings

from .enums import State
from .models import OPEN_STATES, CodewordRequest


def queue(records: "QuerySet[CodewordRequest]") -> "QuerySet[CodewordRequest]":
    """What is open, most urgent first and within that longest waiting first."""
    return records.filter(state__in=OPEN_STATES, released_at__isnull=False).order_by("attention", "released_at", "id")


@dataclass(frozen=True)
class Clock:
    """How long a record has waited, and whether that is too long."""

    waited: timedelta
    overdue: bool


def clock(record: CodewordRequest, settings: ForceSettings, now: datetime) -> Clock:
    """The record's clock at `now`: since its release, never paused; overdue while nobody has read it in time."""
    since = record.released_at or record.started_at
    waited = max(now - since, timedelta(0))
    return Clock(waited, record.state == State.WAITING and waited > settings.unread_limit)


def claim_lapsed(record: CodewordRequest, settings: ForceSettings, now: datetime) -> bool:
    """Whether a claim has had no action for longer than the force allows."""
    return record.claimed_at is not None and now - record.claimed_at > settings.claim_limit
