"""What an import decides, row by row; nothing here touches a database."""

from datetime import date

import pytest

from pharmacies.enums import ForceSource, Participation, SiteStatus
from pharmacies.models import Pharmacy
from pharmacies.register.plan import Outcome, PlannedRow

from .files import CHESHIRE, NHSBSA, NORFOLK, SUFFOLK, ods_row, planned, planned_text, taken


def the_row(*rows: list[str], pharmacies: list[Pharmacy] | None = None) -> PlannedRow:
    (row,) = planned(*rows, pharmacies=pharmacies).rows
    return row


def test_an_open_pharmacy_is_new_with_the_force_of_its_full_postcode() -> None:
    row = the_row(ods_row())
    pharmacy = row.pharmacy
    assert pharmacy is not None
    assert (row.outcome, row.force, row.confirm) == (Outcome.NEW, "Norfolk Constabulary", "")
    assert (pharmacy.name, pharmacy.full_address) == ("Boots", "34-36 London Street, Norwich, Norfolk, NR2 1LD")
    assert (pharmacy.force_id, pharmacy.force_source) == (NORFOLK, ForceSource.POSTCODE)
    assert (pharmacy.district_id, pharmacy.easting, pharmacy.northing) == ("E07000148", 623109, 308596)
    assert (pharmacy.phone, pharmacy.opened_on) == ("01603 621295", date(1948, 1, 1))
    assert (pharmacy.participation, pharmacy.site_status) == (Participation.REGISTERED, SiteStatus.OPEN)
    assert pharmacy.organisation is not None
    assert (pharmacy.organisation.ods_code, pharmacy.organisation.name) == ("P08F", "")


@pytest.mark.parametrize(
    ("postcode", "force"), [("IP24 1JD", NORFOLK), ("NR35 1AX", SUFFOLK), ("WA8 7TN", CHESHIRE), ("wa87tn", CHESHIRE)]
)
def test_the_letters_of_a_postcode_decide_nothing(postcode: str, force: int) -> None:
    (pharmacy,) = planned(ods_row(postcode=postcode)).new()
    assert pharmacy.force_id == force


@pytest.mark.parametrize(
    ("postcode", "why"),
    [
        ("NR2 1ZZ", "NR2 1ZZ is not among the live postcodes; it may be retired or wrong."),
        ("CB1 1AA", "No postcode that begins with CB has been loaded."),
        ("NR1 9ZZ", "The postcode file gives no district for NR1 9ZZ."),
        ("NR1 8ZZ", "The look-up table names no force for the district of NR1 8ZZ."),
    ],
)
def test_a_postcode_that_does_not_decide_is_recorded_without_a_force_and_listed(postcode: str, why: str) -> None:
    row = the_row(ods_row(postcode=postcode))
    assert row.pharmacy is not None
    assert (row.outcome, row.confirm) == (Outcome.NEW, why)
    assert (row.pharmacy.force_id, row.pharmacy.force_source) == (None, "")


def test_a_misspaced_postcode_is_read_and_told() -> None:
    row = the_row(ods_row(postcode="NR2 1 LD"))
    assert (row.outcome, row.postcode) == (Outcome.NEW, "NR2 1LD")
    assert row.notes == ("The postcode “NR2 1 LD” was read as NR2 1LD.",)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "2"}, "An appliance contractor, not a pharmacy."),
        ({"kind": "3"}, "An oxygen supplier, not a pharmacy."),
        ({"status": "C"}, "The register says that it has closed."),
        ({"status": "P"}, "It is proposed and has not opened."),
        ({"postcode": "IM1 1AE"}, "On the Isle of Man, whose police are not a UK territorial force."),
    ],
)
def test_what_is_not_for_us_is_left_out_with_the_reason(changes: dict[str, str], why: str) -> None:
    row = planned(ods_row(**changes), ods_row("FZZ02")).rows[0]
    assert (row.outcome, row.reason, row.pharmacy) == (Outcome.LEFT_OUT, why, None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"postcode": ""}, "The row has no postcode. Without it nobody can tell which police force is responsible."),
        ({"postcode": "NR2 OLD"}, "“NR2 OLD” is not a UK postcode, such as NR2 1LD."),
        ({"name": ""}, "The row has no name."),
        ({"street": "", "town": "", "county": ""}, "The row has no address to give to a call handler."),
        ({"name": "A" * 121}, "Its name is longer than 120 characters."),
        ({"kind": "9"}, "The row does not say what kind of site it is."),
        ({"status": "X"}, "The row does not say whether it is open."),
    ],
)
def test_what_is_wrong_is_refused_with_the_reason(changes: dict[str, str], why: str) -> None:
    row = planned(ods_row(**changes), ods_row("FZZ02"), ods_row("FZZ03")).rows[0]
    assert (row.outcome, row.reason, row.pharmacy) == (Outcome.REFUSED, why, None)


def test_something_that_is_no_code_is_refused() -> None:
    row = planned(ods_row("12345"), ods_row("FZZ02"), ods_row("FZZ03")).rows[0]
    assert row.reason == "“12345” is no ODS code: an F and four letters or digits, such as FAR67."


def test_a_code_that_stands_twice_is_refused_in_each_row() -> None:
    plan = planned(ods_row(), ods_row("FZZ02"), ods_row(name="BOOTS AGAIN"))
    assert [row.outcome for row in plan.rows] == [Outcome.REFUSED, Outcome.NEW, Outcome.REFUSED]
    assert plan.rows[0].reason == "The code FAR67 stands in rows 1, 3. None of them was taken: only one can be right."


def test_details_that_are_wrong_are_left_out_and_the_pharmacy_is_taken() -> None:
    row = the_row(ods_row(opened="19481301", parent="P 08F"))
    assert row.pharmacy is not None
    assert (row.pharmacy.opened_on, row.pharmacy.organisation) == (None, None)
    assert row.notes == (
        "“19481301” is not a date; the opening date was left out.",
        "“P 08F” is not a head office's code; it was left out.",
    )


def test_one_head_office_for_all_its_sites_named_from_its_table() -> None:
    plan = planned(ods_row(), ods_row("FZZ02"), offices={"P08F": "Boots Group PLC"})
    assert [office.name for office in plan.organisations.values()] == ["Boots Group PLC"]
    first, second = plan.new()
    assert first.organisation is second.organisation


def test_the_same_file_again_changes_nothing() -> None:
    rows = [ods_row(), ods_row("FZZ02", postcode="NR2 1ZZ"), ods_row("FZZ03", phone="", parent="", opened="")]
    plan = planned(*rows, pharmacies=taken(*rows))
    assert [row.outcome for row in plan.rows] == [Outcome.SAME] * 3
    assert not plan.writes()


def test_each_change_is_told_before_and_after() -> None:
    row = the_row(
        ods_row(name="BOOTS THE CHEMISTS", phone="01603 000000", parent="P0MG", postcode="WA8 7TN"),
        pharmacies=taken(ods_row()),
    )
    assert row.outcome == Outcome.CHANGED
    assert row.changes == {
        "name": ("Boots", "Boots The Chemists"),
        "postcode": ("NR2 1LD", "WA8 7TN"),
        "telephone number": ("01603 621295", "01603 000000"),
        "force": ("Norfolk Constabulary", "Cheshire Constabulary"),
        "district": ("E07000148", "E06000006"),
        "head office": ("P08F", "P0MG"),
    }
    assert row.fields >= {"easting", "northing", "organisation_id"}
    assert "participation" not in row.fields


def test_what_the_register_leaves_blank_stays_as_it_is_known() -> None:
    row = the_row(ods_row(phone="", parent="", opened=""), pharmacies=taken(ods_row()))
    assert row.outcome == Outcome.SAME


def test_a_known_pharmacy_that_has_closed_is_closed_and_nothing_else() -> None:
    row = the_row(ods_row(status="C", name="GONE"), pharmacies=taken(ods_row()))
    assert row.pharmacy is not None
    assert (row.outcome, row.fields) == (Outcome.CHANGED, frozenset({"site_status"}))
    assert (row.pharmacy.site_status, row.pharmacy.name) == (SiteStatus.CLOSED, "Boots")


def test_one_that_closed_and_opens_again_is_open() -> None:
    (pharmacy,) = taken(ods_row())
    pharmacy.site_status = SiteStatus.CLOSED
    assert the_row(ods_row(), pharmacies=[pharmacy]).changes == {"status": ("closed", "open")}


def test_a_list_that_is_not_the_register_adds_to_it_and_opens_nothing_again() -> None:
    assert [row.outcome for row in planned_text(NHSBSA).rows] == [Outcome.NEW, Outcome.LEFT_OUT]
    (pharmacy,) = taken(ods_row())
    pharmacy.site_status = SiteStatus.CLOSED
    row, _ = planned_text(NHSBSA, pharmacies=[pharmacy]).rows
    assert row.outcome == Outcome.SAME
    assert row.confirm == "This list still has it, but the official register says that it has closed."


def test_pharmacies_missing_from_a_complete_register_are_told() -> None:
    assert planned(ods_row(), pharmacies=taken(ods_row(), ods_row("FZZ02"))).missing == ["FZZ02"]


def test_counts_are_by_force_and_by_outcome() -> None:
    plan = planned(ods_row(), ods_row("FZZ02", postcode="NR2 1ZZ"), ods_row("FZZ03", status="C"))
    assert plan.by_force() == {"": 1, "Norfolk Constabulary": 1}
    assert plan.counts() == {
        Outcome.NEW: 2,
        Outcome.CHANGED: 0,
        Outcome.SAME: 0,
        Outcome.LEFT_OUT: 1,
        Outcome.REFUSED: 0,
    }


def test_a_row_of_another_width_is_refused_and_the_others_are_taken() -> None:
    plan = planned(ods_row(), ods_row("FZZ02")[:-1], ods_row("FZZ03"))
    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.REFUSED, Outcome.NEW]
    assert plan.rows[1].reason == "It has 26 columns instead of 27."
