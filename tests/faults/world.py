"""A portal under load that can be hurt: a durable database, web processes, a worker, tablets and officers at work."""

import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from ani_portal.engine.server import SUPERUSER, Engine
from tests.e2e.server import ROOT, Server

from .proof import Said, Told
from .proxy import Wire

WRITER = ("cheshire second tablet", "cheshire")  # at this one somebody goes on after the alert, to the words
TABLETS = {"norfolk tablet": "norfolk", "norfolk second tablet": "norfolk", "cheshire tablet": "cheshire"}
CLOSING = {"close-outcome": "attended", "close-no_reference": "drill", "close-risk_looked_at": "on"}


@dataclass
class World:
    """What runs, and what was promised to whom."""

    engine: Engine
    servers: list[Server]  # hosts of the application; a tablet that one does not answer asks the next
    database: str
    sessions: dict[str, str]  # a signed-in officer's session by force
    wire: Wire | None = None  # between the web servers and the database
    worker: subprocess.Popen[bytes] | None = None
    told: Told = field(default_factory=Told)
    # By the fault's name, each time: seconds until the next accepted alert, and until everything was whole again.
    by_fault: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    workers_ended: int = 0  # by themselves, after a fault; started anew as a supervisor would
    pause: float = 0.05  # of a tablet between two alerts
    closes: bool = False  # officers close what they claimed, so that the queue stays as short as in life
    visiting: set[str] = field(
        default_factory=set
    )  # keys of records that officers leave alone: the visit still goes on
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _last: float = 0.0
    latencies: list[float] = field(default_factory=list)  # of accepted alerts, first try to answer

    @property
    def server(self) -> Server:
        """The first host."""
        return self.servers[0]

    # The load --------------------------------------------------------------------------------------------------

    def start(self) -> "World":
        """Start the worker, the tablets and the officers."""
        self.start_worker()
        for secret, force in TABLETS.items():
            self._run(lambda secret=secret, force=force: self._tablet(secret, force))  # type: ignore[misc]
        self._run(self._writer)
        for force in self.sessions:
            self._run(lambda force=force: self._officer(force))  # type: ignore[misc]
        return self

    def stop(self) -> None:
        """End the load, then the worker."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()

    def start_worker(self) -> None:
        """The background worker, as the worker's role."""
        urls = self.server.urls
        self.worker = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker"],
            cwd=ROOT,
            env={**os.environ, **urls, **self.server.more, "DATABASE_URL": urls["DATABASE_WORKER_URL"]},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _tablet(self, secret: str, force: str) -> None:
        """Alert after alert; each is sent again with the same key until the tablet is told that it was received."""
        chance = random.Random(secret)
        while not self._stop.is_set():
            self._alert(force, _headers(secret), chance)
            time.sleep(self.pause)

    def _alert(self, force: str, headers: dict[str, str], chance: random.Random) -> tuple[str, str | None]:
        """One alert: its key, and the record that the tablet shows as received (none only at the end)."""
        key, began = str(uuid4()), time.monotonic()
        self.told.tried[key] = force
        while True:
            # Now and then the tablet gives up before the answer: the network dropped after the commit.
            impatient = chance.random() < 0.05
            status, body = self._post("/counter/send/", {"key": key}, headers, 0.02 if impatient else 8)
            record = self.told.heard(key, status, body)
            if status == 200:
                self._last = time.monotonic()
                self.latencies.append(self._last - began)
                return key, record
            if self._stop.is_set():
                return key, None
            time.sleep(0.1)

    def _writer(self) -> None:
        """A turn under a typed name: an alert, the agreement, the words, and put away; what was answered with 200 counts."""
        secret, force = WRITER
        chance, covered = random.Random(secret), _headers(secret)
        while not self._stop.is_set():
            _status, body = self._post("/counter/begin/", {"staff": "", "name": "Made-up Name"}, covered, 8)
            token = re.search(r'name="sitting" value="([^"]+)"', body)
            if token is None:
                time.sleep(0.2)
                continue
            turn = covered | {"X-Sitting": token[1]}
            _key, record = self._alert(force, turn, chance)
            if record:
                self._write(record, turn)
            time.sleep(self.pause)

    def _write(self, record: str, turn: dict[str, str]) -> None:
        said = Said(str(uuid4()), f"Made-up words {uuid4()}", f"Made-up sight {uuid4()}")
        words = {"own_words": said.own_words, "observed": said.observed}
        for step, key, boxes in (
            ("wish", str(uuid4()), {"wish": "police_now"}), ("agree", str(uuid4()), {"agree": "yes"}), ("words", said.key, words),
        ):  # fmt: skip
            data = {"record": record, "step": step, "key": key, **boxes}
            # The page sends it again with the same key, until it is told.
            while (status := self._post("/counter/answer/", data, turn, 8)[0]) == 0 or status >= 500:
                if self._stop.is_set():
                    return
                time.sleep(0.1)
            if status != 200:
                return  # police closed it meanwhile, or the turn is over: nothing was promised
        self.told.said[record] = said
        self._post("/counter/finish/", {"record": record}, turn, 8)

    def _officer(self, force: str) -> None:
        """Opens, claims and notes whatever waits; what the officer was told counts, and nothing else."""
        with PsycopgPatiently(lambda: self.engine.url(SUPERUSER, self.database)) as look:
            while not self._stop.is_set():
                record = look(
                    "select r.id::text from requests_codewordrequest r join pharmacies_policeforce f on f.id = r.force_id"
                    " where f.short_name ilike %s and r.state in ('waiting', 'read') and r.key::text <> all(%s::text[])"
                    " order by r.released_at desc limit 1",
                    [force, [*self.visiting]],
                )
                if record is None:
                    time.sleep(0.1)
                    continue
                self.desk(force, f"/triage/records/{record}/open/")
                if self.desk(force, f"/triage/records/{record}/claim/"):
                    self.told.claimed.add(record)
                self._note(force, record)
                if self.closes and self.desk(force, f"/triage/records/{record}/close/", **CLOSING):
                    self.told.closed.add(record)
                time.sleep(0.05)

    def _note(self, force: str, record: str) -> None:
        key, text = str(uuid4()), f"A made-up note {uuid4()}"
        for _try in range(3):  # the page sends it again with the same key
            if self.desk(force, f"/triage/records/{record}/note/", key=key, text=text):
                self.told.noted[key] = (record, text)
                return
            if self._stop.is_set():
                return

    def desk(self, force: str, path: str, **data: str) -> bool:
        """An officer's post; whether it led back to the record's page or the queue, which is how the desk says *done*."""
        token = "a" * 32
        for server in self._in_turn():
            headers = {
                "Content-Type": "application/x-www-form-urlencoded", "Origin": server.base_url,
                "Cookie": f"session={self.sessions[force]}; form={token}",
            }  # fmt: skip
            status, where, _body = self._ask(server, path, {"csrfmiddlewaretoken": token} | data, headers, 8)
            if status:
                return status == 302 and ("/triage/records/" in where or where == "/triage/")
        return False

    def _in_turn(self) -> list[Server]:
        """The hosts, beginning with any one."""
        place = random.randrange(len(self.servers))
        return self.servers[place:] + self.servers[:place]

    def _post(self, path: str, data: dict[str, str], headers: dict[str, str], patience: float) -> tuple[int, str]:
        for server in self._in_turn():
            status, _where, body = self._ask(server, path, data, headers, patience)
            if status:
                return status, body
        return 0, ""

    def _ask(
        self, server: Server, path: str, data: dict[str, str], headers: dict[str, str], patience: float
    ) -> tuple[int, str, str]:
        """Status, where it leads and body of the answer; 0 if none came, or not the whole of it."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience)
        try:
            connection.request("POST", path, urlencode(data), headers)
            answer = connection.getresponse()
            body = answer.read().decode()
            return answer.status, answer.getheader("Location") or "", body
        except (OSError, http.client.HTTPException):
            return 0, "", ""
        finally:
            connection.close()

    def until(self, alerts: int, within: float = 60) -> int:
        """Wait until so many alerts were accepted, since the start; how many it were then."""
        end = time.monotonic() + within
        while len(self.told.accepted) < alerts:
            assert time.monotonic() < end, f"{len(self.told.accepted)} alerts in {within} s"
            time.sleep(0.02)
        return len(self.told.accepted)

    def hurt(self, fault: Callable[[], None], within: float = 60, name: str = "") -> float:
        """Let a fault happen; wait for an accepted alert, and for everything else. Seconds until that alert."""
        before = time.monotonic()
        fault()
        after = time.monotonic()
        while self._last < after:
            if time.monotonic() > after + within:
                raise AssertionError(f"nothing was accepted for {within} s after {fault.__name__}")
            time.sleep(0.01)
        took = self._last - before
        missing = self._missing()
        while missing:
            if time.monotonic() > after + 3 * within:
                raise AssertionError(f"{3 * within} s after {fault.__name__}: {missing}")
            time.sleep(0.05)
            missing = self._missing()
        self.by_fault.setdefault(name or fault.__name__, []).append((took, time.monotonic() - before))
        return took

    def _missing(self) -> str:
        """What is not as it was: each web process hears the database, and so does the worker."""
        if self.worker is not None and self.worker.poll() is not None:
            self.workers_ended += 1
            self.start_worker()
        want = sum(len(server.children()) for server in self.servers if server.running)
        try:
            with psycopg.connect(self.engine.url(SUPERUSER, self.database), connect_timeout=3) as owner:
                found = owner.execute(
                    "select count(*) filter (where application_name = 'ani-portal listener'),"
                    " count(*) filter (where usename = 'ani_worker' and query ilike 'listen%')"
                    " from pg_stat_activity where datname = current_database()"
                ).fetchone()
        except (psycopg.Error, OSError) as error:
            return f"the database: {error}"
        web, worker = found or (0, 0)
        if web != want:
            return f"{web} of {want} web processes hear the database"
        return "" if worker else "the worker does not hear the database"

    def figures(self) -> list[str]:
        """A line for each kind of fault: how often, and how long until the next alert and until all was whole again."""
        lines = []
        for name, some in sorted(self.by_fault.items()):
            alerts, whole = zip(*some, strict=True)
            lines.append(
                f"FIGURE {name}: {len(some)} times; an alert accepted again after {statistics.median(alerts):.2f} s"
                f" (median), {max(alerts):.2f} s (worst); all whole after {statistics.median(whole):.2f} s,"
                f" {max(whole):.2f} s"
            )
        if self.workers_ended:
            lines.append(f"FIGURE the worker ended by itself {self.workers_ended} times and was started anew")
        return lines

    def check(self) -> None:
        """Every promise that was made."""
        self.told.check(self.engine.url(SUPERUSER, self.database))


def _headers(secret: str) -> dict[str, str]:
    """What a covered tablet sends with a post from its page."""
    return {
        "Content-Type": "application/x-www-form-urlencoded", "Cookie": f"device={secret}", "Sec-Fetch-Site": "same-origin",
    }  # fmt: skip


class PsycopgPatiently:
    """A connection for looking that outlives the server's faults."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def __enter__(self) -> "Callable[[str, list[Any]], str | None]":
        return self._look

    def __exit__(self, *_rest: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def _look(self, query: str, values: list[Any]) -> str | None:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(self._url(), autocommit=True, connect_timeout=3)
            row = self._connection.execute(query, values).fetchone()
            return row[0] if row else None
        except (psycopg.Error, OSError):
            self._connection = None
            return None
