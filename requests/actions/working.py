"""What the holder does: check, grade, number, send, refer, note."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from pharmacies.models import ResponseGrade

from ..enums import EntryKind, Event, MadeSure, State, StepKind
from ..models import Assessment, CodewordRequest, PoliceStep
from .counter import add_entry
from .shared import NotPossible, acted, held, locked, note, tell


@dataclass(frozen=True)
class Number:
    """A number given elsewhere; one of an incident belongs to a day."""

    kind: StepKind
    number: str
    day: date | None = None


def add_note(*, by: Principal, record: CodewordRequest, text: str, key: UUID) -> None:
    """An officer's note, apart from what the person said. Also from a colleague who does not hold the record."""
    record = locked(record)
    add_entry(by=by, record=record, key=key, kind=EntryKind.NOTE, value={"text": text})
    if record.state == State.CLAIMED and str(record.claimed_by_id) == by.actor.id:
        acted(record)


def assess(
    *, by: Principal, record: CodewordRequest, grade: ResponseGrade, rationale: dict[str, str], systems_checked: bool
) -> Assessment:
    """Grade it: a person's judgement with its reason, after the force's systems were checked. Earlier grades stay."""
    record = held(by, record)
    if not systems_checked:
        raise NotPossible(_("Check the force's systems first."))
    entry = add_entry(by=by, record=record, key=uuid4(), kind=EntryKind.RATIONALE, value=rationale)
    made = Assessment.objects.create(
        record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), grade=grade, grade_name=str(grade),
        target=grade.target, rationale=entry, systems_checked=True,
    )  # fmt: skip
    note(Event.GRADED, record, by, grade=grade.code)
    acted(record)
    tell(record)
    return made


def take_step(*, by: Principal, record: CodewordRequest, kind: StepKind, code: str = "") -> PoliceStep:
    """Officers sent, a referral made, a channel opened for danger to life."""
    record = held(by, record)
    if kind == StepKind.OFFICERS_SENT and record.officers_sent_at is None:
        record.officers_sent_at = timezone.now()
        record.save(update_fields=["officers_sent_at"])
    return _step(by, record, kind, code=code)


def make_sure(*, by: Principal, record: CodewordRequest, how: MadeSure) -> CodewordRequest:
    """Say how police made sure that an alarm was a mistake: both sides see it, and only then can it be closed as one."""
    record = held(by, record)
    record.made_sure_at, record.made_sure_how = timezone.now(), how
    record.save(update_fields=["made_sure_at", "made_sure_how"])
    PoliceStep.objects.create(
        record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), kind=StepKind.MADE_SURE, code=how
    )
    note(Event.MADE_SURE, record, by, how=str(how))
    acted(record)
    tell(record)
    return record


def add_number(*, by: Principal, record: CodewordRequest, number: Number) -> PoliceStep:
    """An incident number with its day, or a crime reference."""
    record = held(by, record)
    return _step(by, record, number.kind, number=number)


def _step(
    by: Principal, record: CodewordRequest, kind: StepKind, *, code: str = "", number: Number | None = None
) -> PoliceStep:
    step = PoliceStep.objects.create(
        record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), kind=kind, code=code,
        number=number.number if number else "", day=number.day if number else None,
    )  # fmt: skip
    note(Event.STEP, record, by, kind=str(kind), code=code)
    acted(record)
    tell(record)
    return step
