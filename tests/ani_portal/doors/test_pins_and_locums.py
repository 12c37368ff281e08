"""Staff at a tablet: a new PIN, a locum and a locked PIN open nothing that is not theirs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connections
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.accounts.pins import LOCK_AFTER, hash_pin
from pharmacies import actions
from pharmacies.models import Organisation, PinTries, StaffMember
from pharmacies.onboarding.actions.sites import version_of
from requests.actions import keep_draft, start_record
from requests.enums import Danger
from requests.models import CodewordRequest, Draft, Entry
from requests.policies import may_add, open_receipts
from tests.cast import PIN, Cast
from tests.requests.steps import WORDS, a_record_with_everything
from tests.visitors import desk, log_of, tablet

NEW = "975310"


def _begin(cast: Cast, pin: str, initials: str = "AB") -> actions.Begun:
    by = cast.covered("norfolk")
    with scoped(by.scope):
        return actions.begin_with_pin(by=by, staff=cast.staff("norfolk", initials), pin=pin)


def _post(client: Any, address: str, **data: object) -> Any:
    return client.post(f"/counter/{address}/", {name: str(value) for name, value in data.items()})


def test_a_pin_that_the_manager_reset_opens_no_earlier_record(cast: Cast) -> None:
    """Given words and a half-typed box of AB, and a manager who set a new PIN for AB: neither opens with it."""
    record = a_record_with_everything(cast, "norfolk")
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        keep_draft(by=by, record=CodewordRequest.objects.get(pk=record.pk), step="words", boxes={"own_words": WORDS})
        assert Entry.objects.filter(record_id=record.pk).exists() and Draft.objects.exists()
        assert may_add(by, record)
    with using_role("owner"):
        StaffMember.objects.filter(pk=cast.staff("norfolk").pk).update(pin_hash=hash_pin(NEW))
    after = cast.recorder("norfolk")
    for tablet_name in ("Counter", "Room"):
        after = cast.recorder("norfolk", tablet=tablet_name)
        with scoped(after.scope):
            assert not Entry.objects.exists() and not Draft.objects.exists()
            assert not [one for one in open_receipts(after) if may_add(after, one)]
    # By the pages: the new PIN leads to the first question, not to the record.
    client = tablet(cast, "norfolk")
    text = _post(client, "begin", staff=after.scope.staff, pin=NEW).content.decode()
    assert record.reference not in text and WORDS not in text and 'name="danger"' in text
    # What they record from now on is theirs again.
    with scoped(after.scope):
        fresh = start_record(by=after, key=uuid4(), danger=Danger.NOT_SURE)
        assert may_add(after, fresh)


def test_a_new_pin_ends_open_turns(cast: Cast) -> None:
    """Whoever sat at a tablet as AB when AB's PIN was reset does not go on as AB."""
    client = tablet(cast, "norfolk", "AB")
    assert 'name="danger"' in _post(client, "resume").content.decode()
    with using_role("owner"):
        StaffMember.objects.filter(initials="AB", pharmacy=cast.pharmacy("norfolk")).update(pin_hash=hash_pin(NEW))
    assert _post(client, "resume").status_code == 403


def _vouch(cast: Cast, client: Any, pin: str = PIN, colleague: str = "CD", **more: str) -> Any:
    said = {
        "name": "Made-up Locum",
        "initials": "LO",
        "new_pin": NEW,
        "staff": str(cast.staff("norfolk", colleague).pk),
    }
    return _post(client, "vouch", **said, pin=pin, **more)


def test_a_locum_whom_a_colleague_vouched_for_works_one_shift(cast: Cast) -> None:
    """With a tile and a PIN, until the end of the shift; the log says on whose word."""
    client = tablet(cast, "norfolk")
    assert "vouch" in _post(client, "who", staff="other").content.decode()
    assert _post(client, "vouch").status_code == 200
    assert 'name="danger"' in _vouch(cast, client).content.decode()
    locum, colleague = cast.staff("norfolk", "LO"), cast.staff("norfolk", "CD")
    assert locum.vouched_by_id == colleague.pk and locum.ended_at is not None
    assert timedelta(hours=11) < locum.ended_at - timezone.now() <= timedelta(hours=12)
    noted = [row for row in log_of(cast.force("norfolk").pk) if row["event"] == "person.vouched"]
    assert [(row["actor_kind"], row["actor_id"]) for row in noted] == [("staff", str(colleague.pk))]
    assert _begin(cast, NEW, "LO").token
    with using_role("owner"):
        StaffMember.objects.filter(pk=locum.pk).update(ended_at=timezone.now() - timedelta(seconds=1))
    assert _post(client, "begin", staff=locum.pk, pin=NEW).status_code == 422
    assert ">LO<" not in client.get("/counter/").content.decode()


def test_a_vouched_locum_opens_no_earlier_entry(cast: Cast) -> None:
    """Not the colleague's, not one of an earlier shift under the same name: each shift is a new member of staff."""
    record = a_record_with_everything(cast, "norfolk")
    client = tablet(cast, "norfolk")
    first = _vouch(cast, client)
    assert record.reference not in first.content.decode()
    locum = cast.recorder("norfolk", "LO")
    with scoped(locum.scope):
        assert not Entry.objects.exists()
        own = start_record(by=locum, key=uuid4(), danger=Danger.NOT_SURE)
    with using_role("owner"):
        StaffMember.objects.filter(initials="LO").update(ended_at=timezone.now(), initials="L1")
    again = _vouch(cast, client)
    assert own.reference not in again.content.decode() and 'name="danger"' in again.content.decode()
    assert cast.staff("norfolk", "LO").pk != locum.scope.staff


def test_nobody_vouches_without_a_pin_of_their_own(cast: Cast) -> None:
    """A wrong PIN, an easy one for the locum, a locum as the colleague, a turn under a typed name: nobody is let in."""
    client = tablet(cast, "norfolk")
    assert _vouch(cast, client, pin="000001").status_code == 422
    easy = _post(client, "vouch", name="N", initials="LO", new_pin="1111", staff=cast.staff("norfolk").pk, pin=PIN)
    assert easy.status_code == 422 and "Too easy" in easy.content.decode()
    assert _vouch(cast, client).status_code == 200
    said = {"name": "Second", "initials": "L2", "new_pin": NEW, "staff": cast.staff("norfolk", "LO").pk, "pin": NEW}
    assert _post(client, "vouch", **said).status_code == 422
    covered = cast.covered("norfolk")
    with scoped(covered.scope):
        assert not actions.vouch(by=covered, name="X", initials="X", pin=NEW).token
    locum = cast.recorder("norfolk", "LO")
    with scoped(locum.scope):
        assert not actions.vouch(by=locum, name="X", initials="X", pin=NEW).token
    # Nor at another pharmacy.
    other = _post(client, "vouch", name="N", initials="X", new_pin=NEW, staff=cast.staff("cheshire").pk, pin=PIN)
    assert other.status_code == 422
    with using_role("owner"):
        assert list(StaffMember.objects.filter(vouched_by__isnull=False).values_list("initials", flat=True)) == ["LO"]


def test_a_pin_is_locked_at_that_tablet_and_the_manager_unlocks_it(cast: Cast) -> None:
    """Ten wrong ones: the right one is refused there, not at the other tablet; the alarm goes out; the manager unlocks."""
    for _turn in range(LOCK_AFTER):
        assert not _begin(cast, "000000").token
        with using_role("owner"):
            PinTries.objects.update(not_before=timezone.now())
    assert _begin(cast, PIN).locked
    client = tablet(cast, "norfolk")
    staff = cast.staff("norfolk")
    said = _post(client, "begin", staff=staff.pk, pin=PIN)
    assert said.status_code == 422 and "locked on this tablet" in said.content.decode()
    room = tablet(cast, "norfolk", name="second ")
    assert 'name="danger"' in _post(room, "begin", staff=staff.pk, pin=PIN).content.decode()
    # The alarm asks for no PIN, from the locked-out tablet.
    alarm = _post(client, "send", key=uuid4())
    assert alarm.status_code == 200
    with using_role("owner"):
        record = CodewordRequest.objects.get()
    assert record.released_at is not None and not record.verified
    # And a turn under a typed name goes on.
    assert "Another person" in _post(client, "begin", staff="", name="Made-up Name").content.decode()
    for part in ("norfolk", "cheshire"):
        manager = desk(cast, part, "coordinator")
        page = manager.get(f"/onboarding/people/{staff.pk}/")
        done = manager.post(f"/onboarding/people/{staff.pk}/unlock/")
        assert (page.status_code, done.status_code) == ((200, 302) if part == "norfolk" else (404, 404))
        if part == "norfolk":
            assert "Unlock the PIN" in page.content.decode()
    assert _begin(cast, PIN).token
    assert "person.pin_unlocked" in [row["event"] for row in log_of(cast.force("norfolk").pk)]


def test_a_new_pin_takes_the_lock_off(cast: Cast) -> None:
    """The manager's other way."""
    with using_role("owner"):
        tries = PinTries.objects.create(
            tablet=cast.tablet("norfolk"), staff=cast.staff("norfolk"), failures=LOCK_AFTER, locked_at=timezone.now()
        )
        StaffMember.objects.filter(pk=tries.staff_id).update(pin_hash=hash_pin(NEW))
    assert _begin(cast, NEW).token


def test_leaving_ends_access_on_the_next_request(cast: Cast) -> None:
    """In the middle of a turn."""
    client = tablet(cast, "norfolk", "AB")
    assert _post(client, "resume").status_code == 200
    with using_role("owner"):
        StaffMember.objects.filter(pk=cast.staff("norfolk").pk).update(ended_at=timezone.now())
    assert _post(client, "resume").status_code == 403
    assert client.get("/counter/").status_code == 200  # the tablet itself stays


def test_a_new_owner_ends_every_access_on_the_next_request(cast: Cast) -> None:
    """Tablets, turns and staff of the time before; an open record stays with its force."""
    record = a_record_with_everything(cast, "norfolk")
    client, officer = tablet(cast, "norfolk", "AB"), desk(cast, "norfolk")
    assert _post(client, "resume").status_code == 200
    coordinator = desk(cast, "norfolk", "coordinator")
    with using_role("owner"):
        Organisation.objects.create(ods_code="PZZ99", name="Made-up Owner")
    pharmacy = cast.pharmacy("norfolk")
    said = {"version": version_of(pharmacy), "owner": "PZZ99"}
    assert coordinator.post(f"/onboarding/pharmacies/{pharmacy.pk}/owner/", said).status_code == 302
    assert _post(client, "resume").status_code == 403
    assert client.get("/counter/").status_code == 403
    assert record.reference in officer.get("/triage/").content.decode()


def test_a_stolen_unlocked_tablet_shows_no_past_record(cast: Cast) -> None:
    """In somebody's running turn: what was put away is nowhere, by page or by query, and no word of a colleague's."""
    past = a_record_with_everything(cast, "norfolk")
    client = tablet(cast, "norfolk", "AB")
    assert past.reference in _post(client, "receipt", record=past.pk).content.decode()
    _post(client, "finish", record=past.pk, key=uuid4())
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        assert not CodewordRequest.objects.exists() and not Entry.objects.exists()
    for address in ("receipt", "resume", "go", "back", "live", "answer", "take-back"):
        text = _post(client, address, record=past.pk, step="words", part="receipt", key=uuid4()).content.decode()
        assert past.reference not in text and WORDS not in text, address
    assert past.reference not in client.get("/counter/").content.decode()


def test_dormant_staff_are_never_locked_out(cast: Cast) -> None:
    """Years without use: the PIN still opens the tablet. It is rare, and help is not withheld."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "update pharmacies_staffmember set started_at = now() - interval '9 years', pin_set_at = started_at"
        )
        cursor.execute("update pharmacies_tablet set last_heard_at = now() - interval '9 years'")
    assert _begin(cast, PIN).token


def test_a_tablet_is_revoked_from_the_readiness_board(cast: Cast) -> None:
    """One press, and its next request is refused."""
    board, client = desk(cast, "norfolk", "coordinator"), tablet(cast, "norfolk")
    address = f"/onboarding/tablets/{cast.tablet('norfolk').pk}/revoke/"
    assert address in board.get("/onboarding/readiness/").content.decode()
    assert client.get("/counter/").status_code == 200
    assert board.post(address).status_code == 302
    assert client.get("/counter/").status_code == 403
