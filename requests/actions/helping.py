"""Asking another force for help by a record of its own there, with only what was chosen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.sealing.seal import seal_elsewhere, seal_of

from ..enums import Event, OfferReason, State
from ..models import CodewordRequest, Entry, HelpAsked
from ..references import new_reference
from .shared import NotPossible, acted, call, held

_WHY_NOT = {
    "gone": gettext_lazy("It is not here any more."),
    "not held": gettext_lazy("Claim it first."),
    "force": gettext_lazy("That force does not use the desk."),
    "entries": gettext_lazy("Something that you chose may not be sent, or was taken back. Choose again."),
}


def ask_help(
    *, by: Principal, record: CodewordRequest, to_force: int, reason: OfferReason, chosen: list[UUID], key: UUID
) -> None:
    """Ask another force for help with a record that one holds: what was `chosen` of its entries is sealed anew for a record
    of that force, with a clock of its own. The tablet and this record stay here. The same `key` again is the same asking."""
    record = held(by, record)
    sources = list(Entry.objects.filter(record=record, pk__in=chosen).order_by("at"))
    if len(sources) != len(set(chosen)):
        raise NotPossible(str(_WHY_NOT["entries"]))
    made = uuid4()
    seal, master, wrapped = seal_elsewhere(made, to_force)
    opened = seal_of(record.pk) if sources else None
    ids, sealed = [uuid4() for _source in sources], []
    for new, source in zip(ids, sources, strict=True):
        if opened is None or source.taken_back_at is not None:
            raise NotPossible(str(_WHY_NOT["entries"]))
        value = opened.open(bytes(source.sealed), field=source.field)
        sealed.append(seal.close(value, field=f"{source.kind}|{new}"))
    became = "again"
    while became == "again":
        became = call(
            "ask_help", record.pk, to_force, str(reason), made, key, new_reference(), master, wrapped,
            [one.pk for one in sources], ids, sealed,
        )  # fmt: skip
    if became != "asked":
        raise NotPossible(str(_WHY_NOT.get(became, _WHY_NOT["gone"])))
    if asked := HelpAsked.objects.filter(record=record, other_id=made).first():
        for event, force, on in ((Event.HELP_ASKED, record.force_id, record.pk), (Event.HELP_CAME, to_force, made)):
            current_log().note(
                event, by=by.actor, force=force, on=("record", on), help=str(asked.pk), reason=str(reason),
                entries=len(sources),
            )  # fmt: skip
        acted(record)


@dataclass(frozen=True)
class Help:
    """Help that this force asked for: of whom, by which reference there, and how far they are."""

    asked: HelpAsked
    says: str
    read_at: datetime | None


def help_asked(record: CodewordRequest) -> list[Help]:
    """What was asked for a record of one's own force, the first first."""
    with connection.cursor() as cursor:
        cursor.execute("select asked, state, read_at from ani.help_states(%s)", [record.pk])
        states = {asked: (state, read_at) for asked, state, read_at in cursor.fetchall()}
    found = (
        HelpAsked.objects.filter(record=record, from_force_id=record.force_id).select_related("to_force").order_by("at")
    )
    return [Help(one, _says(*states.get(one.pk, ("", None))), states.get(one.pk, ("", None))[1]) for one in found]


def _says(state: str, read_at: datetime | None) -> str:
    if state == State.CLOSED:
        return _("they have finished with it")
    if state == State.CLAIMED:
        return _("an officer there has it")
    if state == State.READ:
        return _("read there, nobody has it")
    return _("nobody there has read it yet") if state == State.WAITING else _("no longer kept there")


def asked_by(record: CodewordRequest) -> HelpAsked | None:
    """Where a record came from that was made because another force asks for help."""
    if record.helps_id is None:
        return None
    return HelpAsked.objects.filter(other=record).select_related("from_force").first()
