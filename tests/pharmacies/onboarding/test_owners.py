"""An owner's pharmacies: their administrator, all sites at once, and a new owner."""

import re

from django.test import Client

from ani_portal.access.roles import using_role
from pharmacies.enums import ForceSource
from pharmacies.models import Invitation, Organisation, Pharmacy, PharmacyFact, StaffMember, Tablet
from tests.cast import Cast
from tests.visitors import desk, tablet

from .invited import administrator, link_in


def test_an_owners_administrator_sees_the_owners_pharmacies_of_both_forces_and_no_other(cast: Cast) -> None:
    """One chain over two forces: its lead reaches its sites, and neither registers, applications nor settings."""
    with using_role("owner"):
        chain = Organisation.objects.create(ods_code="P0ZZ", name="Made-up Chain")
        for short in ("norfolk", "cheshire"):
            Pharmacy.objects.filter(pk=cast.pharmacy(short).pk).update(organisation=chain)
        other = Pharmacy.objects.filter(participation="on_board").exclude(organisation=chain).first()
    assert other is not None
    client = administrator(cast, "/onboarding/owners/P0ZZ/invite/")
    for short in ("norfolk", "cheshire"):
        assert client.get(f"/onboarding/pharmacies/{cast.pharmacy(short).pk}/").status_code == 200
    listed = client.get("/onboarding/").content.decode()
    assert "Made-up Chain" in listed and str(other.pk) not in listed
    assert client.get(f"/onboarding/pharmacies/{other.pk}/").status_code == 404
    for path in ("files/", "applications/", "force/", "directory/", "owners/"):
        assert client.get(f"/onboarding/{path}").status_code == 403, path
    for path in ("people/", "readiness/"):
        assert client.get(f"/onboarding/{path}").status_code == 200, path
    made = client.post(f"/onboarding/pharmacies/{cast.pharmacy('cheshire').pk}/tablets/new/", {"name": "Counter"})
    assert "<svg" in made.content.decode() and "style=" not in made.content.decode()
    invited = client.post(
        f"/onboarding/pharmacies/{cast.pharmacy('cheshire').pk}/invite/", {"name": "Made-up B", "kind": "staff"}
    )
    assert Client().get(link_in(invited.content.decode())).status_code == 200
    assert client.get("/triage/").status_code != 200


def test_an_invitation_to_an_owners_pharmacies_is_listed_sent_again_and_withdrawn(cast: Cast) -> None:
    """On the owner's page; the other force's coordinator sees neither it nor its ways on."""
    with using_role("owner"):
        chain = Organisation.objects.create(ods_code="P0ZZ", name="Made-up Chain")
        for short in ("norfolk", "cheshire"):
            Pharmacy.objects.filter(pk=cast.pharmacy(short).pk).update(organisation=chain)
    client = desk(cast, "norfolk", "coordinator")
    client.post("/onboarding/owners/P0ZZ/invite/", {"name": "Made-up Lead", "email": "lead@example.org"})
    with using_role("owner"):
        made = Invitation.objects.get()
    assert "Invite Made-up Lead again" in client.get("/onboarding/owners/P0ZZ/").content.decode()
    other = desk(cast, "cheshire", "coordinator").get("/onboarding/owners/P0ZZ/").content.decode()
    assert "Made-up Lead" not in other
    assert client.post(f"/onboarding/invitations/{made.pk}/again/").status_code == 200
    assert client.post(f"/onboarding/invitations/{made.pk}/withdraw/").status_code == 302
    assert "Made-up Lead" not in client.get("/onboarding/owners/P0ZZ/").content.decode()


def test_a_pharmacys_administrator_sees_that_one_alone(cast: Cast) -> None:
    """Invited to one pharmacy, not to its owner's others."""
    site = cast.pharmacy("norfolk")
    client = administrator(cast, f"/onboarding/pharmacies/{site.pk}/invite/", kind="administrator")
    assert client.get(f"/onboarding/pharmacies/{site.pk}/").status_code == 200
    assert client.get("/onboarding/").content.decode().count("/onboarding/pharmacies/") == 1


def test_all_sites_of_one_owner_come_on_board_at_once_each_in_its_force(cast: Cast) -> None:
    """Thirty of Norfolk and twenty-four of Cheshire: each coordinator brings their own, in one step."""
    with using_role("owner"):
        chain = Organisation.objects.create(ods_code="P0ZZ", name="Made-up Chain")
        for short, count in (("norfolk", 30), ("cheshire", 24)):
            for n in range(count):
                Pharmacy.objects.create(
                    ods_code=f"F{short[0].upper()}Z{n:02d}", name="Made-up", address="Nowhere", postcode="NR2 1LD",
                    force=cast.force(short), force_source=ForceSource.POSTCODE, organisation=chain,
                )  # fmt: skip
    for short, count in (("norfolk", 30), ("cheshire", 24)):
        client = desk(cast, short, "coordinator")
        page = client.get("/onboarding/owners/P0ZZ/").content.decode()
        sites = re.findall(r'name="site" value="([^"]+)"', page)
        assert len(sites) == count
        said = client.post("/onboarding/owners/P0ZZ/", {"site": sites}).content.decode()
        assert f"{count} pharmacies take part now." in said
    with using_role("owner"):
        assert Pharmacy.objects.filter(organisation=chain, participation="on_board").count() == 54


def test_a_new_owner_ends_everybodys_access_there(cast: Cast) -> None:
    """Tablet, staff and invitations end on the next request; the code stays the same, the facts are kept."""
    site = cast.pharmacy("norfolk")
    with using_role("owner"):
        Organisation.objects.create(ods_code="P0ZZ", name="Made-up Buyer")
    assert tablet(cast, "norfolk", "AB").get("/counter/").status_code == 200
    client = desk(cast, "norfolk", "coordinator")
    path = f"/onboarding/pharmacies/{site.pk}/owner/"
    version = re.search(r'name="version" value="(\w+)"', client.get(path).content.decode())
    assert version
    assert client.post(path, {"owner": "P404", "version": version[1]}).status_code == 422
    assert client.post(path, {"owner": "p0zz", "version": version[1]}).status_code == 302
    assert client.post(path, {"owner": "p0zz", "version": version[1]}).status_code == 409  # the second is told
    assert tablet(cast, "norfolk").get("/counter/").status_code == 403
    with using_role("owner"):
        assert not StaffMember.objects.current().filter(pharmacy=site).exists()
        assert not Tablet.objects.filter(pharmacy=site, revoked_at__isnull=True).exists()
        owners = PharmacyFact.objects.filter(pharmacy=site, kind="owner")
        assert [fact.value for fact in owners if fact.valid_to is None] == ["Made-up Buyer"]


def test_a_chain_of_three_hundred_sites_comes_on_board_in_one_step(cast: Cast) -> None:
    """A box for each on one page."""
    with using_role("owner"):
        chain = Organisation.objects.create(ods_code="P0ZZ", name="Made-up Chain")
        Pharmacy.objects.bulk_create(
            Pharmacy(
                ods_code=f"FY{n:03d}", name="Made-up", address="Nowhere", postcode="NR2 1LD", force=cast.force("norfolk"),
                force_source=ForceSource.POSTCODE, organisation=chain,
            )
            for n in range(300)
        )  # fmt: skip
    client = desk(cast, "norfolk", "coordinator")
    sites = re.findall(r'name="site" value="([^"]+)"', client.get("/onboarding/owners/P0ZZ/").content.decode())
    assert "300 pharmacies take part now." in client.post("/onboarding/owners/P0ZZ/", {"site": sites}).content.decode()
