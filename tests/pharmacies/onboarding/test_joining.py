"""From nothing to on board: asking to join, being rung, invited, trained; an owner's pharmacies at once; leaving."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ani_portal.access.roles import using_role
from pharmacies.enums import ForceSource, Participation
from pharmacies.models import Application, Invitation, Pharmacy, Postcode, StaffMember, TrainingRecord
from pharmacies.reference.districts import HALTON
from tests.cast import Cast
from tests.visitors import desk, tablet

from .invited import link_in

ANSWERS = {
    "confirmed": "on", "name": "Made-up Pharmacist", "role": "superintendent", "email": "made.up@example.org",
    "private_space": "yes", "spare_phone": "no",
}  # fmt: skip


@pytest.fixture
def site(cast: Cast) -> Pharmacy:
    """A pharmacy of Norfolk that the register knows and that does not take part."""
    with using_role("owner"):
        return Pharmacy.objects.create(
            ods_code="FZZ01", name="Made-up Chemist", address="1 Nowhere Road, Norwich", postcode="NR2 1LD",
            phone="01603 000001", force=cast.force("norfolk"), force_source=ForceSource.POSTCODE,
        )  # fmt: skip


def fresh(site: Pharmacy) -> Pharmacy:
    """As it stands."""
    with using_role("owner"):
        return Pharmacy.objects.get(pk=site.pk)


@pytest.mark.parametrize("wanted", ["fzz01", "NR21LD", "nr2 1ld", "made-up nowhere", "Chemist Norwich"])
def test_a_pharmacy_is_found_by_code_name_or_postcode(site: Pharmacy, wanted: str) -> None:
    """By anybody, with its force; never its whole telephone number."""
    page = Client().get("/join/", {"q": wanted}).content.decode()
    assert "Made-up Chemist" in page and "Norfolk Constabulary" in page
    assert "01603" not in page


def test_asking_creates_nothing_until_a_coordinator_has_rung_and_approved(site: Pharmacy, cast: Cast) -> None:
    """The applicant follows it by a secret link; another force's coordinator does not find it."""
    applicant = Client()
    unconfirmed = applicant.post(f"/join/{site.pk}/", {**ANSWERS, "confirmed": ""})
    assert unconfirmed.status_code == 422
    assert "Made-up Pharmacist" in unconfirmed.content.decode()  # nothing typed is lost
    answer = applicant.post(f"/join/{site.pk}/", ANSWERS)
    assert answer.status_code == 302
    follow = answer["Location"]
    assert "They will ring" in applicant.get(follow).content.decode()
    assert applicant.get("/join/followed/wrong/").status_code == 404
    assert fresh(site).participation == Participation.REGISTERED
    with using_role("owner"):
        application = Application.objects.get()
    client, other = desk(cast, "norfolk", "coordinator"), desk(cast, "cheshire", "coordinator")
    address = f"/onboarding/applications/{application.pk}/"
    assert other.get(address).status_code == 404
    assert other.post(f"{address}rung/").status_code == 404
    assert "01603 000001" in client.get(address).content.decode()
    assert client.post(f"{address}approve/").status_code == 409  # not before the telephone call
    assert client.post(f"{address}rung/").status_code == 302
    assert client.post(f"{address}rung/").status_code == 409  # a colleague was quicker
    assert client.post(f"{address}approve/").status_code == 302
    assert fresh(site).participation == Participation.ON_BOARD
    assert "Approved" in applicant.get(follow).content.decode()
    assert "takes part already" in Client().post(f"/join/{site.pk}/", ANSWERS).content.decode().replace(
        "This pharmacy ", ""
    )


def test_declined_with_a_reason_that_the_applicant_reads(site: Pharmacy, cast: Cast) -> None:
    """A reason is needed; it stands on the applicant's page."""
    follow = Client().post(f"/join/{site.pk}/", ANSWERS)["Location"]
    with using_role("owner"):
        address = f"/onboarding/applications/{Application.objects.get().pk}/"
    client = desk(cast, "norfolk", "coordinator")
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "No private space yet"}).status_code == 302
    assert "No private space yet" in Client().get(follow).content.decode()


def test_who_cannot_ask_is_told_before_filling_anything_in(site: Pharmacy) -> None:
    """No form where no force is known, or where the pharmacy takes part: whom to ask instead."""
    assert "Ask to join</button>" in Client().get(f"/join/{site.pk}/").content.decode()
    for values, words in (
        ({"participation": Participation.ON_BOARD}, "This pharmacy takes part already"),
        (
            {"participation": Participation.REGISTERED, "force_id": None, "force_source": ""},
            "Its postcode does not say which police force is responsible",
        ),
    ):
        with using_role("owner"):
            Pharmacy.objects.filter(pk=site.pk).update(**values)
        page = Client().get(f"/join/{site.pk}/").content.decode()
        assert words in page and "Ask to join</button>" not in page


def test_a_second_wish_and_a_flood_are_held_off(site: Pharmacy, cast: Cast) -> None:
    """One open wish for each pharmacy; five an hour from one place."""
    assert Client().post(f"/join/{site.pk}/", ANSWERS).status_code == 302
    assert Client().post(f"/join/{site.pk}/", ANSWERS).status_code == 422
    with using_role("owner"):
        more = [
            Pharmacy.objects.create(
                ods_code=f"FZZ1{n}", name=f"Made-up {n}", address="Nowhere", postcode="NR2 1LD",
                force=cast.force("norfolk"), force_source=ForceSource.POSTCODE,
            )
            for n in range(6)
        ]  # fmt: skip
    answers = [Client().post(f"/join/{one.pk}/", ANSWERS).status_code for one in more]
    assert answers == [302] * 4 + [429] * 2


def test_a_link_scanner_uses_nothing_up_and_a_person_sets_their_own_pin(cast: Cast) -> None:
    """GET and HEAD again and again, then one POST; the second finds it used. The PIN works on the tablet."""
    site = cast.pharmacy("norfolk")
    client = desk(cast, "norfolk", "coordinator")
    page = client.post(f"/onboarding/pharmacies/{site.pk}/invite/", {"name": "Made-up Locum", "kind": "staff"})
    link = link_in(page.content.decode())
    for _ in range(5):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    said = {"name": "Made-up Locum", "initials": "ml", "pin": "2580", "again": "2580"}
    assert Client().post(link, said | {"again": "2581"}).status_code == 422
    assert Client().post(link, said | {"pin": "1111", "again": "1111"}).status_code == 422
    assert Client().post(link, said).status_code == 200
    assert Client().post(link, said).status_code == 410
    with using_role("owner"):
        staff = StaffMember.objects.get(initials="ML")
    assert staff.pharmacy_id == site.pk
    assert "ML" in tablet(cast, "norfolk").get("/counter/").content.decode()
    assert client.post(f"/onboarding/people/{staff.pk}/leave/").status_code == 302
    assert "ML" not in tablet(cast, "norfolk").get("/counter/").content.decode()


def test_an_invitation_is_sent_again_withdrawn_and_expires(cast: Cast) -> None:
    """Again: the old link stops. Withdrawn and expired links say so in plain words."""
    site = cast.pharmacy("norfolk")
    client = desk(cast, "norfolk", "coordinator")
    invite = f"/onboarding/pharmacies/{site.pk}/invite/"
    first = link_in(client.post(invite, {"name": "Made-up A", "kind": "staff"}).content.decode())
    with using_role("owner"):
        made = Invitation.objects.get()
    second = link_in(client.post(f"/onboarding/invitations/{made.pk}/again/").content.decode())
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    assert desk(cast, "cheshire", "coordinator").post(f"/onboarding/invitations/{made.pk}/withdraw/").status_code == 404
    with using_role("owner"):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "too old" in Client().get(second).content.decode()
    assert client.post(f"/onboarding/invitations/{made.pk}/again/").status_code == 200
    assert client.post(f"/onboarding/invitations/{made.pk}/withdraw/").status_code == 302
    with using_role("owner"):
        assert Invitation.objects.get().cancelled_at is not None


def test_a_person_confirms_the_force_where_the_postcode_does_not_decide(cast: Cast) -> None:
    """It is nobody's until then; then it is this force's, and the other does not find it any more."""
    with using_role("owner"):
        site = Pharmacy.objects.create(ods_code="FZZ01", name="Made-up", address="Nowhere", postcode="NR2 9ZZ")
    client, other = desk(cast, "norfolk", "coordinator"), desk(cast, "cheshire", "coordinator")
    assert str(site.pk) in client.get("/onboarding/?show=unplaced").content.decode()
    page = f"/onboarding/pharmacies/{site.pk}/"
    version = re.search(r'name="version" value="(\w+)"', client.get(page).content.decode())
    assert version
    assert client.post(f"{page}confirm/", {"version": version[1]}).status_code == 302
    found = fresh(site)
    assert (found.force_id, found.force_source) == (cast.force("norfolk").pk, ForceSource.PERSON)
    assert other.post(f"{page}confirm/", {"version": version[1]}).status_code == 404


def test_two_who_edit_at_once_lose_nothing(cast: Cast) -> None:
    """The second is told, and the first's change stands."""
    site = cast.pharmacy("norfolk")
    client = desk(cast, "norfolk", "coordinator")
    path = f"/onboarding/pharmacies/{site.pk}/details/"
    version = re.search(r'name="version" value="(\w+)"', client.get(path).content.decode())
    assert version
    said = {
        "version": version[1], "name": "First", "address": site.address, "postcode": site.postcode, "phone": site.phone,
        "ods_code": site.ods_code, "gphc_number": "",
    }  # fmt: skip
    assert client.post(path, said).status_code == 302
    told = client.post(path, said | {"name": "Second"})
    assert told.status_code == 409
    assert "Somebody else changed this pharmacy" in told.content.decode()
    assert fresh(site).name == "First"
    assert fresh(site).force_id == cast.force("norfolk").pk


def test_training_is_recorded_and_seen_in_the_matrix(cast: Cast) -> None:
    """Dates are checked; the newest that counts longest is what the officer sees."""
    staff = cast.staff("norfolk")
    client = desk(cast, "norfolk", "coordinator")
    path = f"/onboarding/people/{staff.pk}/"
    today = timezone.localdate()
    said = {"course": "Made-up course", "taken_on": str(today), "expires_on": str(today + timedelta(days=730))}
    assert client.post(path, said | {"expires_on": str(today)}).status_code == 422
    assert client.post(path, said | {"taken_on": str(today + timedelta(days=2))}).status_code == 422
    assert client.post(path, said).status_code == 302
    assert desk(cast, "cheshire", "coordinator").post(path, said).status_code == 404
    with using_role("owner"):
        assert TrainingRecord.objects.get().staff_id == staff.pk
    assert cast.staff("norfolk").training_expires_on == today + timedelta(days=730)
    assert "in date" in client.get("/onboarding/people/").content.decode()


def test_who_asked_is_invited_to_look_after_it(site: Pharmacy, cast: Cast) -> None:
    """With the approval, by mail; nobody else sees the link."""
    assert Client().post(f"/join/{site.pk}/", ANSWERS).status_code == 302
    with using_role("owner"):
        address = f"/onboarding/applications/{Application.objects.get().pk}/"
    client = desk(cast, "norfolk", "coordinator")
    client.post(f"{address}rung/")
    assert client.post(f"{address}approve/").status_code == 302
    with using_role("owner"):
        made = Invitation.objects.get()
    assert (made.kind, made.pharmacy_id, made.email) == ("administrator", site.pk, "made.up@example.org")
    assert made.mail_due_at is not None


NEW = {
    "name": "Made-up Glens", "address": "1 Nowhere Road, Norwich", "postcode": "NR2 9ZZ", "phone": "", "ods_code": "",
    "gphc_number": "1099999", "said": "on",
}  # fmt: skip


def test_a_pharmacy_that_no_register_lists_is_added_by_hand(cast: Cast) -> None:
    """Without an ODS code, as in Scotland and Northern Ireland; twice is refused; nor one of another force's area."""
    client, path = desk(cast, "norfolk", "coordinator"), "/onboarding/pharmacies/add/"
    assert client.post(path, NEW | {"said": ""}).status_code == 422
    assert client.post(path, NEW | {"gphc_number": "2099999"}).status_code == 422
    assert client.post(path, NEW).status_code == 302
    assert client.post(path, NEW).status_code == 422  # its premises number is known
    assert client.post(path, NEW | {"gphc_number": "", "name": "Made-up Moors"}).status_code == 302
    with using_role("owner"):
        made = Pharmacy.objects.get(gphc_number="1099999")
        Postcode.objects.create(postcode="WA87TN", district_id=HALTON, easting=351200, northing=385500)
    assert (made.force_id, made.force_source, made.participation) == (
        cast.force("norfolk").pk,
        ForceSource.PERSON,
        Participation.REGISTERED,
    )
    elsewhere = client.post(path, NEW | {"gphc_number": "", "postcode": "WA8 7TN"})
    assert elsewhere.status_code == 422
    assert "another force" in elsewhere.content.decode()


def test_a_code_of_another_pharmacy_is_refused_beside_the_form(cast: Cast, site: Pharmacy) -> None:
    """Also one of another force's: the official register is public."""
    client, path = desk(cast, "norfolk", "coordinator"), f"/onboarding/pharmacies/{site.pk}/details/"
    start = client.get(path).context["form"].initial
    said = {name: value or "" for name, value in start.items()} | {"ods_code": cast.pharmacy("cheshire").ods_code}
    refused = client.post(path, said)
    assert refused.status_code == 422
    assert "Another pharmacy has this code" in refused.content.decode()
