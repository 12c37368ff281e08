"""What the soak runs, what it looks at, and what counts as growing."""

import os
import platform
import statistics
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from ani_portal.engine.server import DATABASE, SUPERUSER, Engine
from tests.cast import Cast
from tests.e2e.server import ROOT, Server

from .world import TABLETS, World

FORCES = ("norfolk", "cheshire")
STREAMS = 20  # open at a time; each is opened anew after a while
# What may be: the rest is growing.
MEMORY, LATENCY, DEAD = 1.10, 1.5, 0.5


@dataclass
class Sample:
    """How it stood at one moment."""

    at: float  # seconds since the start
    memory: dict[str, float]  # process: megabytes of its own
    connections: int
    alerts: int
    queue_ms: float
    dead: int
    rows: int


@dataclass
class Soak:
    """A portal under a mixed load for `seconds`."""

    engine: Engine
    seconds: float
    samples: list[Sample] = field(default_factory=list)
    streams_opened: int = 0
    left_over: int = 0  # connections after everybody went, beyond what there was before
    beats: int = 0
    rows: int = 0  # of the log, at the end
    _queue: list[float] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Load, look every so often, then let everybody go and look once more."""
        cast = Cast()
        sessions = {force: cast.session(force, "officer1") for force in FORCES}
        watchers = {force: cast.session(force, "officer2") for force in FORCES}
        log = ROOT / "var" / "soak.log"
        log.unlink(missing_ok=True)
        server = Server(self.engine.urls(DATABASE), workers=2, log=log).start()
        self.world = World(self.engine, [server], DATABASE, sessions, pause=1.5, closes=True)
        before = self._connections()
        threads = [threading.Thread(target=self._watch, args=(server, watchers[force])) for force in FORCES]
        threads += [
            threading.Thread(target=self._stream, args=(server, watchers[FORCES[n % 2]])) for n in range(STREAMS)
        ]
        try:
            self.world.start()
            for thread in threads:
                thread.start()
            self._look_on(server)
        finally:
            self._stop.set()
            self.world.stop()
            for thread in threads:
                thread.join(30)
        time.sleep(5)
        # Each thread of the web processes keeps one connection for ten minutes, on purpose; the worker's are gone.
        threads_of_web = 2 * int(os.environ.get("WEB_THREADS", "8"))
        self.left_over = max(0, self._connections() - max(before, threads_of_web + 2))
        self.rows = self.world.told.check(self.engine.url(SUPERUSER, DATABASE))
        server.stop()

    # The load besides that of the fault tests ------------------------------------------------------------------

    def _watch(self, server: Server, session: str) -> None:
        """An officer's page that reads its queue again every few seconds."""
        with httpx.Client(base_url=server.base_url, cookies={"session": session}, timeout=10) as client:
            while not self._stop.wait(1):
                began = time.monotonic()
                answer = client.get("/triage/rows/")
                if answer.status_code == 200:
                    self._queue.append(1000 * (time.monotonic() - began))

    def _stream(self, server: Server, session: str) -> None:
        """A stream for half a minute, and then another one."""
        while not self._stop.is_set():
            with suppress(httpx.HTTPError):
                self.streams_opened += 1
                end = time.monotonic() + 30
                with httpx.stream(
                    "GET", f"{server.base_url}/live/desk", cookies={"session": session}, timeout=20
                ) as answer:
                    for line in answer.iter_lines():
                        self.beats += bool(line)
                        if self._stop.is_set() or time.monotonic() > end:
                            break
            self._stop.wait(0.5)

    # Looking ---------------------------------------------------------------------------------------------------

    def _look_on(self, server: Server) -> None:
        began, every = time.monotonic(), max(2.0, self.seconds / 120)
        while (at := time.monotonic() - began) < self.seconds:
            time.sleep(every)
            self.samples.append(self._sample(server, at))

    def _sample(self, server: Server, at: float) -> Sample:
        memory = {f"web {n}": own_memory(pid) for n, pid in enumerate(server.children(), 1)}
        if self.world.worker is not None:
            memory["worker"] = own_memory(self.world.worker.pid)
        queue = self._queue[-60:]
        dead, rows = self._rows()
        return Sample(
            at,
            memory,
            self._connections(),
            len(self.world.told.accepted),
            statistics.median(queue) if queue else 0,
            dead,
            rows,
        )

    def _connections(self) -> int:
        with psycopg.connect(self.engine.url(SUPERUSER, "postgres")) as connection:
            found = connection.execute(
                "select count(*) from pg_stat_activity where usename in ('ani_app', 'ani_worker')"
            ).fetchone()
            return int(found[0]) if found else 0

    def _rows(self) -> tuple[int, int]:
        with psycopg.connect(self.engine.url(SUPERUSER, DATABASE)) as connection:
            found = connection.execute(
                "select sum(n_dead_tup)::bigint, sum(n_live_tup)::bigint from pg_stat_user_tables"
            ).fetchone()
            return (int(found[0]), int(found[1])) if found else (0, 0)

    # Judging ---------------------------------------------------------------------------------------------------

    def _part(self, first: float, last: float) -> list[Sample]:
        """The samples of a part of the time; what starts up in the first quarter is not looked at."""
        return [one for one in self.samples if first * self.seconds <= one.at < last * self.seconds] or self.samples[
            -1:
        ]

    def latencies(self) -> tuple[float, float, float, float]:
        """Alerts in the second quarter and in the last: median and 99 %, in milliseconds."""
        some = self.world.latencies
        quarters = [
            sorted(1000 * one for one in part)
            for part in (some[len(some) // 4 : len(some) // 2], some[-len(some) // 4 :])
        ]
        return tuple(  # type: ignore[return-value]
            round(value, 1) for one in quarters for value in (statistics.median(one), one[int(len(one) * 0.99)])
        )

    def faults(self) -> list[str]:
        """What grew, in words."""
        found = []
        early, late = self._part(0.25, 0.5), self._part(0.75, 1.01)
        for name in sorted(early[0].memory):
            was, became = (statistics.median(one.memory.get(name, 0) for one in part) for part in (early, late))
            if became > was * MEMORY + 5:
                found.append(f"{name} grew from {was:.0f} to {became:.0f} MB")
        was, _worst, became, _worst_later = self.latencies()
        if became > was * LATENCY + 5:
            found.append(f"an alert took {was} ms and then {became} ms")
        if self.left_over:
            found.append(f"{self.left_over} connections were left over")
        if max(one.connections for one in late) > max(one.connections for one in early) + 2:
            found.append("ever more connections")
        if late[-1].dead > 20_000 and late[-1].dead > DEAD * late[-1].rows:
            found.append(f"{late[-1].dead} dead rows beside {late[-1].rows}")
        return found

    def report(self) -> Path:
        """docs/reports/DATE-soak.md."""
        now = datetime.now(UTC)
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True, capture_output=True, check=False
        ).stdout.strip()
        early, late = self._part(0.25, 0.5), self._part(0.75, 1.01)
        memory = [
            f"| {name}: memory of its own, MB (median) | {statistics.median(one.memory.get(name, 0) for one in early):.0f}"
            f" | {statistics.median(one.memory.get(name, 0) for one in late):.0f} |"
            for name in sorted(early[0].memory)
        ]
        was, worst, became, worst_later = self.latencies()
        told, grew = self.world.told, self.faults()
        lines = [
            f"# Soak, {now:%-d %B %Y %H:%M} UTC",
            "",
            f"Commit {commit}, Python {platform.python_version()}, {os.cpu_count()} cores, {self.seconds / 60:.0f} minutes,"
            f" {len(TABLETS)} tablets, {len(FORCES)} officers at work, {len(FORCES)} more watching, {STREAMS} streams at a time"
            f" ({self.streams_opened} in all), two web processes, one worker; all on one machine.",
            "",
            f"{len(told.accepted)} alerts, {len(told.claimed)} claims, {len(told.noted)} notes, {len(told.closed)} closed:"
            f" all there, once, readable; {self.rows} rows of the log verify.",
            "",
            "| | second quarter | last quarter |",
            "|---|---|---|",
            *memory,
            f"| an alert, first try to *received*, ms (median / 99 %) | {was} / {worst} | {became} / {worst_later} |",
            f"| the queue's rows, ms (median) | {statistics.median(one.queue_ms for one in early):.1f}"
            f" | {statistics.median(one.queue_ms for one in late):.1f} |",
            f"| connections to the database (most) | {max(one.connections for one in early)}"
            f" | {max(one.connections for one in late)} |",
            f"| dead rows of all tables (at the end of it) | {early[-1].dead} | {late[-1].dead} |",
            f"| rows of all tables (at the end of it) | {early[-1].rows} | {late[-1].rows} |",
            f"| connections left over after all had gone | | {self.left_over} |",
            "",
            "**Nothing grew.**" if not grew else f"**Grew:** {'; '.join(grew)}.",
            "",
        ]
        path = ROOT / "docs" / "reports" / f"{now:%Y-%m-%d}-soak.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines))
        return path


def own_memory(pid: int) -> float:
    """Megabytes that a process has for itself; what it shares with its siblings counts in part."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
