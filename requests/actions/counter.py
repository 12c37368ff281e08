"""What the tablet does to a record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.sealing.seal import new_seal

from ..enums import CONFLICTS, WANTS_POLICE, Connected, Danger, EntryKind, Event, Level, Override, State, Told, Wish
from ..models import CodewordRequest, Entry
from ..policies import may_decide
from ..references import new_reference
from ..release import may_release_words
from .shared import (
    Gone,
    NotPossible,
    call,
    insert_entry,
    insert_once,
    locked,
    locked_open,
    note,
    note_both,
    released,
    save,
    tell,
)

# A mistake can be taken back for this long; then nothing is left of it.
UNDO = timedelta(seconds=10)

# What goes with the alert itself: where, that 999 was rung, who has left. Nothing about the person.
ALERT_KINDS = {
    EntryKind.WHERE,
    EntryKind.RUNG_999,
    EntryKind.LEFT,
    EntryKind.OTHER_BACK,
    EntryKind.MISTAKE,
    EntryKind.RECORDER,
}

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# So many alarms of one tablet within a minute are all kept and all sound; this many or more are flagged to police.
MANY, WITHIN = 5, timedelta(minutes=1)


@dataclass(frozen=True)
class Start:
    """What is particular about a new record: a drill, another place, or a paper form."""

    drill: bool = False
    elsewhere: str = ""  # the postcode that staff gave instead of the pharmacy's
    paper_serial: str = ""
    happened_at: datetime | None = None
    step: str = ""  # the question that comes next


PLAIN = Start()


def start_record(*, by: Principal, key: UUID, danger: Danger, start: Start = PLAIN) -> CodewordRequest:
    """A record for the first answer given at a tablet; the same `key` again is the same record, not a second one."""
    scope, now = by.scope, timezone.now()
    if danger == Danger.YES and start.paper_serial:
        raise NotPossible(_("A paper form is about what happened before. In danger now? Use “Urgent help”."))
    alerted = now if danger == Danger.YES else None
    made: list[CodewordRequest] = []
    while not made:
        record = CodewordRequest(
            id=uuid4(),
            reference=new_reference(),
            force_id=by.force_id,
            origin_force_id=by.force_id,
            pharmacy_id=by.pharmacy_id,
            tablet_id=by.tablet_id,
            recorder_id=scope.staff,
            sitting_id=scope.sitting,
            key=key,
            is_drill=start.drill,
            elsewhere=start.elsewhere,
            paper_serial=start.paper_serial,
            happened_at=start.happened_at,
            started_at=now,
            danger=danger,
            step=start.step,
            alerted_at=alerted,
            state=State.WAITING if alerted else State.DRAFT,
        )
        made = insert_once(record, LETTERS, MANY, now - WITHIN)
        if not made and (known := CodewordRequest.objects.filter(tablet_id=by.tablet_id, key=key).first()):
            return known if known.state == State.CLOSED else answer_danger(by=by, record=known, danger=danger)
        if not made and call("key_is_spent", by.tablet_id, key):
            raise NotPossible(_("That was sent before and its receipt was put away. Start again from the cover."))
    note(Event.ALERTED if alerted else Event.STARTED, record, by, released=alerted is not None, danger=str(danger))
    tell(record)
    return record


def answer_danger(*, by: Principal, record: CodewordRequest, danger: Danger) -> CodewordRequest:
    """Change the first answer. *Yes, now* releases the alert; nothing calls an alert back."""
    record = locked_open(record)
    if danger == Danger.YES and record.alerted_at is None:
        return raise_alert(by=by, record=record)
    if record.alerted_at is None and record.danger != danger:
        record.danger = danger
        record.save(update_fields=["danger"])
        note(Event.WISHED, record, by, danger=str(danger))
    return record


def raise_alert(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Tell police now: release what the alert releases, whatever else was answered. Twice is once."""
    record = locked_open(record)
    if record.alerted_at is not None:
        return record
    if record.paper_serial:
        raise NotPossible(_("A paper form is about what happened before. In danger now? Use “Urgent help”."))
    say = note if record.released_at is None else note_both
    record.danger, record.alerted_at = Danger.YES, timezone.now()
    fields = ["danger", "alerted_at"]
    released(record, fields)
    save(record, fields)
    say(Event.ALERTED, record, by)
    tell(record)
    return record


def _to_decide(by: Principal, record: CodewordRequest) -> CodewordRequest:
    record = locked_open(record)
    if not may_decide(by, record):
        raise NotPossible(_("A name goes with that decision. Cover the tablet and choose your own tile first."))
    return record


def answer_wish(*, by: Principal, record: CodewordRequest, wish: Wish) -> CodewordRequest:
    """What the person would like. A *no* after a release marks it and withholds the words."""
    record = _to_decide(by, record)
    fields = ["wish"]
    if wish in WANTS_POLICE:
        # Words that were agreed to and then withheld need a new agreement, not only a new wish.
        if record.withdrawn_at is not None and record.agreed_at is None:
            record.withdrawn_at = None
            fields.append("withdrawn_at")
    elif record.released_at is not None and record.withdrawn_at is None and wish != Wish.COULD_NOT_ASK:
        record.withdrawn_at = timezone.now()
        fields.append("withdrawn_at")
    if record.wish == wish and fields == ["wish"]:
        return record
    record.wish = wish
    save(record, fields)
    note_both(
        Event.WITHDRAWN if "withdrawn_at" in fields and record.withdrawn_at else Event.WISHED,
        record,
        by,
        wish=str(wish),
    )
    tell(record)
    return record


def agree(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """The person agreed that police are told: from now on police read each answer as it is saved. Twice is once."""
    record = _to_decide(by, record)
    if record.wish not in WANTS_POLICE:
        raise NotPossible(_("Ask first what they would like. Nothing goes to police unless they want police."))
    fields = []
    if record.agreed_at is None:
        record.agreed_at = timezone.now()
        fields.append("agreed_at")
    if record.withdrawn_at is not None:
        record.withdrawn_at = None
        fields.append("withdrawn_at")
    if not fields:
        return record
    known = record.released_at is not None
    released(record, fields)
    save(record, fields)
    (note_both if known else note)(Event.AGREED, record, by, wish=record.wish)
    tell(record)
    return record


def override(*, by: Principal, record: CodewordRequest, reason: Override, told: Told) -> CodewordRequest:
    """Release words without agreement, for a reason from the closed list. Who decided is who is signed in."""
    record = _to_decide(by, record)
    if record.overridden_at is not None:
        return record
    record.overridden_at, record.override_reason, record.override_told = timezone.now(), reason, told
    fields = ["overridden_at", "override_reason", "override_told"]
    released(record, fields)
    save(record, fields)
    note(Event.OVERRIDDEN, record, by, reason=str(reason), told=str(told))
    tell(record)
    return record


def answer_connected(*, by: Principal, record: CodewordRequest, key: UUID, connected: Connected) -> CodewordRequest:
    """Whether the person who harms is close to police or pharmacy. If so, the words are for named officers alone."""
    record = locked(record)
    add_entry(by=by, record=record, key=key, kind=EntryKind.CONNECTED, value={"connected": str(connected)})
    if connected in CONFLICTS and record.restricted_at is None:
        record.restricted_at = timezone.now()
        record.save(update_fields=["restricted_at"])
        note_both(Event.RESTRICTED, record, by)
        tell(record)
    return record


def add_entry(*, by: Principal, record: CodewordRequest, key: UUID, kind: EntryKind, value: Any) -> Entry:
    """Seal `value` as an entry of the record. The same `key` again is the same entry; nothing is ever overwritten."""
    if known := Entry.objects.filter(record=record, key=key).first():
        return known
    if by.scope.tablet is not None:
        # Locked, so that words do not cross a *no* or a closing that arrives at the same moment.
        record = locked_open(record)
        if kind not in ALERT_KINDS and not may_release_words(record):
            raise NotPossible(_("Police are not wanted: no words are asked or kept."))
    entry = Entry(
        id=uuid4(),
        record=record,
        force_id=record.force_id,
        kind=kind,
        level=Level.ALERT if kind in ALERT_KINDS else Level.WORDS,
        key=key,
        staff_id=by.scope.staff,
    )
    if by.actor.kind == "officer":
        entry.officer_id = UUID(by.actor.id)
    entry.sealed = new_seal(record.id, record.origin_force_id).close(value, field=entry.field)
    # A repeat that comes at the same moment waits here and then writes nothing.
    inserted = insert_entry(entry)
    if inserted:
        note(Event.ADDED, record, by, kind=str(kind))
        tell(record)
    return entry


def go_to(*, by: Principal, record: CodewordRequest, step: str) -> None:
    """Remember which question comes next. Where somebody is in the questions is no event of the record."""
    if record.step != step:
        record.step = step
        record.save(update_fields=["step"])


def mistake(*, by: Principal, record: CodewordRequest) -> None:
    """Asked by mistake: before any release only. Undone within ten seconds; then nothing is left."""
    record = locked(record)
    if record.released_at is not None:
        raise NotPossible(_("Police have already been told. Say on the next screen that it was a mistake."))
    record.mistaken_at = timezone.now()
    record.save(update_fields=["mistaken_at"])


def undo_mistake(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Take *asked by mistake* back, while that is possible."""
    record = locked(record)
    if record.mistaken_at is None:
        return record
    if timezone.now() - record.mistaken_at > UNDO:
        forget_mistake(by=by, record=record)
        raise NotPossible(_("That was more than ten seconds ago: nothing was kept. Start again."))
    record.mistaken_at = None
    record.save(update_fields=["mistaken_at"])
    return record


def forget_mistake(*, by: Principal, record: CodewordRequest) -> None:
    """Leave nothing of a mistaken record but one line in the system's log, without its id."""
    if call("forget", record.id):
        current_log().note(Event.MISTAKE, by=by.actor, force=None)


def put_away(*, by: Principal, record: CodewordRequest) -> State:
    """The receipt is finished with: no tablet sees the record again. Unreleased, it is settled and its words destroyed."""
    became = call("put_away", record.id)
    if became is None:
        raise Gone(_("This was finished before."))
    record.state = became
    note(Event.SETTLED if became == State.SETTLED else Event.FINISHED, record, by)
    tell(record)
    return State(became)
