"""Reading OS Code-Point Open rows and the ONS table of districts and police force areas. Writes nothing."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from .postcodes import BadPostcode, compact, normalise
from .reading import GZIP, Sheet, UnreadableFile, cannot_open, refuse_wrong_kind

# OS Code-Point Open: postcode, quality, eastings, northings, country, NHS region, NHS authority, county, district, ward.
COLUMNS = 10
POSTCODE, QUALITY, EASTING, NORTHING, DISTRICT = 0, 1, 2, 3, 8
# The quality that means "no coordinates" (Code-Point Open user guide).
NOWHERE = "90"
_HEADINGS = {"postcode", "pc"}
_CODE = re.compile(r"[A-Z]\d{8}")


@dataclass(frozen=True)
class PostcodeRow:
    """A postcode without its space, its district's code or None, and its place in metres (OSGB36) or None."""

    postcode: str
    district: str | None
    easting: int | None
    northing: int | None


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken, and why."""

    file: str
    row: int
    reason: str


def postcode_rows(path: Path) -> Iterator[PostcodeRow | RefusedRow]:
    """The rows of one Code-Point Open file, plain or gzip, with or without headings. Raises UnreadableFile."""
    try:
        with closing(_opened(path)) as file:
            refuse_wrong_kind(file.read(4096))
            file.seek(0)
            lines = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""), strict=True)
            for number, cells in enumerate(lines, start=1):
                if not cells or cells[0].strip().lower() in _HEADINGS:
                    continue
                yield _postcode_row(path.name, number, cells)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFile(_("The compressed file is damaged. Download it again.")) from error
    except OSError as error:
        raise UnreadableFile(cannot_open(path, error)) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("This is not a Code-Point Open file: its letters cannot be read.")) from error
    except csv.Error as error:
        raise UnreadableFile(_("This is not a Code-Point Open file: its quotation marks do not match.")) from error


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return cast(BinaryIO, gzip.open(path)) if packed else path.open("rb")


def _postcode_row(name: str, number: int, cells: list[str]) -> PostcodeRow | RefusedRow:
    if len(cells) != COLUMNS:
        reason = _("It has %(found)d columns instead of %(wanted)d.") % {"found": len(cells), "wanted": COLUMNS}
        return RefusedRow(name, number, reason)
    try:
        postcode = compact(normalise(cells[POSTCODE]))
        easting, northing = int(cells[EASTING]), int(cells[NORTHING])
    except BadPostcode as error:
        return RefusedRow(name, number, str(error))
    except ValueError:
        return RefusedRow(name, number, _("Its eastings and northings are not whole numbers of metres."))
    district = cells[DISTRICT].strip()
    if district and not _CODE.fullmatch(district):
        return RefusedRow(name, number, _("“%s” is not the code of a district, such as E07000148.") % district)
    if cells[QUALITY].strip() == NOWHERE or easting <= 0 or northing <= 0:
        return PostcodeRow(postcode, district or None, None, None)
    return PostcodeRow(postcode, district or None, easting, northing)


@dataclass(frozen=True)
class DistrictRow:
    """A district and the ONS code of its police force area, or "" if the table names none."""

    code: str
    name: str
    force: str


def district_rows(sheet: Sheet) -> list[DistrictRow]:
    """The districts of the look-up table, each once. Raises UnreadableFile.

    The ONS's headings carry a year (LAD23CD, PFA23CD); a table with Scotland added has lad_code and pfa_code.
    """
    headings = [re.sub(r"[^a-z]", "", cell.lower()) for cell in sheet.rows[0].cells] if sheet.rows else []
    try:
        code, name, force = [_column(headings, *names) for names in _LOOKUP]
    except StopIteration as error:
        raise UnreadableFile(
            _(
                "This is not the ONS table of districts and police force areas: it needs columns such as "
                "LAD23CD, LAD23NM and PFA23CD."
            )
        ) from error
    found: dict[str, DistrictRow] = {}
    for row in sheet.rows[1:]:
        if len(row.cells) != len(headings):
            raise UnreadableFile(_("Row %d of the look-up table has too few or too many columns.") % row.number)
        district = DistrictRow(row.cells[code].upper(), row.cells[name], row.cells[force].upper())
        if not _CODE.fullmatch(district.code):
            raise UnreadableFile(
                _("Row %(row)d of the look-up table: “%(code)s” is not the code of a district.")
                % {"row": row.number, "code": row.cells[code]}
            )
        # A district stands there once for each of its community safety partnerships.
        earlier = found.setdefault(district.code, district)
        if earlier.force != district.force:
            raise UnreadableFile(
                _("Row %(row)d of the look-up table gives %(name)s to another force than an earlier row does.")
                % {"row": row.number, "name": district.name}
            )
    return list(found.values())


_LOOKUP = (("ladcd", "ladcode"), ("ladnm", "ladname"), ("pfacd", "pfacode"))


def _column(headings: list[str], *names: str) -> int:
    return next(headings.index(name) for name in names if name in headings)
