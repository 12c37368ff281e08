"""What reading takes of the worker's memory, whatever somebody gives: measured in a process of its own."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from ani_portal.uploads import MAX_UPLOAD
from pharmacies.register.workbook import MAX_WORDS
from tests.e2e.server import ROOT

MB = 1024 * 1024
# The whole register takes some 90 MB; a worker on a small server may take this for a moment, whatever the file.
MOST = 400

READ = r"""
import re, sys
from pathlib import Path
import django
django.setup()
from pharmacies.register.reading import UnreadableFile, read
import pharmacies.register.workbook
def most():
    # Not getrusage: that begins with what the parent had.
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
before = most()
try:
    rows = len(read(Path(sys.argv[1]).read_bytes()).rows)
    said = f"{rows} rows"
except UnreadableFile as error:
    said = str(error)
print(most() - before)
print(said)
"""


SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml"'
    b' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def _book(*parts: tuple[str, bytes]) -> bytes:
    """A real workbook with parts of it replaced."""
    book, plain, out = Workbook(), io.BytesIO(), io.BytesIO()
    book.worksheets[0].append(["Branch", "ODS code"])
    book.save(plain)
    shared = any(name == "xl/sharedStrings.xml" for name, _content in parts)
    names = {name for name, _content in parts}
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name).replace(b"</Types>", (SHARED if shared else b"") + b"</Types>"))
        for name, content in parts:
            new.writestr(name, content)
    return out.getvalue()


def _sheet(rows: bytes, size: str = "A1:B2") -> bytes:
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="%s"/><sheetData>'
    )
    return head % size.encode() + rows + b"</sheetData></worksheet>"


SHEET = "xl/worksheets/sheet1.xml"
NUMBER = b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>'
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "25 MB of short rows": (lambda: b"a\n" * (MAX_UPLOAD // 2), "more than 100000 rows"),
    "25 MB of short cells": (lambda: (b"ab," * 199 + b"c\n") * (MAX_UPLOAD // 599), "more than 2000000 cells"),
    "25 MB in one cell": (lambda: b"a" * MAX_UPLOAD, "Row 1 cannot be read"),
    "25 MB in one open quotation": (lambda: b'a,b\n"' + b"a" * (MAX_UPLOAD - 8), "quotation mark"),
    "a zip bomb": (lambda: _book((SHEET, b"0" * (200 * MB))), "unpacks to far more"),
    "shared words, as many as may be": (
        lambda: _book(
            ("xl/sharedStrings.xml",
             b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
             + b"<si><t>ab</t></si>" * ((MAX_WORDS - MB) // 18) + b"</sst>"),
        ),
        "rows",
    ),
    "a sheet that says it is endless": (lambda: _book((SHEET, _sheet(b"<row/>", "A1:XFD1048576"))), "no rows"),
    "a cell in the last column of each row": (
        lambda: _book((SHEET, _sheet(b"".join(NUMBER % (n, n) for n in range(1, 100_000))))),
        "more than 200 columns",
    ),
    "a bomb of entities": (
        lambda: _book((SHEET, b'<!DOCTYPE w [<!ENTITY a "' + b"a" * 1000 + b'">'
                       + b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 100) for n in range(4))
                       + b"]>" + _sheet(b"<row><c t=\"inlineStr\"><is><t>&e;</t></is></c></row>"))),
        "damaged",
    ),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_whatever_is_given_takes_little_memory(name: str, tmp_path: Path) -> None:
    """Read or refused in a sentence, within a bound that a small server has."""
    make, says = FILES[name]
    path = tmp_path / "given"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    grew, said = done.stdout.strip().split("\n", 1)
    print(f"FIGURE {name}: {grew} MB more; {said}")
    assert says in said
    assert int(grew) < MOST
