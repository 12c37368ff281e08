"""A person who did not want police leaves one line without a name, a key or a time, from the end of the day on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone

from ani_portal.engine.server import Engine
from requests.enums import Danger, Wish
from requests.models import CodewordRequest
from requests.retention.sweep import Swept, sweep
from tests.cast import Cast
from tests.requests.steps import finished, said, started, wished
from tests.visitors import as_superuser, desk, log_of, raw, started_at

LONDON = ZoneInfo("Europe/London")
# Two days ago, so that what is written is over by any clock.
DAY = timezone.localdate() - timedelta(days=2)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A time of that day, as clocks here show it."""
    return datetime.combine(DAY + timedelta(days=days), time(hour, minute), LONDON)


def lines() -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select f.short_name, l.day, l.wanted, l.district_name, l.is_drill from requests_informationline l"
            " join pharmacies_policeforce f on f.id = l.force_id order by 1, 3"
        )
        return list(cursor.fetchall())


def left() -> int:
    return CodewordRequest.objects.using("owner").count()


def abandoned(cast: Cast, engine: Engine, database: str, moment: datetime, wish: Wish | None = None) -> CodewordRequest:
    by = cast.recorder("norfolk")
    record = started(by, Danger.NOT_SURE)
    if wish:
        record = wished(by, record, wish)
    if wish == Wish.POLICE_NOW:
        said(by, record)
    started_at(engine, database, record.pk, moment)
    return record


@pytest.mark.parametrize("danger", [Danger.NO, Danger.NOT_SURE])
@pytest.mark.parametrize("wish", [Wish.SUPPORT, Wish.SPACE, Wish.COULD_NOT_ASK])
def test_a_line_is_written_for_who_did_not_want_police(
    cast: Cast, engine: Engine, database: str, danger: Danger, wish: Wish
) -> None:
    by = cast.recorder("norfolk")
    record = wished(by, started(by, danger), wish)
    finished(by, record)
    started_at(engine, database, record.pk, at(10))
    for moment in (at(10, 1), at(23, 59), at(3, 59, days=1)):
        assert sweep(now=moment).lines == 0
        assert lines() == []
    assert sweep(now=at(4, 0, days=1)).lines == 1
    assert lines() == [("Norfolk", DAY, wish, "", False)]
    assert left() == 0
    shown = desk(cast, "norfolk").get("/triage/").content.decode()
    assert str(wish.label) in shown
    assert str(record.pk) not in shown and record.reference not in shown
    assert str(wish.label) not in desk(cast, "cheshire").get("/triage/").content.decode()


def test_no_line_is_seen_before_its_day_is_over(cast: Cast, urls: dict[str, str]) -> None:
    """In the database, whatever a job that ran too early wrote."""
    today = timezone.localdate()
    with connections["owner"].cursor() as cursor:
        for day in (today, today - timedelta(days=1)):
            cursor.execute(
                "insert into requests_informationline (id, force_id, day, wanted, district_name, is_drill)"
                " values (gen_random_uuid(), %s, %s, 'space', '', false)",
                [cast.force("norfolk").pk, day],
            )
    with raw(urls, cast.officer("norfolk").scope) as police:
        assert police.execute("select day from requests_informationline").fetchall() == [(today - timedelta(days=1),)]
    with raw(urls, cast.officer("cheshire").scope) as police:
        assert police.execute("select day from requests_informationline").fetchall() == []


def test_the_table_has_no_place_for_a_key_or_a_time(database: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select column_name, data_type from information_schema.columns where table_name = 'requests_informationline'"
        )
        columns = dict(cursor.fetchall())
    assert set(columns) == {
        "id", "force_id", "day", "wanted", "district_name", "is_drill", "acknowledged_at", "acknowledged_by_id",
    }  # fmt: skip
    assert columns["day"] == "date"


def test_a_day_comes_all_at_once_and_in_no_order(cast: Cast, engine: Engine, database: str) -> None:
    """Also an entry abandoned at 23:50, which is settled only at 03:50: its line must not come by itself."""
    late = abandoned(cast, engine, database, at(23, 50))
    by = cast.recorder("norfolk")
    early = wished(by, started(by), Wish.SPACE)
    finished(by, early)
    started_at(engine, database, early.pk, at(9))
    assert sweep(now=at(0, 1, days=1)) == Swept(0, 0, 0)
    assert sweep(now=at(3, 51, days=1)) == Swept(0, 1, 0)
    assert CodewordRequest.objects.using("owner").get(pk=late.pk).state == "settled"
    assert sweep(now=at(4, 0, days=1)) == Swept(0, 0, 2)
    with connections["owner"].cursor() as cursor:
        cursor.execute("select id from requests_informationline order by ctid")
        ids = [row[0] for row in cursor.fetchall()]
    assert ids == sorted(ids)  # of random numbers, so that the place on disk tells nothing either
    (written,) = (row for row in log_of(cast.force("norfolk").pk) if row["event"] == "information.written")
    assert (written["object_id"], written["detail"]) == ("", '{"count":2}')


@pytest.mark.parametrize("wish", [None, Wish.SUPPORT, Wish.POLICE_NOW])
def test_what_was_abandoned_is_destroyed_after_four_hours(
    cast: Cast, engine: Engine, database: str, wish: Wish | None
) -> None:
    """What was typed is gone, key and all; the count remains."""
    record = abandoned(cast, engine, database, at(10), wish)
    assert sweep(now=at(13, 59)).abandoned == 0
    assert sweep(now=at(14, 1)).abandoned == 1
    with connections["owner"].cursor() as cursor:
        for table in ("requests_entry", "vault.record_key"):
            cursor.execute(f"select count(*) from {table} where record_id = %s", [record.pk])
            assert cursor.fetchone() == (0,)
    assert sweep(now=at(14, 2)).abandoned == 0
    sweep(now=at(5, days=1))
    assert lines() == [("Norfolk", DAY, wish or Wish.COULD_NOT_ASK, "", False)]


def test_a_released_record_is_never_swept(cast: Cast, engine: Engine, database: str) -> None:
    by = cast.recorder("norfolk")
    record = started(by, Danger.YES)
    started_at(engine, database, record.pk, at(10))
    assert sweep(now=at(10, days=9)) == Swept(0, 0, 0)
    finished(by, record)
    assert sweep(now=at(10, days=9)) == Swept(0, 0, 0)
    assert left() == 1


def test_a_district_is_named_only_where_five_pharmacies_are_live(cast: Cast, engine: Engine, database: str) -> None:
    """Four in Norwich: no district. One more: Norwich."""
    norwich = cast.pharmacy("norfolk").district_id
    others = "update pharmacies_pharmacy set district_id = %s, participation = %s where ods_code = any(%s)"
    live = "select count(*) from pharmacies_pharmacy where district_id = %s and participation = 'on_board'"
    assert as_superuser(engine, database, live, norwich) == [(4,)]
    as_superuser(engine, database, others, norwich, "registered", ["FAQ08"])  # listed there, but takes no part
    for participation, named in (("suspended", ""), ("on_board", "Norwich")):
        as_superuser(engine, database, others, norwich, participation, ["FAQ08"])
        abandoned(cast, engine, database, at(10))
        sweep(now=at(15))
        sweep(now=at(5, days=1))
        assert lines() == [("Norfolk", DAY, Wish.COULD_NOT_ASK, named, False)]
        as_superuser(engine, database, "delete from requests_informationline")


def test_a_drill_is_a_drill_on_its_line_too(cast: Cast, engine: Engine, database: str) -> None:
    record = abandoned(cast, engine, database, at(10))
    as_superuser(engine, database, "update requests_codewordrequest set is_drill = true where id = %s", record.pk)
    sweep(now=at(15))
    sweep(now=at(5, days=1))
    assert lines()[0][-1] is True


def test_sweeping_twice_at_once_counts_nobody_twice(cast: Cast, engine: Engine, database: str) -> None:
    for _ in range(6):
        abandoned(cast, engine, database, at(10))

    def once(_number: int) -> int:
        try:
            return sweep(now=at(15)).abandoned + sweep(now=at(5, days=1)).lines
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(once, range(4))) == 12
    assert len(lines()) == 6
