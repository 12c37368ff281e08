"""Watched or not: what the tablets say before the tap."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connections

from ani_portal.access.principals import Principal
from ani_portal.access.scope import scoped
from pharmacies.models import ForceSettings
from requests import actions
from requests.watch import desk, is_watched, should_be_watched
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")


def seen_by(by: Principal, force: int) -> bool:
    with scoped(by.scope):
        return is_watched(force)


def as_owner(statement: str, *values: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, list(values))


def test_watched_while_armed_live_and_touched(cast: Cast) -> None:
    """Each of the three is needed; the tablet's own scope can ask."""
    by, tablet = cast.officer("norfolk"), cast.covered("norfolk")
    force, page = by.force_id, uuid4()
    assert not seen_by(tablet, force)
    with scoped(by.scope):
        actions.arm(by=by, page=page)
    assert seen_by(tablet, force)
    as_owner("update requests_watch set beat_at = now() - interval '31 seconds'")
    assert not seen_by(tablet, force), "the page is gone"
    with scoped(by.scope):
        assert actions.beat(by=by, page=page, touched=False)
    assert seen_by(tablet, force)
    as_owner("update requests_watch set touched_at = now() - interval '16 minutes'")
    with scoped(by.scope):
        actions.beat(by=by, page=page, touched=False)
    assert not seen_by(tablet, force), "nobody touched it"
    with scoped(by.scope):
        actions.beat(by=by, page=page, touched=True)
    assert seen_by(tablet, force)
    with scoped(by.scope):
        assert actions.disarm(by=by, page=page) == "unwatched"
    assert not seen_by(tablet, force)
    with scoped(by.scope):
        assert not actions.beat(by=by, page=page, touched=True), "an ended watch does not come back by itself"


def test_a_pause_and_a_departed_officer_watch_nothing(cast: Cast) -> None:
    """A pause is the force's own word; who left the force watches for nobody."""
    by = cast.officer("norfolk")
    with scoped(by.scope):
        actions.arm(by=by, page=uuid4())
        assert actions.pause(by=by, until=datetime.now(LONDON) + timedelta(hours=1)) == "unwatched"
    assert not seen_by(by, by.force_id)
    with scoped(by.scope):
        assert actions.pause(by=by, until=None) == "watched"
    as_owner("update pharmacies_officer set ended_at = now() where id = %s", by.actor.id)
    assert not seen_by(cast.covered("norfolk"), by.force_id)


def test_nobody_learns_of_another_forces_desk(cast: Cast) -> None:
    """Not by asking, and not by keeping another's page alive."""
    by, other = cast.officer("norfolk"), cast.officer("cheshire")
    page = uuid4()
    with scoped(by.scope):
        actions.arm(by=by, page=page)
    assert not seen_by(cast.covered("cheshire"), by.force_id)
    assert not seen_by(other, by.force_id)
    with scoped(other.scope):
        assert not actions.beat(by=other, page=page, touched=True)
        with pytest.raises(actions.NotPossible):
            actions.arm(by=other, page=page)
    assert not seen_by(other, other.force_id)


def test_a_change_is_noticed_once_and_told_to_the_tablets(cast: Cast, urls: dict[str, str]) -> None:
    """The tablets say it before the next tap; the desk says since when."""
    by = cast.officer("norfolk")
    topic = f"pharmacy:{cast.pharmacy('norfolk').pk}"
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as listener:
        listener.execute("listen ani_live")
        page = uuid4()
        with scoped(by.scope):
            actions.arm(by=by, page=page)
        heard = {note.payload for note in listener.notifies(timeout=2, stop_after=25)}
        assert topic in heard
        with scoped(by.scope):
            actions.beat(by=by, page=page, touched=True)
        assert list(listener.notifies(timeout=0.3)) == []
        with scoped(by.scope):
            assert actions.disarm(by=by, page=page) == "unwatched"
            found = desk(by.force_id, ForceSettings.objects.get(force_id=by.force_id), datetime.now(LONDON))
        assert found.unwatched_since is not None
        assert topic in {note.payload for note in listener.notifies(timeout=2, stop_after=25)}


@pytest.mark.parametrize(
    ("opens", "closes", "at", "expected"),
    [
        (None, None, 3, True), (8, 20, 9, True), (8, 20, 20, False), (8, 20, 7, False),
        (20, 6, 23, True), (20, 6, 5, True), (20, 6, 6, False), (20, 6, 12, False),
    ],
)  # fmt: skip
def test_the_hours_of_a_desk(opens: int | None, closes: int | None, at: int, expected: bool) -> None:
    """Also over midnight; and a pause counts as closed."""
    hour = datetime(2026, 3, 29, tzinfo=LONDON)  # the night on which the clocks go forward
    settings = ForceSettings(
        desk_opens=None if opens is None else hour.replace(hour=opens).time(),
        desk_closes=None if closes is None else hour.replace(hour=closes).time(),
    )
    now = hour.replace(hour=at)
    assert should_be_watched(settings, now) is expected
    settings.desk_paused_until = now + timedelta(minutes=1)
    assert should_be_watched(settings, now) is False
