"""The real registers through the page. ANI_REGISTERS names the folder that has them; without it, rows of that size are made."""

import csv
import gzip
import io
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections

from ani_portal.access.roles import using_role
from pharmacies.enums import UploadState
from pharmacies.models import Pharmacy, PharmacyFact, UploadRow
from pharmacies.register import uploads
from tests.cast import Cast
from tests.pharmacies.onboarding.files import look
from tests.visitors import desk

from .files import NHSBSA, codepoint_row, lookup, ods_row, written

pytestmark = pytest.mark.long

# On a quiet machine; the variable allows for a busy one.
MOST = float(os.environ.get("ANI_REGISTER_SECONDS", "30"))
FOLDER = Path(os.environ["ANI_REGISTERS"]) if os.environ.get("ANI_REGISTERS") else None
# What every line of the report says of its rows, so that nobody takes the one for the other.
SOURCE = "the real file" if FOLDER else "MADE UP: the real files are not on this machine (ANI_REGISTERS)"
# The files of the folder: each kind by a part of its name, the rows that the published one has, and its day.
KINDS = {"ods": ("edispensary", 20_932, date(2025, 3, 31)), "nhsbsa": ("consolidated", 10_785, date(2023, 12, 31))}
TOWNS = ["NR2 1LD", "IP24 1JD", "NR35 1AX", "WA8 7TN"]


def made(kind: str) -> bytes:
    """Made-up rows, as many as the published file has, some with faults."""
    count = KINDS[kind][1]
    if kind == "ods":
        rows = [
            ods_row(
                f"F{n:04X}"[:5], name=f"MADE-UP CHEMIST {n}", parent=f"P{n % 900:03d}", phone="01603 000001",
                postcode="" if n % 500 == 0 else TOWNS[n % 4] if n % 7 else "NR2 9ZZ", status="C" if n % 3 == 2 else "A",
            )
            for n in range(count)
        ]  # fmt: skip
        return written(*rows).encode()
    out = io.StringIO()
    out.write(NHSBSA.splitlines()[0] + "\n")
    table = csv.writer(out)
    for n in range(count):
        postcode = "" if n % 500 == 0 else TOWNS[n % 4]
        table.writerow(
            [f"F{n:04X}"[:5], "X", f"OTHER NAME {n}", "X LTD", "1 ROAD", "TOWN", " ", " ", postcode, "Community"]
        )
    return out.getvalue().encode()


@pytest.fixture
def places(cast: Cast, tmp_path: Path) -> None:
    """The postcodes and the table of districts: the real ones, or four."""
    if FOLDER:
        points, table = sorted(FOLDER.glob("codepoint*.csv.gz")), sorted(FOLDER.glob("lad_to_pfa*.csv"))
    else:
        districts = [("E07000148", "Norwich", "E23000024"), ("E07000143", "Breckland", "E23000024"),
                     ("E07000244", "East Suffolk", "E23000025"), ("E06000006", "Halton", "E23000006")]  # fmt: skip
        points, table = [tmp_path / "codepoint.csv.gz"], [tmp_path / "lad_to_pfa.csv"]
        rows = [codepoint_row(town, code) for town, (code, _name, _force) in zip(TOWNS, districts, strict=True)]
        points[0].write_bytes(gzip.compress(written(*rows).encode()))
        table[0].write_text(lookup(*districts), encoding="utf-8")
    with using_role("owner"):
        call_command("load_postcodes", *map(str, points), "--lookup", str(table[0]), stdout=io.StringIO())


@pytest.fixture
def contents() -> Iterator[dict[str, bytes]]:
    """Both files."""
    yield {
        kind: next(iter(sorted(FOLDER.glob(f"*{part}*")))).read_bytes() if FOLDER else made(kind)
        for kind, (part, _count, _day) in KINDS.items()
    }
    for alias in connections:
        connections[alias].close()


def state_of_the_register() -> list[tuple[object, ...]]:
    """Every pharmacy as it stands."""
    with using_role("owner"):
        return list(
            Pharmacy.objects.order_by("ods_code").values_list(
                "ods_code",
                "name",
                "address",
                "postcode",
                "phone",
                "force_id",
                "site_status",
                "participation",
                "facts_as_of",
            )
        )


@pytest.mark.usefixtures("places")
def test_both_registers_through_the_page(cast: Cast, contents: dict[str, bytes]) -> None:
    """A dry run in less than 30 s, every refused row explained, forces right, twice without change, the older one harmless."""
    client = desk(cast, "norfolk", "coordinator")
    for kind, (_part, count, day) in KINDS.items():
        content, before = contents[kind], state_of_the_register()
        took = {}
        for turn in ("first", "again"):
            said = {"file": SimpleUploadedFile(f"{kind}.csv", content), "as_of": str(day)}
            answer = client.post("/onboarding/files/", said)
            assert answer.status_code == 302, answer.content.decode()
            pk = answer["Location"].strip("/").rsplit("/", 1)[-1]
            upload = UUID(pk)
            began = time.monotonic()
            uploads.read_upload(upload)
            took[f"dry run {turn}"] = time.monotonic() - began
            found = look(upload)
            assert found.state == UploadState.PLANNED, found.message
            began = time.monotonic()
            page = client.get(f"/onboarding/files/{pk}/")
            took[f"page {turn}"] = time.monotonic() - began
            assert page.status_code == 200
            assert sum(found.totals["outcomes"].values()) == count
            assert_explained(upload)
            if turn == "again":
                assert not found.totals["writes"], found.totals
                break
            assert client.post(f"/onboarding/files/{pk}/apply/", {"mark": found.mark}).status_code == 302
            began = time.monotonic()
            uploads.apply_upload(upload)
            took["apply"] = time.monotonic() - began
            assert look(upload).state == UploadState.APPLIED
        told = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in took.items())
        print(f"FIGURE {kind}, {count} rows, {SOURCE}: {told}; {found.totals['outcomes']}")
        assert max(took["dry run first"], took["dry run again"]) < MOST
        if kind == "nhsbsa":
            assert_harmless(before)
    if FOLDER:
        assert_forces()


def assert_explained(upload: UUID) -> None:
    """Every row that is not taken says why; every one without a force is among those to be looked at."""
    with using_role("owner"):
        rows = UploadRow.objects.filter(upload_id=upload)
        assert not rows.filter(outcome__in=["refused", "left out"], text="").exists()
        assert not rows.filter(outcome__in=["new", "changed"], lies_in="", confirm=False).exists()


def assert_harmless(before: list[tuple[object, ...]]) -> None:
    """The older list changed nothing that was known, and never a day backwards."""
    after = {row[0]: row for row in state_of_the_register()}
    for row in before:
        now = after[row[0]]
        for was, is_now in zip(row, now, strict=True):
            assert was == is_now or was in (None, ""), (row, now)


def assert_forces() -> None:
    """Places that a part of the postcode would mislead about; and one name for each fact at a time."""
    with using_role("owner"):
        for postcode, force in (
            ("NR35 1AX", "Suffolk"), ("PE14 0RG", "Cambridgeshire"), ("CH4 8RU", "North Wales"), ("CW3 0AH", "Cheshire"),
            ("ST7 2AA", "Cheshire"), ("L24 4AG", "Cheshire"),
        ):  # fmt: skip
            for site in Pharmacy.objects.filter(postcode=postcode).select_related("force"):
                # Two of them lie in areas whose postcodes were not loaded: nobody's, and listed for a person.
                found = site.force.short_name if site.force else None
                assert found == force or (found is None and postcode[:2] in ("ST", "L2")), (postcode, found)
        print(f"FIGURE facts kept: {PharmacyFact.objects.count()}")
