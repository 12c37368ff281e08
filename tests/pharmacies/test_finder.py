"""The public page that finds a pharmacy: it says no more than is true."""

import pytest
from django.test import Client

from ani_portal.access.roles import using_role
from pharmacies.enums import ForceSource, Participation
from pharmacies.models import Pharmacy, Postcode
from pharmacies.reference.districts import NORWICH
from tests.cast import Cast


@pytest.fixture
def shops(cast: Cast) -> None:
    """Eleven that take part in one street, each a mile further, and one that does not."""
    with using_role("owner"):
        Postcode.objects.create(postcode="NR21LD", district_id=NORWICH, easting=600000, northing=300000)
        for n in range(12):
            Pharmacy.objects.create(
                ods_code=f"FZZ{n:02d}", name=f"Made-up Chemist {11 - n:02d}", address="1 Nowhere Road, Madeupham",
                postcode="NR2 1LD", force=cast.force("norfolk"), force_source=ForceSource.POSTCODE,
                easting=600000 + 1609 * n, northing=300000,
                participation=Participation.ON_BOARD if n < 11 else Participation.REGISTERED,
            )  # fmt: skip


def found(wanted: str) -> str:
    """The page for what somebody typed."""
    return Client().get("/find/", {"q": wanted}).content.decode()


def test_the_nearest_to_a_postcode_come_first(shops: None) -> None:
    """Ten of those that take part, with their miles."""
    page = found("NR2 1LD")
    assert "the nearest first" in page and "0.0 miles" in page
    assert page.index("Made-up Chemist 11") < page.index("Made-up Chemist 10")
    assert "Made-up Chemist 00" not in page


def test_a_place_is_not_said_to_be_near(shops: None) -> None:
    """By name, and it says that there are more; where there is none, what to try."""
    page = found("Madeupham")
    assert "10 pharmacies" in page and "There are more" in page and "nearest first" not in page
    none = found("Nowhere at all")
    assert "No pharmacy found" in none and "Try a full postcode" in none and "nearest first" not in none
