"""Every write to a record. Each runs inside the caller's scoped transaction, with its row of the log; messages leave on commit."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.live.notify import announce, force_topic, tablet_topic
from ani_portal.sealing.seal import new_seal
from pharmacies.models import Officer

from .enums import (
    WANTS_POLICE,
    Danger,
    EntryKind,
    Event,
    Level,
    Outcome,
    Override,
    State,
    Told,
    Wish,
)
from .models import CodewordRequest, Entry, InformationLine
from .references import new_reference
from .states import BY_NAME, CannotMove, check_can_move

# A mistake can be taken back for this long; then nothing is left of it.
UNDO = timedelta(seconds=10)

# What goes with the alert itself: where, that 999 was rung, who has left. Nothing about the person.
ALERT_KINDS = {EntryKind.WHERE, EntryKind.RUNG_999, EntryKind.LEFT, EntryKind.OTHER_BACK, EntryKind.RECORDER}


class NotPossible(Exception):
    """What was asked cannot be done; the text is for the person who asked."""


# The counter ------------------------------------------------------------------------------------------------------


def start_record(*, by: Principal, key: UUID, danger: Danger, drill: bool = False) -> CodewordRequest:
    """A record for the first answer given at a tablet; the same `key` again is the same record, not a second one."""
    scope, now = by.scope, timezone.now()
    alerted = now if danger == Danger.YES else None
    made: list[CodewordRequest] = []
    while not made:
        record = CodewordRequest(
            id=uuid4(),
            reference=new_reference(),
            force_id=by.force_id,
            origin_force_id=by.force_id,
            pharmacy_id=scope.pharmacy,
            tablet_id=scope.tablet,
            recorder_id=scope.staff,
            sitting_id=scope.sitting,
            key=key,
            is_drill=drill,
            started_at=now,
            danger=danger,
            step="",
            alerted_at=alerted,
            state=State.WAITING if alerted else State.DRAFT,
        )
        made = _insert_once(record)
        if not made and (known := CodewordRequest.objects.filter(tablet_id=scope.tablet, key=key).first()):
            return answer_danger(by=by, record=known, danger=danger)
        if not made and _call("key_is_spent", scope.tablet, key):
            raise NotPossible(_("That was sent before and its receipt was put away. Start again from the cover."))
    _note(Event.ALERTED if alerted else Event.STARTED, record, by, released=alerted is not None, danger=str(danger))
    _tell(record)
    return record


def answer_danger(*, by: Principal, record: CodewordRequest, danger: Danger) -> CodewordRequest:
    """Change the first answer. *Yes, now* releases the alert; nothing calls an alert back."""
    record = _locked(record)
    if danger == Danger.YES and record.alerted_at is None:
        return raise_alert(by=by, record=record)
    if record.alerted_at is None and record.danger != danger:
        record.danger = danger
        record.save(update_fields=["danger"])
        _note(Event.WISHED, record, by, danger=str(danger))
    return record


def raise_alert(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Tell police now: release what the alert releases, whatever else was answered. Twice is once."""
    record = _locked(record)
    if record.alerted_at is not None:
        return record
    record.danger, record.alerted_at, record.mistaken_at = Danger.YES, timezone.now(), None
    fields = ["danger", "alerted_at", "mistaken_at"]
    _released(record, fields)
    _save(record, fields)
    _note(Event.ALERTED, record, by)
    _tell(record)
    return record


def answer_wish(*, by: Principal, record: CodewordRequest, wish: Wish) -> CodewordRequest:
    """What the person would like. A *no* after a release marks it and withholds the words."""
    record = _locked(record)
    fields = ["wish"]
    record.wish = wish
    if wish in WANTS_POLICE:
        if record.withdrawn_at is not None:
            record.withdrawn_at = None
            fields.append("withdrawn_at")
    elif record.released_at is not None and record.withdrawn_at is None and wish != Wish.COULD_NOT_ASK:
        record.withdrawn_at = timezone.now()
        fields.append("withdrawn_at")
    _save(record, fields)
    _note(Event.WITHDRAWN if "withdrawn_at" in fields and record.withdrawn_at else Event.WISHED, record, by, wish=str(wish))
    _tell(record)
    return record


def agree(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """The person agreed that police are told: from now on police read each answer as it is saved. Twice is once."""
    record = _locked(record)
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
    _released(record, fields)
    _save(record, fields)
    _note(Event.AGREED, record, by, wish=record.wish)
    _tell(record)
    return record


def override(*, by: Principal, record: CodewordRequest, reason: Override, told: Told) -> CodewordRequest:
    """Release words without agreement, for a reason from the closed list. Who decided is who is signed in."""
    record = _locked(record)
    if record.overridden_at is not None:
        return record
    record.overridden_at, record.override_reason, record.override_told = timezone.now(), reason, told
    fields = ["overridden_at", "override_reason", "override_told"]
    _released(record, fields)
    _save(record, fields)
    _note(Event.OVERRIDDEN, record, by, reason=str(reason), told=str(told))
    _tell(record)
    return record


def add_entry(*, by: Principal, record: CodewordRequest, key: UUID, kind: EntryKind, value: Any) -> Entry:
    """Seal `value` as an entry of the record. The same `key` again is the same entry; nothing is ever overwritten."""
    if known := Entry.objects.filter(record=record, key=key).first():
        return known
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
    inserted = _insert_entry(entry)
    if inserted:
        _note(Event.ADDED, record, by, kind=str(kind))
        _tell(record)
    return entry


def go_to(*, by: Principal, record: CodewordRequest, step: str) -> None:
    """Remember which question comes next. Where somebody is in the questions is no event of the record."""
    if record.step != step:
        record.step = step
        record.save(update_fields=["step"])


def mistake(*, by: Principal, record: CodewordRequest) -> None:
    """Asked by mistake: before any release only. Undone within ten seconds; then nothing is left."""
    record = _locked(record)
    if record.released_at is not None:
        raise NotPossible(_("Police have already been told. Say on the next screen that it was a mistake."))
    record.mistaken_at = timezone.now()
    record.save(update_fields=["mistaken_at"])


def undo_mistake(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Take *asked by mistake* back, while that is possible."""
    record = _locked(record)
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
    if _call("forget", record.id):
        current_log().note(Event.MISTAKE, by=by.actor, force=None)


def put_away(*, by: Principal, record: CodewordRequest) -> State:
    """The receipt is finished with: no tablet sees the record again. Unreleased, it is settled and its words destroyed."""
    became = _call("put_away", record.id)
    if became is None:
        raise NotPossible(_("This was finished before."))
    record.state = became
    _note(Event.SETTLED if became == State.SETTLED else Event.FINISHED, record, by)
    _tell(record)
    return State(became)


# The desk ---------------------------------------------------------------------------------------------------------


def read(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """An officer opened it, on purpose: only this makes the tablet say *read by an officer at*. Each opening is logged."""
    record = _locked(record)
    if record.state == State.WAITING:
        record.read_at, record.read_by_id = timezone.now(), UUID(by.actor.id)
        _move("read", record, by, ["read_at", "read_by"])
    else:
        _note(Event.VIEWED, record, by)
    return record


@dataclass(frozen=True)
class Claim:
    """How a claim went: whether it was won, and who holds the record now."""

    won: bool
    holder: str


def claim(*, by: Principal, record: CodewordRequest) -> Claim:
    """Take the record on. One winner, decided by the row's lock; the loser learns who won."""
    record = _locked(record)
    if record.state == State.CLAIMED:
        holder = Officer.objects.get(pk=record.claimed_by_id)
        return Claim(str(holder.pk) == by.actor.id, holder.display_name)
    record.claimed_at, record.claimed_by_id = timezone.now(), UUID(by.actor.id)
    _move("claim", record, by, ["claimed_at", "claimed_by"])
    return Claim(True, by.name)


def unclaim(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Give one's own claim up; the tablet is told that no officer has it now."""
    record = _locked(record)
    _check_own_claim(by, record)
    record.claimed_at = record.claimed_by = None
    _move("unclaim", record, by, ["claimed_at", "claimed_by"])
    return record


def close(*, by: Principal, record: CodewordRequest, outcome: Outcome) -> CodewordRequest:
    """Close one's own claim with an outcome."""
    record = _locked(record)
    _check_own_claim(by, record)
    record.closed_at, record.closed_by_id, record.outcome = timezone.now(), UUID(by.actor.id), outcome
    _move("close", record, by, ["closed_at", "closed_by", "outcome"], outcome=str(outcome))
    return record


def acknowledge_lines(*, by: Principal, lines: list[UUID]) -> int:
    """Mark the force's information lines as seen; how many there were."""
    found = InformationLine.objects.filter(force_id=by.force_id, id__in=lines, acknowledged_at__isnull=True).update(
        acknowledged_at=timezone.now(), acknowledged_by_id=UUID(by.actor.id)
    )
    if found:
        current_log().note(Event.ACKNOWLEDGED, by=by.actor, force=by.force_id, count=found)
        announce(force_topic(by.force_id))
    return found


# Shared -----------------------------------------------------------------------------------------------------------


def _insert_once(record: CodewordRequest) -> list[CodewordRequest]:
    """Insert unless the button's key or the reference is taken; a repeat at the same moment waits for the first."""
    fields = [field for field in CodewordRequest._meta.concrete_fields if not field.generated]
    values = [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into requests_codewordrequest ({columns}) values ({marks}) on conflict do nothing"
            " returning released_at, words_released, attention",
            values,
        )
        if (computed := cursor.fetchone()) is None:
            return []
    record.released_at, record.words_released, record.attention = computed
    record._state.adding = False
    return [record]


def _insert_entry(entry: Entry) -> bool:
    fields = Entry._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"insert into requests_entry ({columns}) values ({marks}) on conflict do nothing", values)
        return bool(cursor.rowcount)


def _call(function: str, *arguments: object) -> Any:
    """The answer of one of the narrow functions of sql/release.sql."""
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"select ani.{function}({marks})", arguments)
        (answer,) = cursor.fetchone() or (None,)
    return answer


def _locked(record: CodewordRequest) -> CodewordRequest:
    return CodewordRequest.objects.select_for_update(of=("self",)).get(pk=record.pk)


def _save(record: CodewordRequest, fields: list[str]) -> None:
    record.save(update_fields=fields)
    # What follows from them is computed by the database.
    record.refresh_from_db(fields=["released_at", "words_released", "attention"])


def _released(record: CodewordRequest, fields: list[str]) -> None:
    if record.state == State.DRAFT:
        record.state = BY_NAME["release"].target
        fields.append("state")


def _move(name: str, record: CodewordRequest, by: Principal, fields: list[str], **detail: str) -> None:
    try:
        move = check_can_move(name, record.state)
    except CannotMove as error:
        raise NotPossible(_refusal(name, State(error.state))) from error
    record.state = move.target
    record.save(update_fields=[*fields, "state"])
    _note(move.event, record, by, **detail)
    _tell(record)


def _refusal(name: str, state: State) -> str:
    if state == State.WAITING:
        return _("Open it first: nobody has read it yet.")
    if state == State.CLOSED:
        return _("It was closed before.")
    if name in ("unclaim", "close"):
        return _("Nobody holds it now. Claim it first.")
    return _("That is not possible now: it is “%(state)s”.") % {"state": state.label}


def _check_own_claim(by: Principal, record: CodewordRequest) -> None:
    if record.state == State.CLAIMED and str(record.claimed_by_id) != by.actor.id:
        holder = Officer.objects.get(pk=record.claimed_by_id)
        raise NotPossible(_("%(holder)s holds it.") % {"holder": holder.display_name})


def _note(
    event: Event, record: CodewordRequest, by: Principal, *, released: bool | None = None, **detail: str | int | bool | None
) -> None:
    # Until it is released the force must not learn of it, not from its log either.
    if released is None:
        released = record.state not in (State.DRAFT, State.SETTLED)
    force = record.force_id if released else None
    current_log().note(event, by=by.actor, force=force, on=("record", record.id), **detail)


def _tell(record: CodewordRequest) -> None:
    topics = [tablet_topic(record.pharmacy_id)]
    if record.state not in (State.DRAFT, State.SETTLED):
        topics.append(force_topic(record.force_id))
    announce(*topics)
