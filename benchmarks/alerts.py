"""An alert from the tablet beside its floors, and a whole record, with 1, 8 and 32 tablets at once."""

import http.client
import os
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from ani_portal.engine.server import Engine
from benchmarks import floor
from benchmarks.harness import keep
from benchmarks.load import Work, load, median_of, post
from benchmarks.memory import of_workers
from benchmarks.tablets import Device, tablets
from tests.e2e.server import Server

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
    result: dict[str, Any] = {"raw insert and commit, psycopg": floor.raw(engine)}
    with floor.serving(engine) as port:
        load(port, 8, WARM, lambda _client: floor.insert)
        for clients in CLIENTS:
            result[f"floor, {clients}"] = load(port, clients, SECONDS, lambda _client: floor.insert)
    with floor.serving(engine, "hopping_less") as port:
        load(port, 8, WARM, lambda _client: floor.insert)
        result["floor by the portal's own bridge, 8"] = load(port, 8, SECONDS, lambda _client: floor.insert)
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
