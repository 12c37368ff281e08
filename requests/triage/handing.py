"""What stands on a hand-over sheet."""

from dataclasses import dataclass
from datetime import datetime

from ani_portal.access.principals import Principal

from ..attention import queue
from ..enums import EntryKind
from ..models import CodewordRequest, Entry, PoliceStep
from ..policies import released_records
from .history import step_text

MOST = 200


@dataclass(frozen=True)
class Item:
    """One open record: its last action, and whether its holder left a note since they claimed it."""

    record: CodewordRequest
    last: str
    last_at: datetime | None
    noted: bool


def open_records(by: Principal) -> list[Item]:
    """The force's open records in order, each with its last action; three queries whatever their number."""
    records = list(queue(released_records(by)).select_related("pharmacy", "claimed_by", "helps")[:MOST])
    ids = [record.pk for record in records]
    last: dict[object, PoliceStep] = {
        step.record_id: step for step in PoliceStep.objects.filter(record__in=ids).order_by("at")
    }
    notes: dict[object, Entry] = {
        entry.record_id: entry
        for entry in Entry.objects.filter(record__in=ids, kind=EntryKind.HAND_OVER).defer("sealed").order_by("at")
    }
    items = []
    for record in records:
        step, note = last.get(record.pk), notes.get(record.pk)
        noted = note is not None and record.claimed_at is not None and note.at >= record.claimed_at
        items.append(Item(record, step_text(step) if step else "", step.at if step else None, noted))
    return items
