"""A tablet's door: codes once, secrets hashed, PINs slowed, and the alarm through all of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connections
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies import actions
from pharmacies.models import Pharmacy, StaffMember
from requests.actions import start_record
from requests.enums import Danger
from requests.models import Entry
from tests.cast import PIN, Cast
from tests.requests.steps import a_record_with_everything
from tests.visitors import tablet


def _pin(cast: Cast, pin: str) -> Any:
    by = cast.covered("norfolk")
    with scoped(by.scope):
        return actions.begin_with_pin(by=by, staff=cast.staff("norfolk"), pin=pin)


def test_wrong_pins_slow_down_and_the_alarm_still_works(cast: Cast) -> None:
    """Given a tablet on which somebody guessed; the right PIN waits too, longer each time, but danger now goes out."""
    waits = []
    for _turn in range(7):
        waits.append(_pin(cast, "000000").wait_seconds)
        with connections["owner"].cursor() as cursor:
            cursor.execute("update pharmacies_pintries set not_before = now()")
    assert waits[:2] == [0, 0] and waits[2:] == sorted(waits[2:]) and waits[-1] > waits[2] > 0
    assert _pin(cast, "000000").wait_seconds > 60
    refused = _pin(cast, PIN)
    assert not refused.token and refused.wait_seconds > 60
    by = cast.covered("norfolk")
    with scoped(by.scope):
        record = start_record(by=by, key=uuid4(), danger=Danger.YES)
    assert record.released_at is not None and not record.verified


def test_only_hashes_are_kept(cast: Cast) -> None:
    """Of a tablet's secret, a code and a PIN: what the database holds is none of them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select string_agg(t::text, ' ') from pharmacies_tablet t")
        assert b"norfolk tablet".hex() not in (cursor.fetchone() or ("",))[0]
        cursor.execute("select string_agg(pin_hash, ' ') from pharmacies_staffmember")
        hashes = (cursor.fetchone() or ("",))[0]
    assert PIN not in hashes and hashes.startswith("$argon2id$")


def test_a_revoked_tablet_is_out_on_the_next_request(cast: Cast) -> None:
    """And so is one whose pharmacy no longer takes part, and a person who left."""
    client = tablet(cast, "norfolk")
    assert client.get("/counter/").status_code == 200
    with using_role("owner"):
        Pharmacy.objects.filter(pk=cast.pharmacy("norfolk").pk).update(participation="suspended")
        assert client.get("/counter/").status_code == 403
        Pharmacy.objects.filter(pk=cast.pharmacy("norfolk").pk).update(participation="on_board")
    assert client.get("/counter/").status_code == 200
    with connections["owner"].cursor() as cursor:
        cursor.execute("update pharmacies_tablet set revoked_at = now()")
    assert client.get("/counter/").status_code == 403
    with connections["owner"].cursor() as cursor:
        cursor.execute("update pharmacies_tablet set revoked_at = null")
    with using_role("owner"):
        StaffMember.objects.update(ended_at=timezone.now() - timedelta(seconds=1))
    assert cast.staff("norfolk").initials not in client.get("/counter/").content.decode().split("main")[1]


def test_a_stolen_tablet_shows_no_words(cast: Cast) -> None:
    """Covered, or in a colleague's turn: not one entry, and nothing that the receipt was put away of."""
    record = a_record_with_everything(cast, "norfolk")
    for by in (cast.covered("norfolk"), cast.recorder("norfolk", "CD")):
        with scoped(by.scope):
            assert Entry.objects.filter(record_id=record.pk).count() == 0
