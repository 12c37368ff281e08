"""The clock is turned under load, by an hour either way and through both nights in which Britain turns its own."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row
from pytest_django.plugin import DjangoDbBlocker

from ani_portal.engine.server import SUPERUSER
from pharmacies.models import ForceSettings
from requests.attention import clock as clock_of
from requests.models import CodewordRequest
from tests.e2e.server import Server

from .clock import Clock, TurnedEngine
from .conftest import DATABASE, engine_on, prepared
from .world import World

HOUR = timedelta(hours=1).total_seconds()


@pytest.fixture
def turned(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, Clock]]:
    """A world in which everything believes one clock, which is right at first."""
    folder = engine_on(None).folder
    clock = Clock(folder / "clock")  # where the server's user can read it
    clock.turn(0)
    engine = TurnedEngine(folder, clock=clock)
    engine.start()
    server = Server(engine.urls(DATABASE), workers=2, log=tmp_path / "server.log", more=clock.environment())
    try:
        with prepared(engine, django_db_blocker) as sessions:
            server.start()
            yield World(engine, [server], DATABASE, sessions), clock
    finally:
        server.stop()
        engine.remove()
        print((tmp_path / "server.log").read_text()[-3000:])


def check_waits(world: World) -> None:
    """Whatever the clock said when: nobody is shown a wait of less than nothing, and each record has one."""
    moments = [datetime.now(UTC), datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)]
    with psycopg.connect(world.engine.url(SUPERUSER, DATABASE), row_factory=dict_row) as owner:
        rows = owner.execute(
            "select state, released_at, read_at, claimed_at, acted_at from requests_codewordrequest"
        ).fetchall()
    waits = [clock_of(CodewordRequest(**row), ForceSettings(), moment).waited for row in rows for moment in moments]
    assert waits and min(waits) >= timedelta(0)


def test_an_hour_either_way_and_both_nights(turned: tuple[World, Clock]) -> None:
    """Everything promised is there, once; what an officer sees as waiting never waits less than nothing."""
    world, clock = turned
    nights = {
        "spring": datetime(2027, 3, 28, 0, 59, 57, tzinfo=UTC),  # 01:00 becomes 02:00
        "autumn": datetime(2027, 10, 31, 0, 59, 57, tzinfo=UTC),  # 02:00 becomes 01:00
    }
    world.start()
    try:
        world.until(3)
        for seconds, name in ((HOUR, "an hour ahead"), (0, "right"), (-HOUR, "an hour behind"), (0, "right")):
            world.hurt(lambda seconds=seconds: clock.turn(seconds), name=f"clock turned: {name}")  # type: ignore[misc]
            time.sleep(1)
        claimed = len(world.told.claimed)
        for night, moment in nights.items():
            world.hurt(lambda moment=moment: clock.to(moment), name=f"clock turned: the night in {night}")  # type: ignore[misc]
            time.sleep(6)  # through the hour that is left out, or comes twice
    finally:
        world.stop()
    with psycopg.connect(world.engine.url(SUPERUSER, DATABASE)) as owner:
        said = owner.execute("select now()").fetchone()
        assert said and said[0] > nights["autumn"]  # the database did believe it
        for moment in nights.values():
            around = owner.execute(
                "select count(*) filter (where released_at < %(turn)s), count(*) filter (where released_at >= %(turn)s)"
                " from requests_codewordrequest where released_at between %(turn)s - interval '4 seconds'"
                " and %(turn)s + interval '60 seconds'",
                {"turn": moment + timedelta(seconds=3)},
            ).fetchone()
            assert around and all(around), "alerts on both sides of the turn"
        # Turned back while one was sent: an hour at most. Taken over after that: it was an hour ahead, then one behind.
        order = owner.execute(
            "select count(*) from requests_codewordrequest where released_at < started_at - interval '1 hour 1 minute'"
            " or read_at < released_at - interval '2 hours 1 minute' or claimed_at < released_at - interval '2 hours 1 minute'"
        ).fetchone()
        assert order == (0,)
    assert claimed
    world.check()
    check_waits(world)
    print("\n".join(world.figures()))
