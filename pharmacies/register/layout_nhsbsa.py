"""The consolidated pharmaceutical list of the NHS Business Services Authority, England. Columns go by their headings.

It lists only who is open, names the owner without a code, and has no telephone numbers. Quarters spell the headings
differently (PHARMACY_ODS_CODE_(F-CODE), PHARMACY_ODS_CODE_F_CODE): only their letters and digits count.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .layouts import Entry, Kind, Status, blank_entry
from .reading import Sheet

# The health board column is not used: it contradicts the postcode in some rows.
CODE = ("PHARMACYODSCODEFCODE", "PHARMACYODSCODE", "ODSCODE")
NAME = ("PHARMACYTRADINGNAME", "TRADINGNAME")
POSTCODE = ("POSTCODE",)
CONTRACT = ("CONTRACTTYPE",)
ADDRESS = tuple((f"ADDRESSFIELD{n}", f"ADDRESSLINE{n}", f"ADDRESS{n}") for n in range(1, 5))
# A dispensing appliance contractor; every other contract is a pharmacy's.
APPLIANCES = "DAC"


class NhsbsaList:
    """The NHSBSA list."""

    name = "NHSBSA list"
    official = False

    def fits(self, sheet: Sheet) -> bool:
        """The first row has the headings that are needed."""
        headings = _headings(sheet)
        return all(_find(headings, names) is not None for names in (CODE, NAME, POSTCODE, ADDRESS[0]))

    def entries(self, sheet: Sheet) -> Iterator[Entry]:
        """Every row under the headings."""
        headings = _headings(sheet)
        code, name, postcode, contract = (_find(headings, names) for names in (CODE, NAME, POSTCODE, CONTRACT))
        address = [column for names in ADDRESS if (column := _find(headings, names)) is not None]
        if code is None or name is None or postcode is None:
            raise ValueError("entries() of a sheet that does not fit")
        for row in sheet.rows[1:]:
            cells = row.cells
            if len(cells) != len(headings):
                fault = _("It has %(found)d columns; the headings have %(wanted)d.")
                yield blank_entry(row, fault % {"found": len(cells), "wanted": len(headings)})
                continue
            appliances = contract is not None and cells[contract].upper() == APPLIANCES
            yield Entry(
                row=row.number,
                ods_code=cells[code].upper(),
                name=cells[name],
                address=tuple(cells[column] for column in address),
                postcode=cells[postcode],
                kind=Kind.APPLIANCES if appliances else Kind.PHARMACY,
                status=Status.OPEN,
            )


def _headings(sheet: Sheet) -> list[str]:
    return [re.sub(r"[^A-Z0-9]", "", cell.upper()) for cell in sheet.rows[0].cells]


def _find(headings: list[str], names: tuple[str, ...]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)
