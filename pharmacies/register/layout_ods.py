"""The register of dispensaries of the NHS Organisation Data Service, England, Wales and the Isle of Man ("edispensary").

27 columns without headings. The meaning of the columns: NHS ODS, "Organisation data: standard file format".
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .layouts import Entry, Kind, Status, blank_entry, is_code
from .reading import Row, Sheet

COLUMNS = 27
CODE, NAME, POSTCODE, OPENED, STATUS, KIND, PARENT, PHONE = 0, 1, 9, 10, 12, 13, 14, 17
ADDRESS = slice(4, 9)
STATUSES = {"A": Status.OPEN, "C": Status.CLOSED, "P": Status.PROPOSED}
KINDS = {"1": Kind.PHARMACY, "2": Kind.APPLIANCES, "3": Kind.OXYGEN}


class OdsRegister:
    """The NHS ODS register."""

    name = "NHS ODS register"
    official = True

    def fits(self, sheet: Sheet) -> bool:
        """Most of the first rows have 27 columns with a code, a status and a kind where they belong."""
        sample = sheet.rows[:20]
        return 2 * sum(_fits(row) for row in sample) > len(sample) - _has_headings(sheet)

    def entries(self, sheet: Sheet) -> Iterator[Entry]:
        """Every row; headings, which somebody may have added, are passed over."""
        for row in sheet.rows[1 if _has_headings(sheet) else 0 :]:
            yield _entry(row)


def _fits(row: Row) -> bool:
    cells = row.cells
    return len(cells) == COLUMNS and is_code(cells[CODE].upper()) and cells[STATUS] in STATUSES and cells[KIND] in KINDS


def _has_headings(sheet: Sheet) -> bool:
    first = sheet.rows[0].cells
    return len(first) == COLUMNS and not any(character.isdigit() for character in first[POSTCODE] + first[OPENED])


def _entry(row: Row) -> Entry:
    cells = row.cells
    code = cells[CODE].upper()
    if len(cells) != COLUMNS:
        return blank_entry(
            row, _("It has %(found)d columns instead of %(wanted)d.") % {"found": len(cells), "wanted": COLUMNS}, code
        )
    return Entry(
        row=row.number,
        ods_code=code,
        name=cells[NAME],
        address=tuple(cells[ADDRESS]),
        postcode=cells[POSTCODE],
        kind=KINDS.get(cells[KIND], Kind.UNKNOWN),
        status=STATUSES.get(cells[STATUS], Status.UNKNOWN),
        phone=" ".join(cells[PHONE].split()),
        opened=cells[OPENED],
        parent=cells[PARENT].upper(),
    )
