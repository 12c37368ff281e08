import gzip
from pathlib import Path

import pytest

from pharmacies.register.codepoint import DistrictRow, PostcodeRow, RefusedRow, district_rows, postcode_rows
from pharmacies.register.reading import UnreadableFile, read

from .files import codepoint_row, lookup, written

HEADINGS = "postcode,quality,eastings,northings,country_code,nhs_regional_ha,nhs_ha,county_code,district_code,ward_code"


def rows(tmp_path: Path, data: str | bytes) -> list[PostcodeRow | RefusedRow]:
    file = tmp_path / "nr.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(postcode_rows(file))


NORWICH = PostcodeRow("NR21LD", "E07000148", 623109, 308596)


@pytest.mark.parametrize("postcode", ["NR2 1LD", "NR21LD", "NR2  1LD"])
def test_rows_are_read_as_published(tmp_path: Path, postcode: str) -> None:
    assert rows(tmp_path, written(codepoint_row(postcode))) == [NORWICH]


def test_headings_marks_and_compression_make_no_difference(tmp_path: Path) -> None:
    text = f"\ufeff{HEADINGS}\n" + written(codepoint_row("NR2 1LD"))
    assert rows(tmp_path, text) == [NORWICH]
    assert rows(tmp_path, gzip.compress(text.encode())) == [NORWICH]


def test_a_postcode_without_a_place_or_a_district_has_none(tmp_path: Path) -> None:
    nowhere = codepoint_row("CH90 0AA", "", quality="90", east="0")
    assert rows(tmp_path, written(nowhere)) == [PostcodeRow("CH900AA", None, None, None)]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (codepoint_row("NR2"), "“NR2” is not a UK postcode, such as NR2 1LD."),
        (codepoint_row("NR2 1LD", east="east"), "Its eastings and northings are not whole numbers of metres."),
        (codepoint_row("NR2 1LD", "Norwich"), "“Norwich” is not the code of a district, such as E07000148."),
        (codepoint_row("NR2 1LD")[:9], "It has 9 columns instead of 10."),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_its_number(tmp_path: Path, row: list[str], why: str) -> None:
    found = rows(tmp_path, written(codepoint_row("NR1 1AA"), row))
    assert found[1] == RefusedRow("nr.csv", 2, why)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "Excel workbook or a zip file"),
        (b"<html>", "This is a web page"),
        (b'"NR2 1LD,10', "quotation marks do not match"),
        (b"NR2 1LD,\xe9", "letters cannot be read"),
        (gzip.compress(b"NR2 1LD," * 99, mtime=0)[:-9], "compressed file is damaged"),
    ],
)
def test_files_of_another_kind_say_why(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        rows(tmp_path, data)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened: No such file"):
        list(postcode_rows(tmp_path / "none.csv"))


def districts(text: str) -> list[DistrictRow]:
    return district_rows(read(text.encode()))


def test_districts_that_stand_there_once_for_each_partnership_are_read_once() -> None:
    norwich = ("E07000148", "Norwich", "E23000024")
    assert districts(lookup(norwich, norwich)) == [DistrictRow(*norwich)]


def test_the_other_spelling_of_the_headings_is_read_and_a_force_may_be_missing() -> None:
    text = "lad_code,lad_name,pfa_code,pfa_name,basis\nS12000033,Aberdeen City,,,\n"
    assert districts(text) == [DistrictRow("S12000033", "Aberdeen City", "")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n1,2\n", "not the ONS table of districts and police force areas: it needs columns such as LAD23CD"),
        ("LAD23CD,LAD23NM,PFA23CD\nE1,Norwich,E23000024\n", "Row 2 .*“E1” is not the code of a district"),
        ("LAD23CD,LAD23NM,PFA23CD\nE07000148,Norwich\n", "Row 2 of the look-up table has too few or too many columns"),
        (
            lookup(("E07000148", "Norwich", "E23000024"), ("E07000148", "Norwich", "E23000025")),
            "Row 3 of the look-up table gives Norwich to another force",
        ),
    ],
)
def test_a_look_up_table_that_cannot_be_right_says_why(text: str, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        districts(text)
