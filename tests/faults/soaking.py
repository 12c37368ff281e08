"""What the soak runs and what it looks at; soaked.py judges it, soak_report.py writes it down."""

import os
import secrets
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from ani_portal.engine.server import DATABASE, SUPERUSER, Engine
from tests.cast import Cast
from tests.e2e.server import ROOT, Server

from . import soak_report
from .left_open import streams_of, visitors_of
from .mixed import Mixed
from .soaked import Sample, Verdict
from .world import TABLETS, World

FORCES = ("norfolk", "cheshire")
STREAMS = 20  # open at a time; each is opened anew after a while
PAUSE, BACKLOG = 2.0, 12  # seconds between a tablet's alerts; more waiting than this and the tablets hold back
LOOKS = 7  # SELECT 1 for each sample


@dataclass
class Soak:
    """A portal under a mixed load for `seconds`."""

    engine: Engine
    seconds: float
    samples: list[Sample] = field(default_factory=list)
    streams_opened: int = 0
    left_over: int = 0
    left_open: dict[str, int | None] = field(default_factory=dict)
    alive: dict[str, int] | None = None
    mixed: Mixed | None = None
    beats: int = 0
    told: str = "Not yet checked."
    _queue: list[float] = field(default_factory=list)
    _floor: list[float] = field(default_factory=list)
    _seen: int = 0  # alerts that a sample has looked at
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Load, look every so often, then let everybody go and look once more. An interrupt ends it early, and whole."""
        cast = Cast()
        sessions = {force: cast.session(force, "officer1") for force in FORCES}
        watchers = {force: cast.session(force, "officer2") for force in FORCES}
        log = ROOT / "var" / "soak.log"
        log.unlink(missing_ok=True)
        token = secrets.token_urlsafe()
        server = Server(self.engine.urls(DATABASE), workers=2, log=log, more={"METRICS_TOKEN": token}).start()
        try:
            self._run(server, token, sessions, watchers)
        finally:
            server.stop()

    def _run(self, server: Server, token: str, sessions: dict[str, str], watchers: dict[str, str]) -> None:
        self.world = World(self.engine, [server], DATABASE, sessions, pause=PAUSE, closes=True)
        self.mixed = Mixed(server, watchers, self._stop, self.world, self.seconds)
        before = self._connections()
        threads = [*self.mixed.threads(), threading.Thread(target=self._bare, args=(server,))]
        threads += [threading.Thread(target=self._watch, args=(server, watchers[force])) for force in FORCES]
        threads += [
            threading.Thread(target=self._stream, args=(server, watchers[FORCES[n % 2]])) for n in range(STREAMS)
        ]
        try:
            self.world.start()
            for thread in threads:
                thread.start()
            with suppress(KeyboardInterrupt):
                self._look_on(server)
        finally:
            self.alive = self._alive(server)  # before the worker is stopped
            self._stop.set()
            self.world.stop()
            for thread in threads:
                thread.join(30)
        time.sleep(5)
        self._look_what_is_open(server, token)
        # Kept on purpose by each web process: one for each thread, two that look up whose a stream is, and the listener's.
        kept = 2 * (int(os.environ.get("WEB_THREADS", "8")) + 2 + 1)
        self.left_over = max(0, self._connections() - max(before, kept))
        rows = self.world.told.check(self.engine.url(SUPERUSER, DATABASE))
        told = self.world.told
        self.told = (
            f"{len(told.accepted)} alerts, {len(told.claimed)} claims, {len(told.noted)} notes, {len(told.closed)} closed:"
            f" all there, once, readable; {rows} rows of the log verify."
        )

    @property
    def verdict(self) -> Verdict:
        """What was seen so far, to be judged."""
        return Verdict(self.samples, self.left_over, self.left_open, self.alive)

    def report(self) -> Path:
        """Write down what was seen so far."""
        load = (
            f"{len(TABLETS)} tablets, {len(FORCES)} officers at work, {len(FORCES)} more whose page reads its queue,"
            f" {STREAMS} streams at a time ({self.streams_opened} in all, {self.beats} lines), {self.mixed},"
            " two web processes, one worker,"
            " and the clients of all that; on one machine."
        )
        early = bool(self.samples) and self.samples[-1].at < 0.95 * self.seconds
        ended = f", broken off (it was to be {self.seconds / 60:.0f})" if early else ""
        return soak_report.write(self.verdict, load=load, told=self.told, ended=ended)

    # The load besides that of the fault tests ------------------------------------------------------------------

    def _watch(self, server: Server, session: str) -> None:
        """An officer's page that reads its queue again every few seconds."""
        with httpx.Client(base_url=server.base_url, cookies={"session": session}, timeout=10) as client:
            while not self._stop.wait(1.5):
                began = time.monotonic()
                with suppress(httpx.TransportError):  # a slow moment of the machine is in the other figures
                    if client.get("/triage/rows/").status_code == 200:
                        self._queue.append(1000 * (time.monotonic() - began))

    def _bare(self, server: Server) -> None:
        """The barest page that asks the database, all the time in between: what the machine costs just then."""
        with httpx.Client(base_url=server.base_url, timeout=10) as client:
            while not self._stop.wait(0.7):
                with suppress(httpx.TransportError):
                    self._floor.append(_timed(lambda: client.get("/readyz")))

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
        """A sample each half minute; each fifth minute the report so far, so that nothing can lose it."""
        began, every, written = time.monotonic(), max(2.0, self.seconds / 120), 0.0
        while (at := time.monotonic() - began) < self.seconds:
            time.sleep(every)
            sample = self._sample(server, at + every)
            self.samples.append(sample)
            self.world.pause = PAUSE if sample.waiting <= BACKLOG else 3 * PAUSE
            if at - written > 300:
                self.report()
                written = at

    def _alive(self, server: Server) -> dict[str, int]:
        """The web processes and the worker, as far as they live."""
        pids = {f"web {n}": pid for n, pid in enumerate(server.children(), 1)}
        if self.world.worker is not None and self.world.worker.poll() is None:
            pids["worker"] = self.world.worker.pid
        return pids

    def _look_what_is_open(self, server: Server, token: str) -> None:
        """Once everybody has left: what each web process holds open for visitors, and how many streams it counts."""
        web = {name: pid for name, pid in (self.alive or {}).items() if name != "worker"}
        self.left_open = {
            f"{name}, connections of visitors": len(visitors_of(pid, server.port)) for name, pid in web.items()
        }
        streams = streams_of(list(web.values()), server.port, token)
        self.left_open |= {f"{name}, streams": streams.get(pid) for name, pid in web.items()}

    def _sample(self, server: Server, at: float) -> Sample:
        pids = self._alive(server)
        memory = {name: _memory(pid) for name, pid in pids.items()}
        database = [_memory(pid) for pid in _database(self.engine)] or [0.0]
        memory |= {"database, each process": statistics.fmean(database), "database, largest process": max(database)}
        alerts = [1000 * one for one in self.world.latencies[self._seen :]]
        self._seen += len(alerts)
        queue, self._queue = self._queue, []
        floor, self._floor = self._floor, []
        dead, rows, waiting, size, unvacuumed = self._tables()
        return Sample(
            at=at, load=os.getloadavg()[0], pids=pids, memory=memory,
            files={name: _files(pid) - len(visitors_of(pid, server.port)) for name, pid in pids.items()},
            connections=self._connections(), waiting=waiting, alerts=len(self.world.told.accepted),
            alert_ms=_median(alerts), queue_ms=_median(queue),
            floor_ms=_median(floor), select_ms=self._select(), dead=dead, rows=rows, unvacuumed=unvacuumed, size_mb=size,
        )  # fmt: skip

    def _connections(self) -> int:
        with psycopg.connect(self.engine.url(SUPERUSER, "postgres")) as connection:
            found = connection.execute(
                "select count(*) from pg_stat_activity where usename in ('ani_app', 'ani_worker')"
            ).fetchone()
            return int(found[0]) if found else 0

    def _tables(self) -> tuple[int, int, int, float, tuple[str, ...]]:
        with psycopg.connect(self.engine.url(SUPERUSER, DATABASE)) as connection:
            found = connection.execute(
                "select sum(n_dead_tup)::bigint, sum(n_live_tup)::bigint,"
                " (select count(*) from requests_codewordrequest where state in ('waiting', 'read')),"
                " pg_database_size(current_database()) / 1048576.0,"
                # Autovacuum comes for a fifth of a table and 50 rows.
                " array_agg(relname::text) filter (where n_dead_tup > 2 * (50 + 0.2 * n_live_tup))"
                " from pg_stat_user_tables"
            ).fetchone()
            assert found is not None
            dead, rows, waiting, size, unvacuumed = found
            return int(dead), int(rows), int(waiting), float(size), tuple(unvacuumed or ())

    def _select(self) -> float:
        with psycopg.connect(self.engine.url("ani_app", DATABASE), autocommit=True) as connection:
            return statistics.median(_timed(lambda: connection.execute("select 1").fetchone()) for _ in range(LOOKS))


def _median(some: list[float]) -> float:
    return statistics.median(some) if some else 0.0


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _memory(pid: int) -> float:
    """Megabytes that a process has for itself: not the database's shared buffers, which fill by design."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss_Anon:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _files(pid: int) -> int:
    with suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0


def _database(engine: Engine) -> list[int]:
    """The processes of the database server."""
    with suppress(OSError):
        pid = int((engine.data / "postmaster.pid").read_text().splitlines()[0])
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    return []
