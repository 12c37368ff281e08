"""What several of these tests stand on."""

import pytest

from ani_portal.access.roles import using_role
from pharmacies.models import Postcode
from pharmacies.reference.districts import HALTON, NORWICH


@pytest.fixture
def places(database: str) -> None:
    """Two postcodes that the look-up knows."""
    with using_role("owner"):
        Postcode.objects.create(postcode="NR21LD", district_id=NORWICH, easting=623109, northing=308596)
        Postcode.objects.create(postcode="WA87TN", district_id=HALTON, easting=351200, northing=385500)
