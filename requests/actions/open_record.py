"""What the tablet adds while a record is open: one tap each, on the same record, seen by police at once."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import new_seal, seal_of

from ..enums import EntryKind, Event, Left, Rung
from ..models import CodewordRequest, Draft, Entry
from .counter import add_entry
from .shared import NotPossible, locked, note_both, tell

DRAFT_FIELD = "draft|{step}"


def say_left(*, by: Principal, record: CodewordRequest, key: UUID, left: Left) -> CodewordRequest:
    """The person has left: alone, with the other person, or not known. The last word counts, each is kept."""
    record = locked(record)
    if _is_new(record, key):
        add_entry(by=by, record=record, key=key, kind=EntryKind.LEFT, value={"left": str(left)})
        record.left_how, record.left_at = left, timezone.now()
        record.save(update_fields=["left_how", "left_at"])
    return record


def say_other_back(*, by: Principal, record: CodewordRequest, key: UUID) -> CodewordRequest:
    """The other person is back."""
    record = locked(record)
    if _is_new(record, key):
        add_entry(by=by, record=record, key=key, kind=EntryKind.OTHER_BACK, value={})
        record.other_back_at = timezone.now()
        record.save(update_fields=["other_back_at"])
    return record


def say_rung(
    *, by: Principal, record: CodewordRequest, key: UUID, rung: Rung, when: str = "", reference: str = ""
) -> CodewordRequest:
    """Whether 999 was rung and by whom; when (HH:MM) and their reference, if known."""
    record = locked(record)
    if _is_new(record, key):
        value = {"rung": str(rung), "when": when, "reference": reference}
        add_entry(by=by, record=record, key=key, kind=EntryKind.RUNG_999, value=value)
        record.rung = rung
        record.save(update_fields=["rung"])
    return record


def report_mistake(*, by: Principal, record: CodewordRequest, key: UUID) -> CodewordRequest:
    """Report an alarm as a mistake. It stays and goes on sounding: only an officer who reached the pharmacy ends it."""
    record = locked(record)
    if record.alerted_at is None:
        raise NotPossible(_("Police were not told of danger, so there is no alarm to report."))
    if record.reported_mistake_at is None:
        add_entry(by=by, record=record, key=key, kind=EntryKind.MISTAKE, value={})
        record.reported_mistake_at = timezone.now()
        record.save(update_fields=["reported_mistake_at"])
        note_both(Event.REPORTED_MISTAKE, record, by)
        tell(record)
    return record


def _is_new(record: CodewordRequest, key: UUID) -> bool:
    """Whether this button has not done its work yet. Somebody without a PIN does not see entries: add_entry decides."""
    return not Entry.objects.filter(record=record, key=key).exists()


def keep_draft(*, by: Principal, record: CodewordRequest, step: str, boxes: dict[str, Any]) -> bool:
    """Keep what was typed and not saved, sealed, for the same person; False for somebody without a PIN."""
    if by.scope.staff is None:
        return False
    sealed = new_seal(record.id, record.origin_force_id).close(boxes, field=DRAFT_FIELD.format(step=step))
    Draft.objects.update_or_create(
        record=record,
        defaults={"step": step, "sealed": sealed, "at": timezone.now()},
        create_defaults={"staff_id": by.scope.staff, "step": step, "sealed": sealed},
    )
    return True


def draft_of(*, by: Principal, record: CodewordRequest, step: str) -> dict[str, Any]:
    """What this person typed on that screen and did not save; nothing for anybody else."""
    draft = Draft.objects.filter(record=record, step=step).first()
    if draft is None or not draft.sealed:
        return {}
    try:
        found: dict[str, Any] = seal_of(record.id).open(bytes(draft.sealed), field=DRAFT_FIELD.format(step=step))
    except SealBroken:
        return {}
    return found


def drop_draft(*, by: Principal, record: CodewordRequest) -> None:
    """The screen was saved: nothing unsaved is left of it."""
    Draft.objects.filter(record=record).update(sealed=b"", step="")
