"""From the bytes of a file somebody gives us to its rows, or to a sentence that says why not.

Knows nothing of pharmacies. workbook.py is the other way to a Sheet, for Excel's own files.
"""

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

# The largest official file is 4 MB with 20,932 rows and some 630,000 cells; a file of many times that is no register.
# Together these bound what reading takes of the worker's memory (tests/pharmacies/register/test_memory.py measures it).
MAX_BYTES = 25 * 1024 * 1024
MAX_COLUMNS = 200
MAX_ROWS = 100_000
MAX_CELLS = 2_000_000
DELIMITERS = ",;\t¬|"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# What UTF-8 looks like when it is taken for Windows-1252: one damaged byte must not spoil every other accent.
_MISREAD = re.compile("Ã[\u0080-\u00bf]|â€")
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"


class UnreadableFile(Exception):
    """The file cannot be used; the message says why and what to do, in plain words."""


@dataclass(frozen=True)
class Row:
    """One row and its number as a spreadsheet shows it, from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file that are not blank, and how it was written."""

    rows: list[Row]
    encoding: str
    delimiter: str


def read_file(path: Path) -> Sheet:
    """Read the file at `path` (plain or gzip). Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return read(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise UnreadableFile(cannot_open(path, error)) from error


def cannot_open(path: Path, error: OSError) -> str:
    """The sentence for a file that the system would not open."""
    return _("%(path)s cannot be opened: %(why)s.") % {"path": path, "why": error.strerror}


def read(data: bytes) -> Sheet:
    """Turn the bytes of a workbook, or of a CSV file in any usual encoding and with any usual delimiter, into rows."""
    data = _unpacked(data)
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than %d MB. A register is not that large.") % (MAX_BYTES >> 20))
    if data.startswith(ZIP):
        # Here and not above: the workbook is made of what stands in this file.
        from .workbook import read_workbook

        return read_workbook(data)
    refuse_wrong_kind(data[:4096])
    text, encoding = _decode(data)
    delimiter = _delimiter(text)
    return Sheet(_rows(text, delimiter), encoding, delimiter)


def refuse_wrong_kind(head: bytes) -> None:
    """Raise UnreadableFile if a file that begins with `head` is plainly not text in rows."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if not start:
        raise UnreadableFile(_("The file is empty."))
    if head.startswith((ZIP, b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile(
            _("This is an Excel workbook or a zip file. Open it, save the sheet as CSV, and give that file.")
        )
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise UnreadableFile(_("This is a web page, not the file itself. Download the file behind the link on it."))
    if start.startswith(b"%pdf"):
        raise UnreadableFile(_("This is a PDF. The register is needed as CSV."))
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and _CONTROL.search(head):
        raise UnreadableFile(_("This is not a text file. The register is needed as CSV."))


def refuse_too_many(rows: int, cells: int) -> None:
    """Raise UnreadableFile if a sheet is longer or fuller than any list of pharmacies."""
    if rows > MAX_ROWS:
        raise UnreadableFile(_("The sheet has more than %d rows. A register is not that long.") % MAX_ROWS)
    if cells > MAX_CELLS:
        raise UnreadableFile(
            _("The sheet has more than %d cells. Give the list of pharmacies alone, without its other columns.")
            % MAX_CELLS
        )


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(GZIP):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(_("The compressed file is damaged. Download it again.")) from error


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" and _MISREAD.search(text):
            break
        if not _CONTROL.search(text.encode()):
            return text, encoding
    raise UnreadableFile(
        _("The letters in the file cannot be read. Save it as CSV with the encoding UTF-8, and give that file.")
    )


def _delimiter(text: str) -> str:
    """The character that splits most of the first rows into the same number of columns, and into most of them."""
    best, best_score = ",", (0, 1)
    for candidate in DELIMITERS:
        widths = Counter(_widths(text, candidate))
        width, rows = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
        if width > 1 and (rows, width) > best_score:
            best, best_score = candidate, (rows, width)
    return best


def _widths(text: str, delimiter: str) -> Iterator[int]:
    """How many cells each of the first rows has; quotation marks in the wrong place end the count."""
    try:
        for cells in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 20):
            if cells:
                yield len(cells)
    except csv.Error:
        return


def _rows(text: str, delimiter: str) -> list[Row]:
    rows = []
    # Strict, so that a quotation mark that is never closed does not swallow the rest of the file.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = filled = 0
    try:
        for number, cells in enumerate(lines, start=1):
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile(
                    _("Row %(row)d has more than %(most)d columns.") % {"row": number, "most": MAX_COLUMNS}
                )
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append(Row(number, stripped))
                filled += len(stripped)
                refuse_too_many(len(rows), filled)
    except csv.Error as error:
        raise UnreadableFile(
            _("Row %d cannot be read: a quotation mark in it is not closed, or stands in the wrong place.")
            % (number + 1)
        ) from error
    return rows
