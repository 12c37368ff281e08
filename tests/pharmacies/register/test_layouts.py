import pytest

from pharmacies.register.layouts import Entry, Kind, Status, find_layout
from pharmacies.register.offices import names_by_code
from pharmacies.register.reading import UnreadableFile, read

from .files import NHSBSA, ods_row, written


def entries(text: str) -> list[Entry]:
    sheet = read(text.encode())
    return list(find_layout(sheet).entries(sheet))


def test_the_ods_register_is_read_by_position() -> None:
    (entry,) = entries(written(ods_row()))
    assert entry == Entry(
        row=1,
        ods_code="FAR67",
        name="BOOTS",
        address=("34-36 LONDON STREET", "NORWICH", "NORFOLK", "", ""),
        postcode="NR2 1LD",
        kind=Kind.PHARMACY,
        status=Status.OPEN,
        phone="01603 621295",
        opened="19480101",
        parent="P08F",
    )


def test_headings_that_somebody_added_are_passed_over() -> None:
    headings = [f"Column {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZÅ"]
    headings[9:11] = ["Postcode", "Open date"]
    assert [entry.row for entry in entries(written(headings, ods_row()))] == [2]


def test_a_row_of_another_width_is_told_and_the_others_are_read() -> None:
    broken = ods_row("FZZ02")[:-1]
    _, second, third = entries(written(ods_row(), broken, ods_row("FZZ03")))
    assert second.fault == "It has 26 columns instead of 27."
    assert (third.row, third.fault) == (3, "")


def test_missing_columns_are_told_with_both_numbers() -> None:
    with pytest.raises(UnreadableFile, match="has 27 columns; this file has 20"):
        entries(written(ods_row()[:20]))


@pytest.mark.parametrize("text", ["one column\nonly\n", "a,b,c\n1,2,3\n", written(["x"] * 27)])
def test_a_file_of_another_kind_is_told_what_was_expected(text: str) -> None:
    with pytest.raises(UnreadableFile, match="neither the NHS ODS register .* nor the NHSBSA list"):
        entries(text)


@pytest.mark.parametrize(("was", "spelt"), [("ODS_CODE_(F-CODE)", "ODS_CODE_F_CODE"), ("_FIELD1", "_FIELD_1")])
def test_the_nhsbsa_list_is_read_by_its_headings_however_spelt(was: str, spelt: str) -> None:
    first, second = entries(NHSBSA.replace(was, spelt))
    assert (first.ods_code, first.name, first.kind, first.status) == ("FAR67", "BOOTS", Kind.PHARMACY, Status.OPEN)
    assert first.address == ("34-36 LONDON STREET", "NORWICH", "NORFOLK", "")
    assert (first.phone, first.opened, first.parent) == (None, None, None)
    assert second.kind is Kind.APPLIANCES


def test_a_row_of_the_nhsbsa_list_of_another_width_is_told() -> None:
    *_, last = entries(NHSBSA + "FZZ03,NORFOLK\n")
    assert last.fault == "It has 2 columns; the headings have 10."


def test_head_offices_are_named_readably() -> None:
    sheet = read(written(ods_row("P08F", name="BOOTS GROUP PLC"), ods_row("A9A9A", name="K & K LTD")).encode())
    assert names_by_code(sheet) == {"P08F": "Boots Group PLC", "A9A9A": "K & K Ltd"}


def test_other_files_are_not_taken_for_head_offices() -> None:
    with pytest.raises(UnreadableFile, match="lists pharmacies, not head offices"):
        names_by_code(read(written(ods_row(), ods_row("FZZ02")).encode()))
    with pytest.raises(UnreadableFile, match="is not the NHS ODS table of pharmacy head offices"):
        names_by_code(read(b"P08F,Boots\n"))


def test_headings_alone_or_nothing_are_told() -> None:
    with pytest.raises(UnreadableFile, match="The file has no rows"):
        entries(" , ,\n")
