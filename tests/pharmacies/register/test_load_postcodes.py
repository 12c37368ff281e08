"""The command on a real database, as the import's own role."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from ani_portal.access.roles import using_role
from pharmacies.models import District, Postcode
from pharmacies.reference import load

from .files import codepoint_row, lookup, written

NORWICH = ("E07000148", "Norwich", "E23000024")
HALTON = ("E06000006", "Halton", "E23000006")
BUNGAY = ("E07000244", "East Suffolk", "E23000025")


@pytest.fixture(autouse=True)
def forces(database: str) -> None:
    """All the forces, and the districts of two."""
    with using_role("owner"):
        load(practice=False)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A look-up table of three districts."""
    return write(tmp_path / "lookup.csv", lookup(NORWICH, HALTON, BUNGAY))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def run(table: Path, *files: Path) -> list[str]:
    out = StringIO()
    call_command("load_postcodes", *map(str, files), lookup=table, stdout=out)
    return out.getvalue().splitlines()


def stored() -> dict[str, tuple[str | None, int | None]]:
    with using_role("owner"):
        return {p.postcode: (p.district_id, p.easting) for p in Postcode.objects.all()}


def test_districts_and_postcodes_are_written_and_counted(tmp_path: Path, table: Path) -> None:
    first = write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD"), codepoint_row("NR35 1AX", "E07000244")))
    second = write(tmp_path / "wa.csv", written(codepoint_row("WA8 7TN", "E06000006"), codepoint_row("WA8", "")))
    told = run(table, first, second)
    assert told == [
        "Districts: 3 read, 1 new, 0 changed, 2 the same, 0 refused.",
        "Postcodes: 4 read, 3 new, 0 changed, 0 the same, 1 refused.",
        "  wa.csv row 2: “WA8” is not a UK postcode, such as NR2 1LD.",
    ]
    assert stored().keys() == {"NR21LD", "NR351AX", "WA87TN"}
    with using_role("owner"):
        bungay = District.objects.select_related("force").get(code="E07000244")
    assert bungay.force is not None
    assert bungay.force.name == "Suffolk Constabulary"


def test_a_second_run_changes_nothing_and_a_new_edition_only_what_differs(tmp_path: Path, table: Path) -> None:
    file = write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD"), codepoint_row("NR1 1AA")))
    run(table, file)
    assert run(table, file)[1] == "Postcodes: 2 read, 0 new, 0 changed, 2 the same, 0 refused."
    write(file, written(codepoint_row("NR2 1LD", east="623110"), codepoint_row("NR1 1AA"), codepoint_row("NR1 1AB")))
    assert run(table, file)[1] == "Postcodes: 3 read, 1 new, 1 changed, 1 the same, 0 refused."
    assert stored()["NR21LD"] == ("E07000148", 623110)


def test_a_postcode_in_a_district_that_the_table_lacks_has_none_and_that_is_told(tmp_path: Path, table: Path) -> None:
    told = run(table, write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD", "E07999999"))))
    assert told[-1] == "Districts that the look-up table does not have; their postcodes have no force: E07999999."
    assert stored() == {"NR21LD": (None, 623109)}


def test_a_postcode_that_stands_twice_is_taken_once(tmp_path: Path, table: Path) -> None:
    told = run(
        table, write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD"), codepoint_row("NR21LD", "E06000006")))
    )
    assert told[-1] == "  nr.csv row 2: NR21LD stands in an earlier row as well; the earlier one was taken."
    assert stored() == {"NR21LD": ("E07000148", 623109)}


def test_a_district_of_a_force_that_is_not_known_is_refused(tmp_path: Path) -> None:
    table = write(tmp_path / "lookup.csv", lookup(("E07999999", "Elsewhere", "E23000099")))
    told = run(table, write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD"))))
    assert told[0] == "Districts: 1 read, 0 new, 0 changed, 0 the same, 1 refused."
    assert "Elsewhere: no police force here has the code E23000099." in told[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "wrong.csv: The file is empty. Nothing was written."),
        ("<html>", "wrong.csv: This is a web page"),
        ("a,b\n1,2\n", "wrong.csv is not a Code-Point Open file. Row 1: It has 2 columns instead of 10."),
    ],
)
def test_one_file_that_is_wrong_and_nothing_is_written(tmp_path: Path, table: Path, text: str, said: str) -> None:
    good = write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD")))
    with pytest.raises(CommandError, match=said):
        run(table, good, write(tmp_path / "wrong.csv", text))
    assert stored() == {}
    with using_role("owner"):
        assert not District.objects.filter(code="E07000244").exists()


def test_a_file_that_breaks_in_the_middle_leaves_nothing_behind(tmp_path: Path, table: Path) -> None:
    file = tmp_path / "nr.csv"
    file.write_bytes(written(codepoint_row("NR2 1LD")).encode() * 50 + b'"NR2 1\xe9\n')
    with pytest.raises(CommandError, match=r"nr\.csv: This is not a Code-Point Open file.*Nothing was written"):
        run(table, file)
    assert stored() == {}


def test_another_table_is_refused(tmp_path: Path) -> None:
    wrong = write(tmp_path / "lookup.csv", "a,b\n1,2\n")
    with pytest.raises(CommandError, match=r"lookup\.csv: This is not the ONS table of districts"):
        run(wrong, write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD"))))


def test_a_file_of_headings_alone_is_refused(tmp_path: Path, table: Path) -> None:
    with pytest.raises(CommandError, match=r"nr\.csv has no rows\. Nothing was written"):
        run(table, write(tmp_path / "nr.csv", "postcode,quality\n"))


def test_a_district_that_is_renamed_is_changed(tmp_path: Path) -> None:
    table = write(tmp_path / "lookup.csv", lookup(("E07000148", "City of Norwich", "E23000024")))
    told = run(table, write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD"))))
    assert told[0] == "Districts: 1 read, 0 new, 1 changed, 0 the same, 0 refused."


def test_many_rows_go_in_batches_and_many_refusals_are_counted(tmp_path: Path, table: Path) -> None:
    ends = [f"{a}{b}" for a in "ABDEFGHJLNPQRSTUWXYZ" for b in "ABDEFGHJLNPQRSTUWXYZ"]
    many = [codepoint_row(f"NR{n} {m}{end}") for n in range(1, 6) for m in range(10) for end in ends]
    file = write(tmp_path / "nr.csv", written(*many, *[codepoint_row("NR")] * 60, codepoint_row("NR9 1AA")))
    told = run(table, file)
    assert told[1] == "Postcodes: 20,061 read, 20,001 new, 0 changed, 0 the same, 60 refused."
    assert told[2].startswith("  nr.csv row 20001: ")
    assert told[-1] == "  … and 10 more."


def test_the_forces_are_written_first_where_there_are_none(tmp_path: Path, table: Path) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("truncate pharmacies_policeforce cascade")
    told = run(table, write(tmp_path / "nr.csv", written(codepoint_row("NR2 1LD"))))
    assert told[:2] == [
        "Police forces: 45 written first, as there were none.",
        "Districts: 3 read, 3 new, 0 changed, 0 the same, 0 refused.",
    ]
