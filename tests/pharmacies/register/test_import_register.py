"""The command on a real database, as the import's own role."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.audit.models import AuditEntry
from pharmacies.enums import ForceSource, Participation, SiteStatus
from pharmacies.models import Organisation, Pharmacy, PoliceForce, Postcode
from pharmacies.reference import load
from pharmacies.reference.districts import HALTON, NORWICH
from pharmacies.reference.forces import CHESHIRE, NORFOLK

from .files import ods_row, written

pytestmark = pytest.mark.usefixtures("places")

ROWS = [
    ods_row("FZZ01", parent="P0ZZ"),
    ods_row("FZZ02", postcode="WA8 7TN", parent="P0ZZ"),
    ods_row("FZZ03", postcode="NR2 9ZZ", parent="P0MG"),
    ods_row("FZZ04", status="C"),
    ods_row("FZZ05", postcode=""),
    ods_row("FZZ06", postcode="IM1 1AE"),
]


@pytest.fixture
def places(database: str) -> None:
    """The forces, and two postcodes."""
    with using_role("owner"):
        load(practice=False)
        Postcode.objects.create(postcode="NR21LD", district_id=NORWICH, easting=623109, northing=308596)
        Postcode.objects.create(postcode="WA87TN", district_id=HALTON, easting=351200, northing=385500)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register of six rows."""
    return write(tmp_path / "register.csv", *ROWS)


def write(path: Path, *rows: list[str]) -> Path:
    path.write_bytes(written(*rows).encode())
    return path


def run(path: Path, *options: str) -> list[str]:
    out = StringIO()
    call_command("import_register", str(path), *options, stdout=out)
    return out.getvalue().splitlines()


def stored(*codes: str) -> list[Pharmacy]:
    with using_role("owner"):
        return list(
            Pharmacy.objects.select_related("organisation", "force").filter(ods_code__in=codes).order_by("ods_code")
        )


def row_versions() -> list[tuple[object, ...]]:
    """Every row of what an import may write, with the transaction that wrote it last."""
    found: list[tuple[object, ...]] = []
    with connections["owner"].cursor() as cursor:
        for table in ("pharmacies_pharmacy", "pharmacies_organisation", "audit_auditentry"):
            cursor.execute(f"select '{table}', xmin::text, ctid::text from {table} order by 2, 3")
            found += cursor.fetchall()
    return found


def test_a_dry_run_tells_everything_and_writes_nothing(register: Path) -> None:
    before = row_versions()
    told = run(register, "--dry-run")
    assert told[0] == "NHS ODS register, 6 rows: 3 new, 0 changed, 0 the same, 2 left out, 1 refused."
    assert told[1] == "A dry run: nothing was written."
    assert row_versions() == before


def test_open_pharmacies_get_their_force_and_the_rest_is_told_row_by_row(register: Path) -> None:
    told = "\n".join(run(register))
    norwich, widnes, unknown = stored("FZZ01", "FZZ02", "FZZ03", "FZZ04", "FZZ05", "FZZ06")
    assert norwich.force is not None and widnes.force is not None
    assert (norwich.force.ons_code, widnes.force.ons_code) == (NORFOLK, CHESHIRE)
    assert (unknown.force, unknown.force_source) == (None, "")
    assert norwich.organisation == widnes.organisation
    assert norwich.participation == Participation.REGISTERED
    assert "All of it was written, in one go." in told
    assert "Row 3, FZZ03 Boots NR2 9ZZ: NR2 9ZZ is not among the live postcodes" in told
    assert "Row 4, FZZ04 Boots NR2 1LD: The register says that it has closed." in told
    assert "Row 5, FZZ05 Boots: The row has no postcode." in told
    assert "Row 6, FZZ06 Boots IM1 1AE: On the Isle of Man" in told


def test_what_was_written_is_in_the_log_once(register: Path) -> None:
    run(register, "--dry-run")
    run(register)
    run(register)
    with using_role("owner"):
        (entry,) = AuditEntry.objects.filter(event="register.imported")
    assert (entry.chain, entry.actor_kind, entry.actor_id) == (0, "process", "import_register")
    counts = {"new": 3, "changed": 0, "same": 0, "left_out": 2, "refused": 1}
    assert json.loads(entry.detail) == {"layout": "NHS ODS register", **counts}


def test_a_second_run_writes_not_one_row(register: Path) -> None:
    run(register)
    before = row_versions()
    told = run(register)
    assert told[:2] == [
        "NHS ODS register, 6 rows: 0 new, 0 changed, 3 the same, 2 left out, 1 refused.",
        "Nothing had changed; nothing was written.",
    ]
    assert row_versions() == before


def test_changes_are_written_and_what_people_decided_stays(register: Path, tmp_path: Path) -> None:
    run(register)
    with using_role("owner"):
        suffolk = PoliceForce.objects.get(name="Suffolk Constabulary")
        Pharmacy.objects.filter(ods_code="FZZ01").update(force=suffolk, force_source=ForceSource.PERSON)
        Pharmacy.objects.filter(ods_code="FZZ02").update(participation=Participation.SUSPENDED, phone="0151 000000")
    rows = [ods_row("FZZ01", name="WELL", parent="P0MG"), ods_row("FZZ02", postcode="WA8 7TN", name="WELL")]
    told = run(write(tmp_path / "next.csv", *rows, ods_row("FZZ03", status="C")))
    assert told[0].startswith("NHS ODS register, 3 rows: 0 new, 3 changed")
    first, second, third = stored("FZZ01", "FZZ02", "FZZ03")
    assert first.organisation is not None
    assert (first.name, first.force, first.force_source) == ("Well", suffolk, ForceSource.PERSON)
    assert first.organisation.ods_code == "P0MG"
    assert (second.name, second.phone, second.participation) == ("Well", "0151 000000", Participation.SUSPENDED)
    assert (third.name, third.site_status) == ("Boots", SiteStatus.CLOSED)


def test_a_force_comes_later_when_the_postcode_does(register: Path) -> None:
    run(register)
    with using_role("owner"):
        Postcode.objects.create(postcode="NR29ZZ", district_id=NORWICH, easting=1, northing=1)
    run(register)
    (later,) = stored("FZZ03")
    assert (later.force is not None, later.district_id, later.easting) == (True, NORWICH, 1)


def test_the_practice_pharmacies_stand_as_the_register_has_them(tmp_path: Path) -> None:
    with using_role("import"):
        load(practice=True)
        before = row_versions()
        load(practice=True)
    assert row_versions() == before
    row = ods_row("FWK22", name="WELL", street="1 ST.JOHN'S CLOSE", town="HALL ROAD", county="NORWICH")
    row[8] = "NORFOLK"
    row[9:11] = ["NR1 2AD", "20041101"]
    row[14], row[17] = "P0MG", "01603 624539"
    told = run(write(tmp_path / "well.csv", row), "--dry-run")
    assert told[0] == "NHS ODS register, 1 rows: 0 new, 0 changed, 1 the same, 0 left out, 0 refused."


def test_head_offices_are_named_when_their_table_is_given(register: Path, tmp_path: Path) -> None:
    # An office that no practice pharmacy belongs to: those have theirs already.
    write(register, ods_row("FZZ01", parent="P0ZZ"))
    run(register)
    offices = write(tmp_path / "offices.csv", ods_row("P0ZZ", name="BOOTS GROUP PLC"))
    assert "1 head office new or renamed." in run(register, "--head-offices", str(offices))
    with using_role("owner"):
        assert Organisation.objects.get(ods_code="P0ZZ").name == "Boots Group PLC"
    run(register)
    with using_role("owner"):
        assert Organisation.objects.get(ods_code="P0ZZ").name == "Boots Group PLC"


def test_the_report_holds_every_row(register: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    run(register, "--dry-run", "--report", str(report))
    rows = list(csv.DictReader(StringIO(report.read_text(encoding="utf-8-sig"))))
    assert [row["ODS code"] for row in rows] == [f"FZZ0{n}" for n in range(1, 7)]


def test_a_report_that_cannot_be_kept_is_found_out_before_anything_is_written(register: Path, tmp_path: Path) -> None:
    before = row_versions()
    with pytest.raises(CommandError, match="cannot be opened"):
        run(register, "--report", str(tmp_path / "none" / "report.csv"))
    with pytest.raises(CommandError, match="would overwrite a file that is being read"):
        run(register, "--report", str(register))
    assert row_versions() == before
    assert register.read_bytes() == written(*ROWS).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "register.csv: The file is empty."),
        (b"PK\x03\x04", "register.csv: The workbook is damaged."),
        (b"<html>", "register.csv: This is a web page"),
        (b"a,b\n1,2\n", "register.csv: This is neither the NHS ODS register"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(register: Path, data: bytes, said: str) -> None:
    register.write_bytes(data)
    with pytest.raises(CommandError, match=said):
        run(register)


def test_a_file_in_windows_1252_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_bytes(written(ods_row("FZZ07", name="CAFÉ PHARMACY"), delimiter=";").encode("cp1252"))
    run(file)
    assert stored("FZZ07")[0].name == "Café Pharmacy"


def test_two_imports_at_the_same_moment_are_one_after_the_other(register: Path) -> None:
    def import_it() -> None:
        try:
            run(register)
        finally:
            connections.close_all()

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(import_it) for _ in range(2)]:
            done.result()
    assert len(stored("FZZ01", "FZZ02", "FZZ03")) == 3
