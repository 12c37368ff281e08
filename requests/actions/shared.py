"""What every write to a record does: lock, look, change, log, tell."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.backend import prepared_cursor
from ani_portal.access.principals import Principal
from ani_portal.access.refusals import Refused
from ani_portal.access.scope import current_log
from ani_portal.live.notify import announce, force_topic, tablet_topic
from pharmacies.models import Officer

from ..enums import Event, State
from ..models import CodewordRequest, Entry
from ..states import BY_NAME, CannotMove, check_can_move


class NotPossible(Refused):
    """What was asked cannot be done; the text is for the person who asked. Nobody's page catching it, it is a 409."""

    def __init__(self, message: str) -> None:
        super().__init__("not possible", message, status=409)

    def __str__(self) -> str:
        return self.message


class Gone(NotPossible):
    """What was asked about has left this person's sight since the page was made."""


# The first letter that no open record of the pharmacy bears; past the last one, two may share it.
_LETTER = """coalesce(
    (select free from unnest(%s::text[]) with ordinality letters(free, place)
     where not exists (select from requests_codewordrequest r
                       where r.pharmacy_id = %s and r.finished_at is null and r.letter = free)
     order by place limit 1), %s)"""
# Whether it is one of many alarms within the time before it.
_ONE_OF_MANY = """%s and (select count(*) from requests_codewordrequest r
    where r.pharmacy_id = %s and r.finished_at is null and r.alerted_at > %s) >= %s"""


def insert_once(record: CodewordRequest, letters: str, many: int, since: datetime) -> list[CodewordRequest]:
    """Insert unless the button's key or the reference is taken; a repeat at the same moment waits for the first.

    The database chooses the letter, one of `letters`, and whether it is one of `many` alarms or more `since` then:
    between a tap and the police queue no question is asked that the insert can answer itself.
    """
    computed: dict[str, tuple[str, list[Any]]] = {
        "letter": (_LETTER, [list(letters), record.pharmacy_id, letters[-1]]),
        "one_of_many": (_ONE_OF_MANY, [record.alerted_at is not None, record.pharmacy_id, since, many - 1]),
    }
    columns, marks, values = [], [], []
    for field in CodewordRequest._meta.concrete_fields:
        if field.generated:
            continue
        mark, of = computed.get(str(field.column)) or _given(getattr(record, field.attname), field)
        columns.append(f'"{field.column}"')
        marks.append(mark)
        values += of
    # Planning this statement costs as much as running it: it is planned once for each connection.
    with prepared_cursor() as cursor:
        cursor.execute(
            f"insert into requests_codewordrequest ({', '.join(columns)}) values ({', '.join(marks)})"
            " on conflict do nothing returning letter, one_of_many, released_at, words_released, attention",
            values,
        )
        if (row := cursor.fetchone()) is None:
            return []
    record.letter, record.one_of_many, record.released_at, record.words_released, record.attention = row
    record._state.adding = False
    return [record]


def _given(value: Any, field: "Field[Any, Any]") -> tuple[str, list[Any]]:
    """How a column's value stands in the statement: what most columns of a new record have is no parameter."""
    if value is None:
        return "null", []
    if value is True or value is False:
        return ("true" if value else "false"), []
    if value == "":
        return "''", []
    return "%s", [field.get_db_prep_save(value, connection)]


def insert_entry(entry: Entry) -> bool:
    """Insert unless its screen's key is taken; whether it was inserted. A repeat at the same moment waits for the first."""
    fields = Entry._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"insert into requests_entry ({columns}) values ({marks}) on conflict do nothing", values)
        return bool(cursor.rowcount)


def call(function: str, *arguments: Any) -> Any:
    """The answer of one of the narrow functions of sql/release.sql."""
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"select ani.{function}({marks})", list(arguments))
        (answer,) = cursor.fetchone() or (None,)
    return answer


def locked(record: CodewordRequest) -> CodewordRequest:
    """The record as it is now, its row locked until this transaction ends; Gone if it left this scope meanwhile."""
    found = CodewordRequest.objects.select_for_update(of=("self",), no_key=True).filter(pk=record.pk).first()
    if found is None:
        raise Gone(_("This was finished before."))
    return found


def locked_open(record: CodewordRequest) -> CodewordRequest:
    """The same for the tablet: what police have closed is no longer read, so nothing may seem to be added to it."""
    found = locked(record)
    if found.state == State.SETTLED:
        raise Gone(_("This was finished before."))
    if found.state == State.CLOSED:
        raise NotPossible(_("Police have finished with this. If there is more, start again; in danger now, ring 999."))
    return found


def held(by: Principal, record: CodewordRequest) -> CodewordRequest:
    """The record, locked, if this officer holds it; NotPossible otherwise."""
    record = locked(record)
    check_own_claim(by, record)
    if record.state != State.CLAIMED:
        raise NotPossible(refusal("close", State(record.state)))
    return record


def acted(record: CodewordRequest) -> None:
    """The holder did something: the claim does not lapse yet."""
    record.acted_at = timezone.now()
    record.save(update_fields=["acted_at"])


def save(record: CodewordRequest, fields: list[str]) -> None:
    """Save what changed, and read back what the database computes from it."""
    record.save(update_fields=fields)
    # What follows from them is computed by the database.
    record.refresh_from_db(fields=["released_at", "words_released", "attention"])


def released(record: CodewordRequest, fields: list[str]) -> None:
    """Put a record that is now released into the queue's first state. A release ends *asked by mistake*."""
    if record.state == State.DRAFT:
        record.state = BY_NAME["release"].target
        fields.append("state")
    if record.mistaken_at is not None:
        record.mistaken_at = None
        fields.append("mistaken_at")


def move(name: str, record: CodewordRequest, by: Principal, fields: list[str], **detail: Any) -> None:
    """Move a locked record as the table of states allows, log it and tell everybody; NotPossible otherwise."""
    try:
        move = check_can_move(name, record.state)
    except CannotMove as error:
        raise NotPossible(refusal(name, State(error.state))) from error
    record.state = move.target
    record.save(update_fields=[*fields, "state"])
    note(move.event, record, by, **detail)
    tell(record)


def refusal(name: str, state: State) -> str:
    """Why a move is not possible, for the officer who tried."""
    if state == State.WAITING:
        return _("Open it first: nobody has read it yet.")
    if state == State.CLOSED:
        return _("It was closed before.")
    if name in ("unclaim", "close"):
        return _("Nobody holds it now. Claim it first.")
    return _("That is not possible now: it is “%(state)s”.") % {"state": state.label}


def holder_of(record: CodewordRequest) -> Officer:
    """The officer who holds a claimed record."""
    if record.claimed_by_id is None:
        raise ValueError("nobody holds this record")
    return Officer.objects.get(pk=record.claimed_by_id)


def check_own_claim(by: Principal, record: CodewordRequest) -> None:
    """NotPossible if a colleague holds the record."""
    if record.state == State.CLAIMED and str(record.claimed_by_id) != by.actor.id:
        holder = holder_of(record)
        raise NotPossible(_("%(holder)s holds it.") % {"holder": holder.display_name})


def check_still_there(record: CodewordRequest) -> None:
    """NotPossible if the receipt was put away: no tablet would show what is sent."""
    if record.finished_at is not None:
        raise NotPossible(_("The pharmacy has put the receipt away: nobody there would see it. Ring the pharmacy."))


def note(
    event: Event,
    record: CodewordRequest,
    by: Principal,
    *,
    released: bool | None = None,
    **detail: Any,
) -> None:
    """Log what happened to a record, in its force's chain once the force may know of it."""
    # Until it is released the force must not learn of it, not from its log either.
    if released is None:
        released = record.state not in (State.DRAFT, State.SETTLED)
    if released:
        current_log().note(event, by=by.actor, force=record.force_id, on=("record", record.id), **detail)
    else:
        # The log is for ever, the choices of somebody who did not want police are not: who and when, never what.
        current_log().note(event, by=by.actor, force=None, on=("record", record.id))


def note_both(
    event: Event, record: CodewordRequest, by: Principal, *, entry: UUID | None = None, **detail: Any
) -> None:
    """The same for what follows to the forces that were asked for help: it stands in the log of each, on its own record.

    With an `entry` only where a copy of it is. The tablet's alone: nobody else says what follows.
    """
    note(event, record, by, **detail)
    if record.released_at is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("select record, force from ani.helped(%s, %s)", [record.pk, entry])
        for helped, force in cursor.fetchall():
            current_log().note(event, by=by.actor, force=force, on=("record", helped), followed=True, **detail)


def note_found(*, by: Principal, records: Iterable[UUID]) -> None:
    """A search led to just these records of one's own force: each says so."""
    for record in records:
        current_log().note(Event.FOUND, by=by.actor, force=by.force_id, on=("record", record))


def tell(record: CodewordRequest) -> None:
    """Wake the pharmacy's tablets and the force's desks, once it is released.

    Before that nobody: every tablet of the pharmacy listens, and a colleague there must not learn that a record is
    being made. Whoever makes it has it on the screen.
    """
    if record.state not in (State.DRAFT, State.SETTLED):
        announce(tablet_topic(record.pharmacy_id), force_topic(record.force_id))
