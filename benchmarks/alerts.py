"""An alert from the tablet beside its floors, and a whole record, with 1, 8 and 32 tablets at once."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from ani_portal.engine.server import SUPERUSER, Engine
from benchmarks.harness import ROOT, keep, spread
from benchmarks.load import Work, load, median_of, post
from benchmarks.memory import of_workers
from benchmarks.tablets import Device, tablets
from tests.e2e.server import Server, free_port

CLIENTS = (1, 8, 32)
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
# A tablet makes an alarm in years. Each client goes round many, so that no pharmacy has hundreds of open receipts.
TABLETS = 2048
WARM = 1.0

WORDS = "What a made-up person said, a few sentences of it. " * 6
# The shortest way through every question to the receipt, and a screen's worth of words.
JOURNEY: tuple[tuple[str, dict[str, str]], ...] = (
    ("rung", {"rung": "by_me"}),
    ("wish", {"wish": "police_now"}),
    ("agree", {"agree": "yes"}),
    ("connected", {"connected": "no"}),
    ("contact", {"ring": "safe", "text": "not_safe", "number": "07700 900123"}),
    ("where", {"place": "not_known"}),
    ("words", {"own_words": WORDS, "observed": WORDS}),
    ("told", {"young": "not_known", "stay": "not_known"}),
    ("support", {}),
)


def run(engine: Engine) -> None:
    """All of it on one database, in one run."""
    devices = tablets(TABLETS)
    result: dict[str, Any] = {"raw insert and commit, psycopg": _raw(engine)}
    with psycopg.connect(engine.url(SUPERUSER)) as owner:
        owner.execute("create table if not exists floor (id bigserial primary key, what text)")
        owner.execute("grant insert on floor to ani_app")
        owner.execute("grant usage on sequence floor_id_seq to ani_app")
    with _floor(engine) as port:
        load(port, 8, WARM, lambda _client: _insert)
        for clients in CLIENTS:
            result[f"floor, {clients}"] = load(port, clients, SECONDS, lambda _client: _insert)
    portal = Server(engine.urls(), workers=2).start()
    try:
        load(portal.port, 8, WARM, _alarms(devices, 8))
        for clients in CLIENTS:
            result[f"alert, {clients}"] = load(portal.port, clients, SECONDS, _alarms(devices, clients))
        # What every tablet of a country sends each minute, whatever happens (docs/capacity.md).
        result["heartbeat, 8"] = load(portal.port, 8, SECONDS, _heartbeats(devices, 8))
        pool = iter(devices)
        for clients in CLIENTS:
            result[f"whole record, {clients}"] = load(portal.port, clients, SECONDS, _journeys(pool))
        result["memory of a web process, MB"] = of_workers(portal)
    finally:
        portal.stop()
    for clients in CLIENTS:
        ratio = median_of(result[f"alert, {clients}"]) / median_of(result[f"floor, {clients}"])
        result[f"times the floor, {clients}"] = round(ratio, 2)
    keep("alerts", result | {"aim": "3 times the floor at most; 400 a second from 8 clients"})


def _insert(connection: http.client.HTTPConnection, _count: int) -> None:
    post(connection, "/insert/", urlencode({"key": str(uuid4())}), {})


def _own(devices: Sequence[Device], client: int, clients: int) -> Sequence[Device]:
    """The tablets of one client: no two clients are at one tablet."""
    return devices[client::clients]


def _alarms(devices: Sequence[Device], clients: int) -> Any:
    def of(client: int) -> Work:
        own = _own(devices, client, clients)

        def alarm(connection: http.client.HTTPConnection, count: int) -> None:
            headers = own[count % len(own)].headers(turn=False)
            post(connection, "/counter/send/", urlencode({"key": str(uuid4())}), headers)

        return alarm

    return of


def _heartbeats(devices: Sequence[Device], clients: int) -> Any:
    def of(client: int) -> Work:
        own = _own(devices, client, clients)

        def heartbeat(connection: http.client.HTTPConnection, count: int) -> None:
            post(connection, "/counter/heartbeat/", "", own[count % len(own)].headers(turn=False), status=204)

        return heartbeat

    return of


def _journeys(pool: Iterator[Device]) -> Any:
    """From the first decision to the receipt put away, each on a tablet that nobody used: finishing ends the turn."""

    def journey(connection: http.client.HTTPConnection, _count: int) -> None:
        headers = next(pool).headers(turn=True)
        first = {"key": str(uuid4()), "step": "danger", "danger": "yes"}
        shown = post(connection, "/counter/answer/", urlencode(first), headers)
        record = shown.split(b'type="hidden" name="record" value="', 1)[1][:36].decode()
        for step, boxes in JOURNEY:
            body = {"key": str(uuid4()), "record": record, "step": step, **boxes}
            post(connection, "/counter/answer/", urlencode(body), headers)
        post(connection, "/counter/finish/", urlencode({"record": record}), headers)

    return lambda _client: journey


def _raw(engine: Engine) -> Any:
    """PostgreSQL's own share: one row, one commit, one connection."""
    times = []
    with psycopg.connect(engine.url(SUPERUSER), autocommit=True) as owner:
        owner.execute("create table if not exists raw (id bigserial primary key, what text)")
        for _row in range(2000):
            started = time.perf_counter()
            owner.execute("insert into raw (what) values (%s)", [str(uuid4())])
            times.append(time.perf_counter() - started)
    return {"times": spread(times), "per second": round(len(times) / sum(times))}


@contextmanager
def _floor(engine: Engine) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--worker-class", "asgi", "--workers", "2", "--no-control-socket",
        "--log-level", "warning", "--bind", f"127.0.0.1:{port}", "benchmarks.floor:application",
    ]  # fmt: skip
    environment = {**os.environ, **engine.urls()}
    environment.pop("DJANGO_SETTINGS_MODULE")
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def _wait(port: int) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the floor did not start")
