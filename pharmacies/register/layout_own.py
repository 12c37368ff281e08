"""A head office's own sheet: columns by their headings, or as a person matched them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .layouts import Entry, Kind, Status, blank_entry
from .reading import Row, Sheet

# What each column may be called; only letters and digits count.
NAMES: dict[str, tuple[str, ...]] = {
    "code": ("ODSCODE", "ODS", "FCODE", "NHSCODE", "NACSCODE", "OCSCODE", "NHSODSCODE", "PHARMACYODSCODE", "CONTRACTORCODE"),
    "name": ("NAME", "PHARMACYNAME", "PHARMACY", "TRADINGNAME", "BRANCH", "BRANCHNAME", "STORE", "STORENAME", "SITE", "SITENAME"),
    "address": ("ADDRESS", "ADDRESS1", "ADDRESSLINE1", "STREET", "STREETADDRESS", "FULLADDRESS"),
    "address2": ("ADDRESS2", "ADDRESSLINE2", "LOCALITY"),
    "town": ("TOWN", "CITY", "TOWNCITY", "ADDRESS3", "ADDRESSLINE3", "POSTTOWN"),
    "postcode": ("POSTCODE", "POSTALCODE", "PCODE", "ZIP"),
    "phone": ("PHONE", "TELEPHONE", "TEL", "TELNO", "PHONENUMBER", "TELEPHONENUMBER", "CONTACTNUMBER", "TELEPHONENO"),
}  # fmt: skip
LABELS = {
    "code": gettext_lazy("ODS code"),
    "name": gettext_lazy("Name of the pharmacy"),
    "address": gettext_lazy("Address, or its first line"),
    "address2": gettext_lazy("Second line of the address"),
    "town": gettext_lazy("Town"),
    "postcode": gettext_lazy("Postcode"),
    "phone": gettext_lazy("Telephone number"),
}
NEEDED = ("code", "name", "address", "postcode")
_POSTCODE_ADDRESS = ("address", "address2", "town")


def guess(sheet: Sheet) -> dict[str, int]:
    """Which column holds what, by the headings; what is not recognised is missing."""
    headings = [re.sub(r"[^A-Z0-9]", "", cell.upper()) for cell in sheet.rows[0].cells] if sheet.rows else []
    found = {}
    for name, spellings in NAMES.items():
        columns = [headings.index(one) for one in spellings if headings.count(one) == 1]
        if columns:
            found[name] = columns[0]
    return found


@dataclass
class OwnSheet:
    """A sheet whose columns are known. It lists some pharmacies only and is not the register."""

    columns: Mapping[str, int] = field(default_factory=dict)
    headings: bool = True
    name: str = "Own sheet"
    official: bool = False

    def fits(self, sheet: Sheet) -> bool:
        """Whether every column that is needed is known and there."""
        width = max((len(row.cells) for row in sheet.rows), default=0)
        return all(name in self.columns for name in NEEDED) and all(0 <= n < width for n in self.columns.values())

    def entries(self, sheet: Sheet) -> Iterator[Entry]:
        """Every row under the headings."""
        for row in sheet.rows[1 if self.headings else 0 :]:
            yield self._entry(row)

    def _entry(self, row: Row) -> Entry:
        if len(row.cells) <= max(self.columns.values()):
            return blank_entry(row, _("It has fewer columns than the first row."))
        said = {name: row.cells[column] for name, column in self.columns.items()}
        return Entry(
            row=row.number,
            ods_code=said["code"].upper(),
            name=said["name"],
            address=tuple(said[part] for part in _POSTCODE_ADDRESS if part in said),
            postcode=said["postcode"],
            kind=Kind.PHARMACY,
            status=Status.OPEN,
            phone=said.get("phone"),
        )
