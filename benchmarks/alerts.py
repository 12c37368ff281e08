"""An alert from the tablet, beside its floor, with 1, 8 and 32 tablets at once."""

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from ani_portal.engine.server import SUPERUSER, Engine
from benchmarks.harness import ROOT, keep, spread
from tests.e2e.server import Server, free_port

CLIENTS = (1, 8, 32)
SECONDS = 6.0


def run(engine: Engine) -> None:
    """Measure both on one database, in one run."""
    result: dict[str, Any] = {}
    with psycopg.connect(engine.url(SUPERUSER)) as owner:
        owner.execute("create table if not exists floor (id bigserial primary key, what text)")
        owner.execute("grant insert on floor to ani_app")
        owner.execute("grant usage on sequence floor_id_seq to ani_app")
    with _floor(engine) as port:
        for clients in CLIENTS:
            result[f"floor, {clients}"] = _load(port, "/insert/", clients)
    portal = Server(engine.urls(), workers=2).start()
    try:
        for clients in CLIENTS:
            result[f"alert, {clients}"] = _load(portal.port, "/counter/send/", clients)
    finally:
        portal.stop()
    for clients in CLIENTS:
        alert, floor = result[f"alert, {clients}"], result[f"floor, {clients}"]
        result[f"times the floor, {clients}"] = round(alert["times"].median / floor["times"].median, 2)
    keep("alerts", result)


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


def _load(port: int, path: str, clients: int) -> dict[str, Any]:
    """That many tablets, each on a connection of its own, as fast as they are answered."""
    times: list[float] = []
    refused: list[int] = []
    end = time.monotonic() + SECONDS

    def tablet() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "device=norfolk tablet",
            "Sec-Fetch-Site": "same-origin",
        }
        while time.monotonic() < end:
            started = time.perf_counter()
            connection.request("POST", path, urlencode({"key": str(uuid4())}), headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - started)
            if answer.status != 200:
                refused.append(answer.status)

    threads = [threading.Thread(target=tablet) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise RuntimeError(f"{len(refused)} of {len(times)} were refused, the first with {refused[0]}")
    return {"times": spread(times), "per second": round(len(times) / SECONDS)}
