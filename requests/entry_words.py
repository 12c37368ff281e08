"""An entry's value in words, as an officer reads it. What a value holds is written beside each kind."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .enums import Channel, Connected, EntryKind, Known, Left, Meeting, Need, Place, Rung, Safety, Stay, ToldAbout

Value = Mapping[str, Any]


def _label(choices: Any, value: object) -> str:
    return str(choices(value).label) if value in choices.values else ""


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _named(name: str, value: object) -> str:
    return f"{name}: {value}" if value else ""


def _rung(value: Value) -> str:
    """`rung`: a Rung; `when`: HH:MM; `reference`."""
    return _lines(
        _label(Rung, value.get("rung")),
        _named(_("When"), value.get("when")),
        _named(_("Reference"), value.get("reference")),
    )


def _safe_contact(value: Value) -> str:
    """Each Channel: a Safety; `number`, `email_address`, `address`, `times`, `not_know`, `announce`: words."""
    return _lines(
        *(f"{channel.label}: {_label(Safety, value.get(channel, Safety.NOT_KNOWN))}" for channel in Channel),
        _named(_("Number"), value.get("number")),
        _named(_("E-mail address"), value.get("email_address")),
        _named(_("Address"), value.get("address")),
        _named(_("When"), value.get("times")),
        _named(_("Must not know"), value.get("not_know")),
        _named(_("If someone else answers"), value.get("announce")),
    )


def _where(value: Value) -> str:
    """`place`: a Place; `entrance`: words about the building."""
    return _lines(
        _named(_("In the building"), _label(Place, value.get("place"))), _named(_("Entrance"), value.get("entrance"))
    )


def _meeting(value: Value) -> str:
    """`meeting`: a Meeting; `text`: when, or where else."""
    return _lines(_label(Meeting, value.get("meeting")), str(value.get("text", "")))


def _told(value: Value) -> str:
    """`about`: list of ToldAbout; `young`: Known; `stay`: a Stay; `children`, `near`: words."""
    return _lines(
        ", ".join(_label(ToldAbout, one) for one in value.get("about", [])),
        _named(_("Under 16"), _label(Known, value.get("young")) if value.get("young") != Known.NOT_KNOWN else ""),
        _named(_("Children"), value.get("children")),
        _named(_("Who is near"), value.get("near")),
        _named(_("Can stay"), _label(Stay, value.get("stay"))),
    )


def _needs(value: Value) -> str:
    """`needs`: list of Need; `language`: words."""
    return _lines(
        ", ".join(_label(Need, one) for one in value.get("needs", [])), _named(_("Language"), value.get("language"))
    )


def _support(value: Value) -> str:
    """`offered`, `rang`: lists of names of the directory's lines."""
    return _lines(
        _named(_("Offered"), ", ".join(value.get("offered", []))),
        _named(_("Rang from here"), ", ".join(value.get("rang", []))),
    )


WORDS: dict[str, Callable[[Value], str]] = {
    EntryKind.RUNG_999: _rung,
    EntryKind.LEFT: lambda value: _label(Left, value.get("left")),
    EntryKind.OTHER_BACK: lambda value: _("The other person is back."),
    EntryKind.MISTAKE: lambda value: _(
        "Staff report the alarm as a mistake. It can have been forced: ring the pharmacy’s registered line with a"
        " neutral opening, or attend."
    ),
    EntryKind.SAFE_CONTACT: _safe_contact,
    EntryKind.WHERE: _where,
    EntryKind.MEETING: _meeting,
    EntryKind.CONNECTED: lambda value: _label(Connected, value.get("connected")),
    EntryKind.TOLD: _told,
    EntryKind.NEEDS: _needs,
    EntryKind.SUPPORT: _support,
}


def words_of(kind: str, value: Value) -> str:
    """The words of one entry."""
    if kind in WORDS:
        return WORDS[EntryKind(kind)](value)
    return str(value.get("text", ""))
