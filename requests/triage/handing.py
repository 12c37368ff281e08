"""What stands on a hand-over sheet."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import seals_of

from ..attention import queue
from ..enums import EntryKind, Event
from ..models import CodewordRequest, Entry, PoliceStep
from ..policies import released_records
from .history import step_text

MOST = 200


@dataclass(frozen=True)
class Note:
    """What was written for the next shift, by whom and when; `text` is empty where this officer may not read it."""

    who: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Item:
    """One open record: its last action, and what was written about it for the next shift, the newest last."""

    record: CodewordRequest
    last: str
    last_at: datetime | None
    notes: list[Note]


def open_records(by: Principal) -> list[Item]:
    """The force's open records in order, each with its last action and its notes; four queries whatever their number."""
    records = list(queue(released_records(by)).select_related("pharmacy", "recorder", "claimed_by", "helps")[:MOST])
    ids = [record.pk for record in records]
    last: dict[object, PoliceStep] = {
        step.record_id: step for step in PoliceStep.objects.filter(record__in=ids).order_by("at")
    }
    notes = _notes(ids)
    items = []
    for record in records:
        at, said = _last_action(record, last.get(record.pk))
        items.append(Item(record, said, at, notes.get(record.pk, [])))
    return items


def notes_opened(by: Principal) -> Iterator[tuple[str, str, object]]:
    """What the sheet opens, for the log: each record whose notes stand on it. Words are never read without a row of their own."""
    records = queue(released_records(by)).values_list("pk", flat=True)[:MOST]
    noted = Entry.objects.filter(record__in=list(records), kind=EntryKind.HAND_OVER)
    for one in noted.order_by("record").values_list("record_id", flat=True).distinct():
        yield Event.NOTES_READ, "record", one


def _last_action(record: CodewordRequest, step: PoliceStep | None) -> tuple[datetime | None, str]:
    done = [(record.read_at, _("Read")), (record.claimed_at, _("Claimed"))]
    if step is not None:
        done.append((step.at, step_text(step)))
    return max(((at, said) for at, said in done if at is not None), key=lambda one: one[0], default=(None, ""))


def _notes(ids: list[UUID]) -> dict[UUID, list[Note]]:
    entries = list(
        Entry.objects.filter(record__in=ids, kind=EntryKind.HAND_OVER).select_related("officer").order_by("at")
    )
    seals = seals_of({entry.record_id for entry in entries})
    found: dict[UUID, list[Note]] = defaultdict(list)
    for entry in entries:
        who = entry.officer.display_name if entry.officer else _("an officer of another force")
        try:
            text = str(seals[entry.record_id].open(bytes(entry.sealed), field=entry.field)["text"])
        except (KeyError, SealBroken):
            text = _("This can no longer be read.")
        found[entry.record_id].append(Note(who, entry.at, text))
    return found
