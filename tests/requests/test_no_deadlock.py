"""A row and a chain of the log are locked in one order, whoever writes: nobody's work is broken off for another's."""

import json
import re
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from ani_portal.engine.server import SUPERUSER, Engine
from requests.enums import Danger
from tests.cast import Cast
from tests.visitors import tablet

from .counter.screen_steps import words_of
from .steps import started

ATTEMPT = (
    "insert into requests_attempt (id, force_id, record_id, kind, key, channel, state, problem, at)"
    " values (%s, %s, %s, 'unread', %s, 'screen', 'due', '', now())"
)
HOLD = "select from {table} where id = %s for {how}"


def _append(connection: psycopg.Connection, force: int) -> None:
    row = {"force": force, "actor_kind": "process", "actor_id": "test", "via": "", "event": "test.happened",
           "object_kind": "", "object_id": "", "detail": ""}  # fmt: skip
    connection.execute("select ani.audit_append(%s::jsonb)", [json.dumps([row])])


def _wait_until_one_waits(connection: psycopg.Connection) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        waiting = connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ).fetchone()
        if waiting != (0,):
            return
        time.sleep(0.05)
    raise AssertionError("nobody waited for anybody")


def test_who_names_a_held_row_does_not_keep_its_holder_from_the_log(cast: Cast, engine: Engine, database: str) -> None:
    """Given a record that somebody holds; when a clock's row names it; then it waits before it takes the chain."""
    record = started(cast.recorder("norfolk"), Danger.YES)
    url = engine.url(SUPERUSER, database)

    def clock() -> None:
        with psycopg.connect(url) as worker:
            worker.execute(ATTEMPT, [uuid4(), record.force_id, record.pk, str(uuid4())])
            _append(worker, record.force_id)

    with ThreadPoolExecutor(1) as pool, psycopg.connect(url, autocommit=True) as looker:
        with psycopg.connect(url) as officer:
            officer.execute(HOLD.format(table="requests_codewordrequest", how="update"), [record.pk])
            waiting: Future[None] = pool.submit(clock)
            _wait_until_one_waits(looker)
            _append(officer, record.force_id)
        waiting.result(20)


@pytest.mark.parametrize("table", ["pharmacies_pharmacy", "pharmacies_tablet", "pharmacies_policeforce"])
def test_an_alarm_does_not_wait_for_whoever_changes_its_pharmacy(
    cast: Cast, engine: Engine, database: str, table: str
) -> None:
    """Given a register or a coordinator at work on its row; when the alarm is sent; then it is in the queue at once."""
    rows = {
        "pharmacies_pharmacy": cast.pharmacy("norfolk").pk,
        "pharmacies_tablet": cast.tablet("norfolk").pk,
        "pharmacies_policeforce": cast.force("norfolk").pk,
    }

    def alarm() -> str:
        try:
            return words_of(tablet(cast, "norfolk").post("/counter/send/", {"key": uuid4()}))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, psycopg.connect(engine.url(SUPERUSER, database)) as somebody:
        somebody.execute(HOLD.format(table=table, how="no key update"), [rows[table]])
        assert "In the police queue" in pool.submit(alarm).result(20)


# What is removed is locked against whoever would name it; the heads of the chains are named by nobody.
REMOVED = {
    "requests/sql/release.sql", "requests/sql/retention.sql", "requests/retention/sweep.py",
    "ani_portal/audit/sql/chain.sql", "ani_portal/sealing/rotation.py",
}  # fmt: skip


def test_what_is_locked_to_be_changed_may_still_be_named() -> None:
    """A stronger lock would hold up an alarm whose record names the row."""
    root = Path(__file__).resolve().parents[2]
    strong = {
        str(path.relative_to(root))
        for app in ("ani_portal", "pharmacies", "requests")
        for path in (root / app).rglob("*")
        if path.suffix in (".py", ".sql")
        and re.search(r"\bfor update\b|select_for_update\((?!.*no_key=True)", path.read_text())
    }
    assert strong == REMOVED
