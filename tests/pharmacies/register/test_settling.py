"""Which force a known pharmacy keeps or gets."""

from pharmacies.enums import ForceSource, Participation
from pharmacies.models import Pharmacy
from pharmacies.register.plan import Outcome

from .files import CHESHIRE, NORFOLK, SUFFOLK, ods_row, planned, taken


def known(postcode: str = "NR2 1LD", **fields: object) -> Pharmacy:
    (pharmacy,) = taken(ods_row(postcode=postcode))
    for name, value in fields.items():
        setattr(pharmacy, name, value)
    return pharmacy


def test_a_force_that_a_person_confirmed_is_never_overwritten() -> None:
    pharmacy = known(force_id=SUFFOLK, force_source=ForceSource.PERSON)
    (row,) = planned(ods_row(), pharmacies=[pharmacy]).rows
    assert (row.outcome, row.force) == (Outcome.SAME, "Suffolk Constabulary")
    assert (
        row.confirm == "It is recorded for Suffolk Constabulary, but its postcode NR2 1LD lies in Norfolk Constabulary."
    )


def test_nor_is_it_when_the_postcode_is_not_known() -> None:
    pharmacy = known("NR2 1ZZ", force_id=NORFOLK, force_source=ForceSource.PERSON)
    (row,) = planned(ods_row(postcode="NR2 1ZZ"), pharmacies=[pharmacy]).rows
    assert (row.outcome, row.confirm) == (Outcome.SAME, "")


def test_a_person_and_the_postcode_who_agree_need_no_confirming() -> None:
    pharmacy = known(force_source=ForceSource.PERSON)
    (row,) = planned(ods_row(), pharmacies=[pharmacy]).rows
    assert (row.outcome, row.confirm) == (Outcome.SAME, "")


def test_one_without_a_force_gets_it_once_its_postcode_is_known() -> None:
    pharmacy = known(force_id=None, force_source="", district_id=None, easting=None, northing=None)
    (row,) = planned(ods_row(), pharmacies=[pharmacy]).rows
    assert (row.outcome, row.changes["force"]) == (Outcome.CHANGED, ("", "Norfolk Constabulary"))


def test_a_postcode_that_retires_moves_nobody() -> None:
    pharmacy = known("NR35 1AX")
    pharmacy.postcode = "NR35 9ZZ"
    (row,) = planned(ods_row(postcode="NR35 9ZZ"), pharmacies=[pharmacy]).rows
    assert (row.outcome, row.force, row.confirm) == (Outcome.SAME, "Suffolk Constabulary", "")


def test_a_move_to_an_unknown_postcode_takes_the_force_away() -> None:
    (row,) = planned(ods_row(postcode="NR2 1ZZ"), pharmacies=[known()]).rows
    assert row.pharmacy is not None
    assert (row.pharmacy.force_id, row.pharmacy.force_source, row.pharmacy.district_id) == (None, "", None)
    assert row.confirm == "NR2 1ZZ is not among the live postcodes; it may be retired or wrong."


def test_but_not_from_one_that_takes_part() -> None:
    pharmacy = known(participation=Participation.ON_BOARD)
    (row,) = planned(ods_row(postcode="NR2 1ZZ"), pharmacies=[pharmacy]).rows
    assert row.pharmacy is not None
    assert (row.pharmacy.postcode, row.pharmacy.force_id) == ("NR2 1ZZ", NORFOLK)
    assert row.confirm.startswith("It has moved to NR2 1ZZ and stays with Norfolk Constabulary until a person")


def test_one_that_takes_part_and_moves_over_the_border_is_listed_and_stays() -> None:
    pharmacy = known(participation=Participation.ON_BOARD)
    (row,) = planned(ods_row(postcode="WA8 7TN"), pharmacies=[pharmacy]).rows
    assert row.pharmacy is not None
    assert (row.pharmacy.force_id, row.pharmacy.district_id) == (NORFOLK, "E06000006")
    assert "lies in Cheshire Constabulary" in row.confirm


def test_one_that_does_not_take_part_goes_with_its_postcode() -> None:
    (row,) = planned(ods_row(postcode="WA8 7TN"), pharmacies=[known()]).rows
    assert row.pharmacy is not None
    assert (row.pharmacy.force_id, row.confirm) == (CHESHIRE, "")


def test_the_telephone_of_one_that_takes_part_is_listed_and_left_to_its_people() -> None:
    pharmacy = known(participation=Participation.ON_BOARD, phone="01603 111111")
    (row,) = planned(ods_row(), pharmacies=[pharmacy]).rows
    assert row.outcome == Outcome.SAME
    assert row.confirm == "The telephone number in the file is 01603 621295; here it is 01603 111111, which stays."


def test_one_that_takes_part_and_has_closed_is_listed() -> None:
    pharmacy = known(participation=Participation.ON_BOARD)
    (row,) = planned(ods_row(status="C"), pharmacies=[pharmacy]).rows
    assert row.confirm == "It takes part here, but the register says that it has closed."
