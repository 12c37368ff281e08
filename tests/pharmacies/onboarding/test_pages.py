"""Every page of the door, for those who may and those who may not."""

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.visitors import desk, tablet

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


def test_a_pharmacy_is_suspended_and_takes_part_again(cast: Cast) -> None:
    """Its tablets are out meanwhile, and its page says what that means; then they are back without a new code."""
    client, path = desk(cast, "norfolk", "coordinator"), f"/onboarding/pharmacies/{cast.pharmacy('norfolk').pk}/"
    for what, status in (("suspend", 403), ("resume", 200)):
        version = re.search(r'name="version" value="(\w+)"', client.get(path).content.decode())
        assert version
        assert client.post(f"{path}{what}/", {"version": version[1]}).status_code == 302
        assert tablet(cast, "norfolk").get("/counter/").status_code == status
        assert ("its tablets take no records" in client.get(path).content.decode()) == (what == "suspend")


def test_the_checklist_of_a_pharmacy_is_ticked_and_taken_back(cast: Cast) -> None:
    """Each item by itself."""
    client, path = desk(cast, "norfolk", "coordinator"), f"/onboarding/pharmacies/{cast.pharmacy('norfolk').pk}/"
    for said, mark in (({"done": "yes"}, "✓"), ({}, "○")):
        assert client.post(f"{path}checks/space/", said).status_code == 302
        assert f"{mark} A private space" in client.get(path).content.decode()
