"""The names of head offices, from the NHS ODS table of them ("epharmacyhq"): 27 columns without headings."""

import re

from django.utils.translation import gettext as _

from .casing import readable
from .layout_ods import COLUMNS
from .reading import Sheet, UnreadableFile

_CODE = re.compile(r"[A-Z0-9]{3,8}")


def names_by_code(sheet: Sheet) -> dict[str, str]:
    """The readable name of each head office by its code. Raises UnreadableFile if the file is another."""
    # A later row of the same code is the newer one.
    names = {
        row.cells[0].upper(): readable(row.cells[1])[:120]
        for row in sheet.rows
        if len(row.cells) == COLUMNS and row.cells[1] and _CODE.fullmatch(row.cells[0].upper())
    }
    if 2 * len(names) <= len(sheet.rows):
        raise UnreadableFile(
            _(
                "The file of head offices is not the NHS ODS table of pharmacy head offices "
                "(27 columns without headings: code, name …)."
            )
        )
    # The register of pharmacies has the same shape; its codes all begin with F and are five long.
    if sum(len(code) == 5 and code.startswith("F") for code in names) > len(names) / 2:
        raise UnreadableFile(_("The file of head offices lists pharmacies, not head offices."))
    return names
