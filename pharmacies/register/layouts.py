"""Which column holds what: one layout for each kind of file. A new kind of file is a layout added to LAYOUTS.

A layout recognises its files, and turns each row into an Entry: the same facts whoever published them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pharmacies.models import ODS_CODE

from .reading import Row, Sheet, UnreadableFile


class Kind(Enum):
    """What a registered dispensary is."""

    PHARMACY = "pharmacy"
    APPLIANCES = "appliance contractor"
    OXYGEN = "oxygen supplier"
    UNKNOWN = "unknown"


class Status(Enum):
    """Whether it is there."""

    OPEN = "open"
    CLOSED = "closed"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Entry:
    """One row of a register, as it stands there. None: this kind of file does not say. Blank: it says that there is none."""

    row: int
    ods_code: str
    name: str
    address: tuple[str, ...]
    postcode: str
    kind: Kind
    status: Status
    phone: str | None = None
    opened: str | None = None  # yyyymmdd
    parent: str | None = None  # the head office's code
    fault: str = ""  # why the row could not be read, if it could not


class Layout(Protocol):
    """One kind of file."""

    name: str
    # Whether it is the register itself: it lists every pharmacy, and says which are open.
    official: bool

    def fits(self, sheet: Sheet) -> bool:
        """Whether the file is of this kind, by its shape."""

    def entries(self, sheet: Sheet) -> Iterator[Entry]:
        """Every row but the headings."""


def is_code(text: str) -> bool:
    """Whether `text` has the form of a dispensary's ODS code (domain.md 5)."""
    try:
        ODS_CODE(text)
    except ValidationError:
        return False
    return True


def blank_entry(row: Row, fault: str, code: str = "") -> Entry:
    """The entry of a row that could not be read."""
    return Entry(row.number, code, "", (), "", Kind.UNKNOWN, Status.UNKNOWN, fault=fault)


def find_layout(sheet: Sheet, own: Layout | None = None) -> Layout:
    """The layout that the file fits, or `own` where a person matched the columns.

    Raises UnreadableFile with what was expected and what was found.
    """
    # Here and not above: the layouts are made of what stands in this file.
    from .layout_nhsbsa import NhsbsaList
    from .layout_ods import COLUMNS, OdsRegister
    from .layout_own import OwnSheet, guess

    if not sheet.rows:
        raise UnreadableFile(_("The file has no rows."))
    for layout in (OdsRegister(), NhsbsaList(), own or OwnSheet(guess(sheet))):
        if layout.fits(sheet):
            return layout
    width = len(sheet.rows[0].cells)
    if any(row.cells and is_code(row.cells[0].upper()) for row in sheet.rows[:5]):
        raise UnreadableFile(
            _(
                "The NHS ODS register has %(wanted)d columns; this file has %(found)d. "
                "Download the register again and give the file unchanged."
            )
            % {"wanted": COLUMNS, "found": width}
        )
    raise UnreadableFile(
        _(
            "This is neither the NHS ODS register of dispensaries (%(wanted)d columns, no headings, a code such as "
            "FAR67 first) nor the NHSBSA list of pharmacies (with its headings). The first row has %(found)d columns."
        )
        % {"wanted": COLUMNS, "found": width}
    )
