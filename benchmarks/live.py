"""From the commit of an alert to its row in an open queue page, in a real browser, with 1 to 1,000 officers connected.

The other officers are streams of one force without a browser: each hears every event, as a page does. First they do not
read the rows anew; then each does, as an armed page that is seen does: the whole request, within 40 ms of the event. What
the server's processes hold in memory is read at each size.
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from ani_portal.engine.server import SUPERUSER, Engine
from benchmarks.harness import keep, spread
from tests.cast import Cast
from tests.e2e.conftest import Desk, launch
from tests.e2e.server import Server

CONNECTED = (1, 100, 500, 1_000)
READING = (10, 100, 500)
MOST = int(os.environ.get("ANI_CONNECTED", str(CONNECTED[-1])))
ALERTS = 240  # with one connected; fewer with many, where each is heard by all
ALERTS_OF_MANY = 80
ALERTS_OF_READERS = 30
SOON = 0.04  # as frontend/desk.js
# The queue of a force is nearly always empty: what was shown is closed again, a few at a time.
KEEP_OPEN = 10

# Notes in the page when each row is there to be seen, by the clock of the machine that all of this runs on.
WATCH = """
window.seenRows = {};
new MutationObserver(() => {
  const now = performance.timeOrigin + performance.now();
  for (const row of document.querySelectorAll("[data-row]")) window.seenRows[row.dataset.row] ??= now;
}).observe(document.body, { childList: true, subtree: true });
"""


def run(engine: Engine) -> None:
    """At each size: alerts one after the other, the browser's row and the streams' events timed from the commit."""
    result: dict[str, Any] = {}
    more = {"LIVE_MOST_STREAMS": str(MOST + 50)}
    server = Server(engine.urls(), workers=2, more=more).start()
    try:
        with sync_playwright() as playwright, psycopg.connect(engine.url(SUPERUSER), autocommit=True) as owner:
            _close_all(owner)
            browser = launch(playwright)
            desk = Desk(browser, server, "norfolk.officer1@example.org")
            # Armed, as a queue that is watched is: it goes before those that are not.
            desk.page.get_by_role("button", name="Alarm is off: arm it").click()
            desk.page.locator("[data-armed=yes]").wait_for(timeout=20_000)
            desk.page.evaluate(WATCH)
            for number in [one for one in CONNECTED if one <= MOST]:
                with _ears(server, number - 1) as ears:
                    rows, events = _alerts(server, owner, desk.page, ears, ALERTS if number == 1 else ALERTS_OF_MANY)
                    result[f"{number:,} connected: commit to row on the screen"] = spread(rows)
                    if events:
                        result[f"{number:,} connected: commit to event at the other streams"] = spread(events)
                    result[f"{number:,} connected: memory of the largest web process, MB"] = _memory(server)
            for number in [one for one in READING if one <= MOST]:
                with _ears(server, number, reads=True) as ears:
                    assert ears is not None
                    rows, events = _alerts(server, owner, desk.page, ears, ALERTS_OF_READERS)
                    result[f"{number:,} that all read anew: commit to row on the screen"] = spread(rows)
                    result[f"{number:,} that all read anew: commit to the row read by each"] = spread(events)
            browser.close()
    finally:
        server.stop()
    result["aim"] = "99 % under 250 ms at 500, at most 300 MB at 1,000"
    keep("live", result)


def run_on_one_process(engine: Engine) -> None:
    """What so many streams on one web process hold in memory: before, with them, and when each has heard of alerts."""
    server = Server(engine.urls(), workers=1, more={"LIVE_MOST_STREAMS": str(MOST + 50)}).start()
    try:
        result: dict[str, Any] = {"no stream: memory, MB": _memory(server)}
        with _ears(server, MOST) as ears:
            assert ears is not None
            result[f"{MOST:,} streams: memory, MB"] = _memory(server)
            headers = {"Cookie": "device=norfolk tablet", "Sec-Fetch-Site": "same-origin"}
            with httpx.Client(base_url=server.base_url, headers=headers) as tablet:
                for _alert in range(ALERTS_OF_READERS):
                    ears.heard.clear()
                    tablet.post("/counter/send/", data={"key": str(uuid4())}).raise_for_status()
                    _until_all_heard(ears)
            result[f"{MOST:,} streams that heard of {ALERTS_OF_READERS} alerts: memory, MB"] = _memory(server)
    finally:
        server.stop()
    keep("streams", result | {"aim": "at most 300 MB with 1,000 on one process"})


def _until_all_heard(ears: "Ears") -> None:
    end = time.monotonic() + 30
    while len(_first(ears.heard)) < ears.open:
        if time.monotonic() > end:
            raise RuntimeError(f"{len(_first(ears.heard))} of {ears.open} streams heard of it")
        time.sleep(0.05)


class Ears:
    """Streams without a browser, and when each heard that something changed."""

    def __init__(self, server: Server, sessions: list[str], number: int, *, reads: bool = False) -> None:
        self.heard: list[tuple[int, float]] = []
        self.read: list[tuple[int, float, bytes]] = []  # with the rows that were read
        self.reads = reads
        self._waiting: set[int] = set()
        self.open = 0
        self._server, self._sessions, self._number = server, sessions, number
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_until_complete, args=[self._run()], daemon=True)

    def start(self) -> None:
        """Connect all of them, and wait until each is live."""
        self._thread.start()
        end = time.monotonic() + 120
        while self.open < self._number:
            if time.monotonic() > end:
                raise RuntimeError(f"only {self.open} of {self._number} streams opened")
            time.sleep(0.1)

    def stop(self) -> None:
        """Close all of them."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(30)

    async def _run(self) -> None:
        self._stopped = asyncio.Event()
        self._readings: set[asyncio.Future[None]] = set()
        tasks = []
        for number in range(self._number):
            tasks.append(asyncio.ensure_future(self._listen(number)))
            if number % 10 == 9:
                await asyncio.sleep(0.1)  # people do not come all at once either
        await self._stopped.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, number: int, path: str, *more: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Send a GET as one of the officers, on a connection of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        session = self._sessions[number % len(self._sessions)]
        host, cookie = f"Host: 127.0.0.1:{self._server.port}", f"Cookie: {settings.SESSION_COOKIE_NAME}={session}"
        writer.write("\r\n".join([f"GET {path} HTTP/1.1", host, cookie, *more, "", ""]).encode())
        return reader, writer

    async def _listen(self, number: int) -> None:
        reader, writer = await self._ask(number, "/live/desk")
        try:
            if b" 200 " not in await reader.readline():
                return
            self.open += 1
            while line := await reader.readline():
                if line == b"event: changed\n":
                    self.heard.append((number, time.time()))
                    if self.reads and number not in self._waiting:
                        self._waiting.add(number)
                        self._readings.add(reading := asyncio.ensure_future(self._read(number)))
                        reading.add_done_callback(self._readings.discard)
        finally:
            writer.close()

    async def _read(self, number: int) -> None:
        """Read the rows as the page does: the whole answer. What changes until the request leaves is read with it."""
        await asyncio.sleep(random.random() * SOON)
        self._waiting.discard(number)
        reader, writer = await self._ask(number, "/triage/rows/", "Connection: close", "Sec-Fetch-Site: same-origin")
        try:
            answer = await reader.read(-1)
            if b" 200 " not in answer[:20]:
                raise RuntimeError(f"the rows answered {answer[:40]!r}")
            self.read.append((number, time.time(), answer))
        finally:
            writer.close()


@contextmanager
def _ears(server: Server, number: int, *, reads: bool = False) -> Iterator[Ears | None]:
    if not number:
        yield None
        return
    cast = Cast()
    ears = Ears(server, [cast.session("norfolk", f"officer{one}") for one in (1, 2, 3)], number, reads=reads)
    ears.start()
    try:
        yield ears
    finally:
        ears.stop()


def _alerts(
    server: Server, owner: psycopg.Connection, page: Page, ears: Ears | None, alerts: int
) -> tuple[list[float], list[float]]:
    rows, events = [], []
    headers = {"Cookie": "device=norfolk tablet", "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=server.base_url, headers=headers) as tablet:
        for number in range(alerts):
            if ears:
                ears.heard.clear()
                ears.read.clear()
            key = str(uuid4())
            tablet.post("/counter/send/", data={"key": key}).raise_for_status()
            found = owner.execute(
                "select id::text, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000"
                " from requests_codewordrequest where key = %s",
                [key],
            ).fetchone()
            assert found is not None
            record, committed = found
            seen = page.wait_for_function("id => window.seenRows[id]", arg=record, timeout=20_000).json_value()
            rows.append((seen - float(committed)) / 1000)
            time.sleep(0.3 if ears else 0.03)
            if ears:
                first = _all_read(ears, record) if ears.reads else _first(ears.heard)
                events += [at - float(committed) / 1000 for at in first.values()]
            if number % KEEP_OPEN == KEEP_OPEN - 1:
                _close_all(owner)
    return rows, events


def _first(heard: list[tuple[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for place, at in list(heard):
        found.setdefault(place, at)
    return found


def _all_read(ears: Ears, record: str) -> dict[int, float]:
    """When each had read the row. Who has not after half a minute is put down with that half minute, never left out."""
    end = time.time() + 30
    while True:
        found = _first([(place, at) for place, at, answer in list(ears.read) if record.encode() in answer])
        if len(found) >= ears.open or time.time() > end:
            return {place: found.get(place, end) for place in range(ears.open)}
        time.sleep(0.05)


def _memory(server: Server) -> float:
    """Of the web process that holds the most, in megabytes that are really there."""
    sizes = []
    for pid in server.children():
        text = Path(f"/proc/{pid}/status").read_text()
        sizes.append(int(text.split("VmRSS:")[1].split()[0]) / 1024)
    return round(max(sizes), 1)


def _close_all(owner: psycopg.Connection) -> None:
    owner.execute(
        "update requests_codewordrequest r set state = 'closed', outcome = 'attended', read_at = coalesce(read_at, now()),"
        " read_by_id = coalesce(read_by_id, o.id), closed_at = now(), closed_by_id = o.id"
        " from pharmacies_officer o where o.force_id = r.force_id and o.display_name = 'Officer 1'"
        " and r.state <> 'closed' and r.released_at is not null"
    )
