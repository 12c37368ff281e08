"""Every page of the door, for those who may and those who may not."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.visitors import desk

PAGES = (
    "",
    "readiness/",
    "owners/",
    "people/",
    "applications/",
    "files/",
    "force/",
    "force/settings/",
    "directory/",
    "directory/new/",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_coordinator_reads_it_and_an_officer_does_not(cast: Cast, path: str) -> None:
    """Works · an officer is no coordinator · nobody is sent to the sign-in."""
    assert desk(cast, "norfolk", "coordinator").get(f"/onboarding/{path}").status_code == 200
    assert desk(cast, "norfolk").get(f"/onboarding/{path}").status_code in (302, 403)
    assert Client().get(f"/onboarding/{path}").status_code == 302


@pytest.mark.parametrize("path", ["", "details/", "owner/", "invite/", "tablets/new/"])
def test_another_forces_pharmacy_is_not_found(cast: Cast, path: str) -> None:
    """Own works, the other's is not there, an id of nobody neither."""
    client = desk(cast, "norfolk", "coordinator")
    assert client.get(f"/onboarding/pharmacies/{cast.pharmacy('norfolk').pk}/{path}").status_code == 200
    assert client.get(f"/onboarding/pharmacies/{cast.pharmacy('cheshire').pk}/{path}").status_code == 404
    assert client.get(f"/onboarding/pharmacies/{cast.force('norfolk').pk:032x}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["confirm", "join", "suspend", "resume", "checks/space"])
def test_another_forces_pharmacy_cannot_be_touched(cast: Cast, path: str) -> None:
    """A post to the other force's pharmacy is not found, and a GET is not how it is done."""
    client = desk(cast, "norfolk", "coordinator")
    other = f"/onboarding/pharmacies/{cast.pharmacy('cheshire').pk}/{path}/"
    assert client.post(other, {"done": "yes", "version": ""}).status_code == 404
    assert client.get(other).status_code == 405
