"""From a row as it was published to the facts that are kept of it, or to the reason why nothing is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import CharField
from django.utils.translation import gettext as _

from pharmacies.models import Pharmacy

from .casing import readable
from .layouts import Entry, Kind, Status, is_code
from .phones import tidy
from .postcodes import CROWN_DEPENDENCIES, BadPostcode, area, normalise

_PARENT = re.compile(r"[A-Z0-9]{3,8}")


class Unusable(Exception):
    """The row is not taken. `refused` means that something in it is wrong; else it is simply not for us."""

    def __init__(self, heading: str, reason: str, *, refused: bool) -> None:
        super().__init__(reason)
        self.heading, self.reason, self.refused = heading, reason, refused


@dataclass(frozen=True)
class Facts:
    """What the register says of an open pharmacy. None or "": it does not say, so what is known stays."""

    name: str
    address: str
    postcode: str
    phone: str
    opened_on: date | None
    parent: str
    notes: tuple[str, ...] = field(default=())


def facts(entry: Entry) -> Facts:
    """The facts of an open pharmacy's row. Raises Unusable."""
    for check in _CHECKS:
        check(entry)
    name = readable(entry.name)
    address = ", ".join(line for part in entry.address if (line := readable(part)))
    notes: list[str] = []
    kept = Facts(
        name=name,
        address=address,
        postcode=_postcode(entry, notes),
        phone=tidy(entry.phone or "", notes),
        opened_on=_day(entry, notes),
        parent=_parent(entry, notes),
        notes=tuple(notes),
    )
    _check_lengths(kept)
    return kept


def _check_readable(entry: Entry) -> None:
    if entry.fault:
        raise Unusable(_("Rows of the wrong shape"), entry.fault, refused=True)


def _check_code(entry: Entry) -> None:
    if not is_code(entry.ods_code):
        raise Unusable(
            _("No ODS code"),
            _("“%s” is no ODS code: an F and four letters or digits, such as FAR67.") % entry.ods_code,
            refused=True,
        )


def _check_kind(entry: Entry) -> None:
    if entry.kind is Kind.APPLIANCES:
        raise Unusable(_("Appliance contractors"), _("An appliance contractor, not a pharmacy."), refused=False)
    if entry.kind is Kind.OXYGEN:
        raise Unusable(_("Oxygen suppliers"), _("An oxygen supplier, not a pharmacy."), refused=False)
    if entry.kind is Kind.UNKNOWN:
        raise Unusable(_("Kind not known"), _("The row does not say what kind of site it is."), refused=True)


def _check_open(entry: Entry) -> None:
    if entry.status is Status.CLOSED:
        raise Unusable(_("Closed"), _("The register says that it has closed."), refused=False)
    if entry.status is Status.PROPOSED:
        raise Unusable(_("Proposed"), _("It is proposed and has not opened."), refused=False)
    if entry.status is Status.UNKNOWN:
        raise Unusable(_("Status not known"), _("The row does not say whether it is open."), refused=True)


def _check_named(entry: Entry) -> None:
    if not entry.name:
        raise Unusable(_("No name"), _("The row has no name."), refused=True)
    if not any(entry.address):
        raise Unusable(_("No address"), _("The row has no address to give to a call handler."), refused=True)


# In the order in which a person would ask.
_CHECKS: list[Callable[[Entry], None]] = [_check_readable, _check_code, _check_kind, _check_open, _check_named]


def _postcode(entry: Entry, notes: list[str]) -> str:
    if not entry.postcode:
        raise Unusable(
            _("No postcode"),
            _("The row has no postcode. Without it nobody can tell which police force is responsible."),
            refused=True,
        )
    try:
        postcode = normalise(entry.postcode)
    except BadPostcode as error:
        raise Unusable(_("Postcode not valid"), str(error), refused=True) from error
    if island := CROWN_DEPENDENCIES.get(area(postcode)):
        raise Unusable(
            island,
            _("On the %s, whose police are not a UK territorial force.") % island,
            refused=False,
        )
    if postcode != entry.postcode:
        notes.append(_("The postcode “%(was)s” was read as %(now)s.") % {"was": entry.postcode, "now": postcode})
    return postcode


def _day(entry: Entry, notes: list[str]) -> date | None:
    if not entry.opened:
        return None
    try:
        return datetime.strptime(entry.opened, "%Y%m%d").date()  # noqa: DTZ007 a date has no zone
    except ValueError:
        notes.append(_("“%s” is not a date; the opening date was left out.") % entry.opened)
        return None


def _parent(entry: Entry, notes: list[str]) -> str:
    if not entry.parent or _PARENT.fullmatch(entry.parent):
        return entry.parent or ""
    notes.append(_("“%s” is not a head office's code; it was left out.") % entry.parent)
    return ""


def _check_lengths(kept: Facts) -> None:
    for name, label in (("name", _("name")), ("address", _("address")), ("phone", _("telephone number"))):
        most = column_length(name)
        if len(getattr(kept, name)) > most:
            raise Unusable(
                _("Too long"),
                _("Its %(what)s is longer than %(most)d characters.") % {"what": label, "most": most},
                refused=True,
            )


def column_length(name: str) -> int:
    """How many characters the pharmacy's column `name` holds."""
    column = Pharmacy._meta.get_field(name)
    if not isinstance(column, CharField) or column.max_length is None:
        raise TypeError(f"{name} is no column of limited text")
    return column.max_length
