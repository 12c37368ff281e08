"""A mail server, and the places of these walks."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from ani_portal.access.roles import using_role
from ani_portal.accounts.models import Operator, User
from pharmacies.models import District, PoliceForce, Postcode
from pharmacies.reference.districts import HALTON, NORWICH
from tests.cast import PASSWORD, Cast
from tests.smtp import Post, post_office

EAST_SUFFOLK = "E07000244"


@pytest.fixture
def post(settings: Settings, cast: Cast) -> Iterator[Post]:
    """A mail server of this machine, over real SMTP."""
    with post_office() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", found.port, False
        yield found


@pytest.fixture
def places(cast: Cast) -> None:
    """Three postcodes, as the operator loads them: Norwich, Widnes, and Bungay, which is NR and Suffolk's."""
    with using_role("owner"):
        suffolk = PoliceForce.objects.get(ons_code="E23000025")
        District.objects.get_or_create(code=EAST_SUFFOLK, defaults={"name": "East Suffolk", "force": suffolk})
        for postcode, district in (("NR21LD", NORWICH), ("WA87TN", HALTON), ("NR351AX", EAST_SUFFOLK)):
            Postcode.objects.create(postcode=postcode, district_id=district, easting=600000, northing=300000)


@pytest.fixture
def operator(cast: Cast) -> str:
    """The address of the operator of the service."""
    with using_role("owner"):
        user = User.objects.create_user("operator@example.org", PASSWORD, name="Made-up Operator")
        Operator.objects.create(user=user)
    return user.email
