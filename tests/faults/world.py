"""A portal under load that can be hurt: a durable database, two web processes, a worker, tablets and officers at work."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from ani_portal.engine.server import SUPERUSER, Engine
from tests.e2e.server import ROOT, Server

TABLETS = {"norfolk tablet": "norfolk", "norfolk second tablet": "norfolk", "cheshire tablet": "cheshire"}


@dataclass
class World:
    """What runs, and what was promised to whom."""

    engine: Engine
    server: Server
    database: str
    sessions: dict[str, str]  # a signed-in officer's session by force
    worker: subprocess.Popen[bytes] | None = None
    accepted: dict[str, str] = field(
        default_factory=dict
    )  # the key of an alert that a tablet was told is received: its force
    claimed: set[str] = field(default_factory=set)  # records that an officer was told they hold
    tried: int = 0
    outages: list[float] = field(default_factory=list)  # seconds from a fault to the next accepted alert
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _last: float = 0.0

    # The load --------------------------------------------------------------------------------------------------

    def start(self) -> "World":
        """Start the worker, the tablets and the officers."""
        self.start_worker()
        for secret, force in TABLETS.items():
            self._run(lambda secret=secret, force=force: self._tablet(secret, force))  # type: ignore[misc]
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

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _tablet(self, secret: str, force: str) -> None:
        """Alert after alert; each is sent again with the same key until the tablet is told that it was received."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "Cookie": f"device={secret}", "Sec-Fetch-Site": "same-origin",
        }  # fmt: skip
        chance = random.Random(secret)
        while not self._stop.is_set():
            key = str(uuid4())
            self.tried += 1
            while True:
                # Now and then the tablet gives up before the answer: the network dropped after the commit.
                impatient = chance.random() < 0.05
                status = self._post("/counter/send/", {"key": key}, headers, 0.02 if impatient else 8)
                if status == 200:
                    self.accepted[key] = force
                    self._last = time.monotonic()
                    break
                if self._stop.is_set():
                    return
                time.sleep(0.1)
            time.sleep(0.05)

    def _officer(self, force: str) -> None:
        """Opens and claims whatever waits; a claim counts when the officer was told so."""
        headers = {"Cookie": f"session={self.sessions[force]}", "Sec-Fetch-Site": "same-origin"}
        with psycopg_patiently(self.engine.url(SUPERUSER, self.database)) as look:
            while not self._stop.is_set():
                record = look(
                    "select r.id::text from requests_codewordrequest r join pharmacies_policeforce f on f.id = r.force_id"
                    " where f.short_name ilike %s and r.state in ('waiting', 'read') order by r.released_at desc limit 1",
                    [force],
                )
                if record is None:
                    time.sleep(0.1)
                    continue
                self._desk(f"/triage/records/{record}/open/", headers)
                if self._desk(f"/triage/records/{record}/claim/", headers) == 302:
                    self.claimed.add(record)

    def _desk(self, path: str, headers: dict[str, str]) -> int:
        token = "a" * 32
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "Origin": self.server.base_url,
            "Cookie": f"{headers['Cookie']}; form={token}",
        }  # fmt: skip
        return self._post(path, {"csrfmiddlewaretoken": token}, headers, 8)

    def _post(self, path: str, data: dict[str, str], headers: dict[str, str], patience: float) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=patience)
        try:
            connection.request("POST", path, urlencode(data), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    # What goes wrong -------------------------------------------------------------------------------------------

    def start_worker(self) -> None:
        """The background worker, as the worker's role."""
        urls = self.engine.urls(self.database)
        self.worker = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker"],
            cwd=ROOT,
            env={**os.environ, **urls, "DATABASE_URL": urls["DATABASE_WORKER_URL"]},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_web(self) -> None:
        """`kill -9` for every web process."""
        self.server.kill_workers()

    def kill_worker(self) -> None:
        """`kill -9` for the worker, and a new one, as a supervisor would."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()
        self.start_worker()

    def restart_web(self) -> None:
        """A deploy: the master replaces its processes one by one."""
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGHUP)

    def crash_database(self) -> None:
        """PostgreSQL dies with everything in its memory and recovers from its log."""
        pid = int((self.engine.data / "postmaster.pid").read_text().splitlines()[0])
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(ProcessLookupError):  # it was just ending by itself
                os.kill(int(child), signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 20
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.02)
        (self.engine.data / "postmaster.pid").unlink(missing_ok=True)
        self.engine.start()

    def cut_connections(self) -> None:
        """Every connection of the portal to the database ends, the listener's too."""
        with psycopg.connect(self.engine.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename like 'ani_%' and pid <> pg_backend_pid() and usename <> current_user"
            )

    def use_up_connections(self, seconds: float = 1.5) -> None:
        """Somebody else takes every connection that the database has left, for a while."""
        taken = []
        try:
            while True:
                taken.append(psycopg.connect(self.engine.url("ani_verify", self.database)))
        except psycopg.OperationalError:
            time.sleep(seconds)
        finally:
            for connection in taken:
                connection.close()

    def faults(self) -> list[Callable[[], None]]:
        """Everything that can go wrong here."""
        return [
            self.kill_web, self.kill_worker, self.restart_web, self.crash_database, self.cut_connections,
            self.use_up_connections,
        ]  # fmt: skip

    def hurt(self, fault: Callable[[], None]) -> None:
        """Let a fault happen and wait until an alert is accepted again; the time it took is kept."""
        before = time.monotonic()
        fault()
        end = before + 60
        after = time.monotonic()
        while self._last < after:
            if time.monotonic() > end:
                raise AssertionError(f"nothing was accepted for a minute after {fault.__name__}")
            time.sleep(0.01)
        self.outages.append(self._last - before)

    # What must hold --------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Every promise that was made, exactly once, in its force; nobody else's; each with its row of the log."""
        with psycopg.connect(self.engine.url(SUPERUSER, self.database)) as owner:
            rows = owner.execute(
                "select r.key::text, lower(f.short_name), count(*), bool_and(r.alerted_at is not null)"
                " from requests_codewordrequest r join pharmacies_policeforce f on f.id = r.force_id group by 1, 2"
            ).fetchall()
            there = {key: (force, count, alerted) for key, force, count, alerted in rows}
            lost = [key for key in self.accepted if key not in there]
            assert lost == [], f"{len(lost)} of {len(self.accepted)} accepted alerts are lost"
            wrong = [key for key, force in self.accepted.items() if there[key] != (force, 1, True)]
            assert wrong == []
            # What was never answered may have been written; nothing else may.
            assert len(there) <= self.tried
            unlogged = owner.execute(
                "select count(*) from requests_codewordrequest r where (select count(*) from audit_auditentry a"
                " where a.object_id = r.id::text and a.event = 'record.alerted') <> 1"
            ).fetchone()
            assert unlogged == (0,)
            held = {
                record
                for (record,) in owner.execute(
                    "select id::text from requests_codewordrequest where claimed_by_id is not null"
                )
            }
            assert self.claimed <= held, "an officer was told of a claim that is not there"


class psycopg_patiently:
    """A connection for looking that outlives the server's faults."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def __enter__(self) -> "Callable[[str, list[str]], str | None]":
        return self._look

    def __exit__(self, *_rest: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def _look(self, query: str, values: list[str]) -> str | None:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(self._url, autocommit=True)
            row = self._connection.execute(query, values).fetchone()
            return row[0] if row else None
        except psycopg.Error:
            self._connection = None
            return None
