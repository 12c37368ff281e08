"""The desk's pages with few and many open records, and with up to a million closed ones behind them.

Every figure is one request of a signed-in officer to the real server, from the first byte sent to the last one read.
"""

import os
import time
from typing import Any

import httpx
import psycopg

from ani_portal.engine.server import SUPERUSER, Engine
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
BEHIND = (0, 1_000, 100_000, 1_000_000)
ROUNDS = 40
MOST = int(os.environ.get("ANI_MOST", str(BEHIND[-1])))  # closed records behind the queue, for both forces together
FIRST_OPEN = 8_000_000  # numbers of open records, apart from those of closed ones


def run(engine: Engine) -> None:
    """Open ones first, then what is behind them."""
    cast = Cast()
    result: dict[str, Any] = {}
    server = Server(engine.urls(), workers=2).start()
    try:
        with psycopg.connect(engine.url(SUPERUSER), autocommit=True) as owner:
            # A thousand signed-in hours in a minute: nobody is asked again meanwhile.
            desk = over_http(visitor(cast, "norfolk"), server.base_url)
            for number in OPEN:
                seeding.remove_all(owner)
                seeding.add_open(owner, FIRST_OPEN, FIRST_OPEN + 2 * number - 1)
                result[f"{number:,} open: queue"] = _times(desk, "/triage/")
                result[f"{number:,} open: rows"] = _times(desk, "/triage/rows/")
            seeding.remove_all(owner)
            seeding.add_open(owner, FIRST_OPEN, FIRST_OPEN + 2 * 50 - 1)
            record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
            there = 0
            for number in [one for one in BEHIND if one <= MOST]:
                seeding.add_closed(owner, there + 1, number)
                there = number
                for name, path in _pages(record).items():
                    result[f"{number:,} behind: {name}"] = _times(desk, path)
            seeding.remove_all(owner)
    finally:
        server.stop()
    for number in BEHIND[1:]:
        if number <= MOST:
            few, many = result["0 behind: queue"], result[f"{number:,} behind: queue"]
            result[f"times the queue with none behind, {number:,}"] = round(many.median / few.median, 2)
    result["aim"] = "with 100,000 behind it at most 1.2 times the queue with none"
    keep("queue", result)


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


def _times(desk: httpx.Client, path: str) -> Spread:
    """That page, again and again; the first is not counted."""
    times = []
    for number in range(ROUNDS + 1):
        started = time.perf_counter()
        answer = desk.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        if number:
            times.append(time.perf_counter() - started)
    return spread(times)
