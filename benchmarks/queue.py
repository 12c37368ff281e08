"""The desk's pages with few and many open records, and with up to a million closed ones behind them.

Every figure is one request of a signed-in officer to the real server, from the first byte sent to the last one read.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
from django.db import connections

from ani_portal.engine.roles import create
from ani_portal.engine.server import DATABASE, SUPERUSER, Engine
from benchmarks import seeding
from benchmarks.harness import Spread, keep, spread
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.e2e.server import Server
from tests.requests.steps import a_record_with_everything
from tests.requests.triage.desk_steps import claimed
from tests.visitors import desk as visitor
from tests.visitors import over_http

OPEN = (0, 1, 50, 5_000)
BEHIND = (1_000, 100_000, 1_000_000, 10_000_000)
ROUNDS = 40
MOST = int(os.environ.get("ANI_MOST", "1000000"))  # closed records behind the queue, for both forces; more is an option
BEHIND_IT = "behind"
FIRST_OPEN = 12_000_000  # numbers of open records, apart from those of closed ones


def run(engine: Engine) -> None:
    """Open ones first, then what is behind them, each beside a database with nothing behind."""
    cast = Cast()
    result: dict[str, Any] = {}
    with psycopg.connect(engine.url(SUPERUSER), autocommit=True) as owner:
        visit = visitor(cast, "norfolk")
        with _server(engine, DATABASE) as base_url:
            desk = over_http(visit, base_url)
            for number in OPEN:
                seeding.remove_all(owner)
                seeding.add_open(owner, FIRST_OPEN, FIRST_OPEN + 2 * number - 1)
                for name, path in (("queue", "/triage/"), ("rows", "/triage/rows/")):
                    (result[f"{number:,} open: {name}"],) = _times([desk], path)
        seeding.remove_all(owner)
        seeding.add_open(owner, FIRST_OPEN, FIRST_OPEN + 2 * 50 - 1)
        record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    _copy(engine)
    with psycopg.connect(engine.url(SUPERUSER, BEHIND_IT), autocommit=True) as owner:
        with _server(engine, DATABASE) as none, _server(engine, BEHIND_IT) as many:
            desks = [over_http(visit, none), over_http(visit, many)]
            there = 0
            for number in [one for one in BEHIND if one <= MOST]:
                seeding.add_closed(owner, there + 1, number)
                there = number
                for name, path in _pages(record).items():
                    beside, behind = _times(desks, path)
                    times = {"none": beside, "behind": behind, "times": round(behind.median / beside.median, 2)}
                    result[f"{number:,} closed behind 50 open: {name}"] = times
        seeding.remove_all(owner)
    result["aim"] = "the queue with a million behind it at most 1.2 times the queue with none"
    keep("queue", result)


@contextmanager
def _server(engine: Engine, database: str) -> Iterator[str]:
    server = Server(engine.urls(database), workers=1).start()
    try:
        yield server.base_url
    finally:
        server.stop()


def _copy(engine: Engine) -> None:
    """The same database again, to put something behind it: asked in turn, so that the machine's other work hits both alike."""
    for alias in connections:
        connections[alias].close()
    with psycopg.connect(engine.url(SUPERUSER, "postgres"), autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [DATABASE])
        create(owner, BEHIND_IT, template=DATABASE)


def _pages(record: CodewordRequest) -> dict[str, str]:
    return {
        "queue": "/triage/",
        "rows": "/triage/rows/",
        "record": f"/triage/records/{record.pk}/",
        "hand-over": "/triage/hand-over/",
        "by reference": f"/triage/?reference={record.reference}&closed=yes",
        "by pharmacy": "/triage/?pharmacy=FAR67&closed=yes",
        "by number": "/triage/?number=123&closed=yes",
        "by day": f"/triage/?day={record.started_at:%Y-%m-%d}&closed=yes",
    }


def _times(desks: list[httpx.Client], path: str) -> list[Spread]:
    """That page, again and again, of each in turn; the first is not counted."""
    times: list[list[float]] = [[] for _desk in desks]
    if asked := dict(httpx.URL(path).params):
        for desk in desks:  # a search is shown once the log has it
            if desk.post("/triage/find/", data=asked).status_code != 302:
                raise RuntimeError(f"{path} could not be logged")
    for number in range(ROUNDS + 1):
        for place, desk in enumerate(desks):
            started = time.perf_counter()
            answer = desk.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
            if number:
                times[place].append(time.perf_counter() - started)
    return [spread(one) for one in times]
