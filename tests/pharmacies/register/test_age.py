"""Of which day a list is, and that an older one takes nothing back."""

from datetime import date

import pytest
from django.db import connections

from ani_portal.access.roles import using_role
from pharmacies.enums import UploadState
from pharmacies.models import Pharmacy, Postcode
from pharmacies.reference.districts import NORWICH
from pharmacies.register.age import day_of_name
from tests.cast import Cast
from tests.pharmacies.onboarding.files import apply, give, look
from tests.visitors import desk

from .files import NHSBSA, ods_row, written

NEW, OLD = date(2025, 3, 31), date(2023, 12, 31)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("nhs_ods_edispensary_2025q1.csv", NEW),
        ("nhsbsa_consolidated_pharmaceutical_list_2023-24_q3.csv", OLD),
        ("Consol_Pharmacy_List_202324Q3.csv", None),
        ("list 2023-24 Q4.xlsx", date(2024, 3, 31)),
        ("sites 2026-02-28.csv", date(2026, 2, 28)),
        ("sites_20260228.csv", date(2026, 2, 28)),
        ("epharmacyhq_2019-04.csv", date(2019, 4, 30)),
        ("edispensary.csv", None),
        ("2026-02-31.csv", None),
        ("branch 20251.csv", None),
    ],
)
def test_a_name_tells_its_day_or_nothing(name: str, day: date | None) -> None:
    assert day_of_name(name) == day


@pytest.fixture
def norwich(cast: Cast) -> Pharmacy:
    """A pharmacy known from the newer register, without a telephone number."""
    with using_role("owner"):
        Postcode.objects.create(postcode="NR21LD", district_id=NORWICH, easting=623109, northing=308596)
    client = desk(cast, "norfolk", "coordinator")
    row = ods_row("FZZ01", name="THE NEW NAME", street="2 NEW STREET", phone="", parent="")
    apply(client, give(client, written(row).encode(), as_of=NEW))
    return known()


def known() -> Pharmacy:
    with using_role("owner"):
        return Pharmacy.objects.get(ods_code="FZZ01")


def test_an_older_list_fills_what_is_missing_and_takes_nothing_back(cast: Cast, norwich: Pharmacy) -> None:
    """The dry run says so, with both days; applied, the name stays and the telephone number is there."""
    client = desk(cast, "norfolk", "coordinator")
    upload = give(client, written(ods_row("FZZ01", name="AN OLD NAME")).encode(), as_of=OLD)
    page = client.get(f"/onboarding/files/{upload}/").content.decode()
    assert "1 pharmacy differs that is known here as of a newer day" in page
    assert "The list is of 31 December 2023. What is known here is of 31 March 2025, and stays." in page
    assert apply(client, upload).state == UploadState.APPLIED
    found = known()
    assert (found.name, found.phone, found.facts_as_of) == ("The New Name", "01603 621295", NEW)
    again = look(give(client, written(ods_row("FZZ01", name="AN OLD NAME")).encode(), as_of=OLD))
    assert not again.totals["writes"]


def test_an_older_list_closes_nothing(cast: Cast, norwich: Pharmacy) -> None:
    """It was open later."""
    client = desk(cast, "norfolk", "coordinator")
    assert not look(give(client, written(ods_row("FZZ01", status="C")).encode(), as_of=OLD)).totals["writes"]
    newer = give(client, written(ods_row("FZZ01", status="C")).encode(), as_of=date(2025, 6, 30))
    assert look(newer).totals["outcomes"]["changed"] == 1


def test_a_newer_list_renews_what_it_confirms_once(cast: Cast, norwich: Pharmacy) -> None:
    """The same facts as of a newer day: noted once; then there is nothing to write."""
    client, row = (
        desk(cast, "norfolk", "coordinator"),
        ods_row("FZZ01", name="THE NEW NAME", street="2 NEW STREET", phone="", parent=""),
    )
    for day, writes in ((date(2025, 6, 30), True), (date(2025, 6, 30), False)):
        upload = give(client, written(row).encode(), as_of=day)
        assert look(upload).totals["outcomes"]["same"] == 1
        assert look(upload).totals["writes"] is writes
        if writes:
            assert apply(client, upload).state == UploadState.APPLIED
        assert known().facts_as_of == day


def test_what_a_person_corrected_is_not_taken_back_by_an_older_list(cast: Cast, norwich: Pharmacy) -> None:
    """The day of the edit counts."""
    client = desk(cast, "norfolk", "coordinator")
    path = f"/onboarding/pharmacies/{norwich.pk}/details/"
    version = client.get(path).context["form"].initial["version"]
    said = {
        "version": version, "name": "Corrected", "address": norwich.address, "postcode": norwich.postcode,
        "phone": "01603 000001", "ods_code": "FZZ01", "gphc_number": "",
    }  # fmt: skip
    assert client.post(path, said).status_code == 302
    upload = give(client, written(ods_row("FZZ01", name="THE NEW NAME", parent="")).encode(), as_of=NEW)
    assert not look(upload).totals["outcomes"]["changed"]
    apply(client, give(client, NHSBSA.replace("FAR67", "FZZ01").encode(), as_of=OLD))
    assert known().name == "Corrected"
    for alias in connections:
        connections[alias].close()


def test_a_list_of_no_day_is_asked_for_it(cast: Cast) -> None:
    """Beside the field; a name that tells is enough; a day that has not come is none."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, rows = desk(cast, "norfolk", "coordinator"), written(ods_row("FZZ01")).encode()
    refused = client.post("/onboarding/files/", {"file": SimpleUploadedFile("list.csv", rows)})
    assert refused.status_code == 422
    assert "does not tell of which day it is" in refused.content.decode()
    far = {"file": SimpleUploadedFile("list.csv", rows), "as_of": "2999-01-01"}
    assert client.post("/onboarding/files/", far).status_code == 422
    assert client.post("/onboarding/files/", {"file": SimpleUploadedFile("list_2025q1.csv", rows)}).status_code == 302
