"""What each question's answer does. Each keeps its own key, so that an answer sent twice is one answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from ani_portal.access.principals import Principal

from .. import actions
from ..enums import Connected, Danger, EntryKind, Known, Left, Meeting, Override, Place, Rung, Safety, Stay, Told, Wish
from ..models import CodewordRequest
from ..policies import support_of

Data = Mapping[str, Any]


def _add(by: Principal, record: CodewordRequest, key: UUID, kind: EntryKind, value: dict[str, Any]) -> None:
    # Several entries from one screen: each needs a key of its own, the same one on every retry.
    actions.add_entry(by=by, record=record, key=uuid5(key, kind), kind=kind, value=value)


def danger(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """The first decision."""
    return actions.answer_danger(by=by, record=record, danger=Danger(data["danger"]))


def rung(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Whether 999 was rung."""
    return actions.say_rung(
        by=by, record=record, key=key, rung=Rung(data["rung"]), when=data["when"], reference=data["reference"]
    )


def wish(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """The second decision."""
    return actions.answer_wish(by=by, record=record, wish=Wish(data["wish"]))


def agree(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Agreed, or after all not the police."""
    if data["agree"] == "yes":
        return actions.agree(by=by, record=record)
    return actions.answer_wish(by=by, record=record, wish=Wish.SUPPORT)


def override(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """A reason from the closed list."""
    return actions.override(by=by, record=record, reason=Override(data["reason"]), told=Told(data["told"]))


def connected(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Connected with the police or this pharmacy: then the words are restricted."""
    return actions.answer_connected(by=by, record=record, key=key, connected=Connected(data["connected"]))


def contact(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Safe contact, if anything was said about it."""
    if any(value not in ("", Safety.NOT_KNOWN) for value in data.values()):
        _add(by, record, key, EntryKind.SAFE_CONTACT, dict(data))
        if data.get("number"):
            actions.remember_phone(by=by, record=record, number=data["number"])
    return record


def where(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Where in the building, which goes with an alert; where officers may come, which goes with the words."""
    if data["place"] != Place.NOT_KNOWN or data["entrance"]:
        _add(by, record, key, EntryKind.WHERE, {"place": data["place"], "entrance": data["entrance"]})
    if data["meeting"] != Meeting.NOT_KNOWN or data["meeting_text"]:
        _add(by, record, key, EntryKind.MEETING, {"meeting": data["meeting"], "text": data["meeting_text"]})
    return record


def words(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Own words, observation and correction: apart, and never in place of an earlier one."""
    for kind in (EntryKind.OWN_WORDS, EntryKind.OBSERVED, EntryKind.CORRECTION):
        if data.get(kind):
            _add(by, record, key, kind, {"text": data[kind]})
    return record


def told(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """What staff were told, and what it takes to speak with the person."""
    about = {name: data[name] for name in ("about", "young", "children", "near", "stay")}
    if any(value not in ("", [], Known.NOT_KNOWN, Stay.NOT_KNOWN) for value in about.values()):
        _add(by, record, key, EntryKind.TOLD, about)
    if data["needs"] or data["language"]:
        _add(by, record, key, EntryKind.NEEDS, {"needs": data["needs"], "language": data["language"]})
    return record


def support(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Which lines were offered and rung, where that may be kept at all."""
    if not (record.words_released and (data["offered"] or data["rang"])):
        return record
    names = {service.pk: service.name for service in support_of(by, elsewhere=record.elsewhere)}
    value = {kind: [names[one] for one in data[kind] if one in names] for kind in ("offered", "rang")}
    _add(by, record, key, EntryKind.SUPPORT, value)
    return record


def left(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """The person has left."""
    return actions.say_left(by=by, record=record, key=key, left=Left(data["left"]))


def mistaken(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """An alarm reported as a mistake."""
    return actions.report_mistake(by=by, record=record, key=key)


def nothing(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    """Only to go on."""
    return record
