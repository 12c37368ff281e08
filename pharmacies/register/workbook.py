"""An Excel workbook → the rows of its first sheet. Read only, never calculated; what is inside is weighed before it is opened."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .reading import MAX_COLUMNS, Row, Sheet, UnreadableFile, refuse_too_many

# A workbook of the whole register unpacks to about 15 MB; what grows far beyond that was made to.
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
# Its words stand in a part of their own, which is read into memory as a whole: the register's take 3 MB.
WORDS, MAX_WORDS = "xl/sharedstrings.xml", 20 * 1024 * 1024


def read_workbook(data: bytes) -> Sheet:
    """The first visible sheet that is not empty. Raises UnreadableFile, in words for whoever made the workbook."""
    _weigh(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible" and (rows := _rows(sheet)):
                    return Sheet(rows, "xlsx", "")
        finally:
            book.close()
    except UnreadableFile:
        raise
    except (InvalidFileException, KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise UnreadableFile(
            _("The workbook is damaged. Open it, save it again as .xlsx or CSV, and give that file.")
        ) from error
    raise UnreadableFile(_("The workbook has no rows."))


def _weigh(data: bytes) -> None:
    """Refuse what would unpack to far more than it is, what carries programs, and what is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            inside = parts.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(
            _("The workbook is damaged. Open it, save it again as .xlsx or CSV, and give that file.")
        ) from error
    names = {part.filename.lower() for part in inside}
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(_("This is a zip file without a workbook in it. Unpack it, and give the file inside."))
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise UnreadableFile(_("The workbook contains macros. Save it as .xlsx, without macros, or as CSV."))
    words = sum(part.file_size for part in inside if part.filename.lower() == WORDS)
    if len(inside) > MAX_PARTS or words > MAX_WORDS or sum(part.file_size for part in inside) > MAX_UNPACKED:
        raise UnreadableFile(
            _("The workbook unpacks to far more than a list of pharmacies. Save the sheet alone as CSV.")
        )


def _rows(sheet: Any) -> list[Row]:
    found = []
    width = filled = 0
    sheet.reset_dimensions()  # what the file says of its own size is not believed: it would be padded to that
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        # Empty rows count here: a cell far below makes a million of them.
        refuse_too_many(number, filled)
        texts = [_text(cell, number) for cell in cells[: MAX_COLUMNS + 1]]
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > MAX_COLUMNS or len(cells) > 5 * MAX_COLUMNS:
            raise UnreadableFile(
                _("Row %(row)d has more than %(most)d columns.") % {"row": number, "most": MAX_COLUMNS}
            )
        if texts:
            width = max(width, len(texts))
            filled += len(texts)
            found.append(Row(number, texts))
    refuse_too_many(len(found), len(found) * width)
    # A spreadsheet ends each row at its last filled cell; a list has as many columns in all of them.
    return [Row(row.number, row.cells + [""] * (width - len(row.cells))) for row in found]


def _text(cell: Any, number: int) -> str:
    value = cell.value
    if cell.data_type == "f":
        raise UnreadableFile(
            _("Row %d holds a formula. Copy the sheet, paste it as values only, and give that file.") % number
        )
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y%m%d")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())
