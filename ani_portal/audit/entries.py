"""Reading the log, as an auditor: one's own force's chain, newest first, without content (there is none in it)."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from .models import AuditEntry

PAGE = 100


def entries(chain: int, wanted: dict[str, Any]) -> "QuerySet[AuditEntry]":
    """The rows of `chain` that fit: event (its beginning), who, on what, from and until which day, before which row."""
    found = AuditEntry.objects.filter(chain=chain).order_by("-seq")
    if wanted.get("event"):
        found = found.filter(event__startswith=wanted["event"])
    if wanted.get("who"):
        found = found.filter(actor_id=wanted["who"])
    if wanted.get("what"):
        found = found.filter(object_id=wanted["what"])
    if wanted.get("since"):
        found = found.filter(at__gte=_start(wanted["since"]))
    if wanted.get("until"):
        found = found.filter(at__lte=timezone.make_aware(datetime.combine(wanted["until"], time.max)))
    if wanted.get("before"):
        found = found.filter(seq__lt=wanted["before"])
    return found[:PAGE]


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
