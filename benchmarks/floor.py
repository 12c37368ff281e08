"""The two floors beside which every figure stands: a row and its commit by psycopg, and a bare Django view that does it."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from ani_portal.engine.server import SUPERUSER, Engine
from benchmarks.harness import ROOT, Spread, spread
from benchmarks.load import load, post
from tests.e2e.server import free_port

WARM, SECONDS = 0.5, 2.0


def beside(engine: Engine) -> dict[str, Spread]:
    """Both, quickly, with one client: taken anew before each part, because a machine is not the same all day."""
    with serving(engine) as port:
        load(port, 1, WARM, lambda _client: insert)
        view: Spread = load(port, 1, SECONDS, lambda _client: insert)["times"]
    commit: Spread = raw(engine, 500)["times"]
    return {"a bare Django view and one INSERT": view, "psycopg, INSERT and COMMIT": commit}


def insert(connection: http.client.HTTPConnection, _count: int) -> None:
    """One request to the bare view."""
    post(connection, "/insert/", urlencode({"key": str(uuid4())}), {})


def raw(engine: Engine, rows: int = 2000) -> Any:
    """PostgreSQL's own share: one row, one commit, one connection."""
    times = []
    with psycopg.connect(engine.url(SUPERUSER), autocommit=True) as owner:
        owner.execute("create table if not exists raw (id bigserial primary key, what text)")
        for _row in range(rows):
            started = time.perf_counter()
            owner.execute("insert into raw (what) values (%s)", [str(uuid4())])
            times.append(time.perf_counter() - started)
    return {"times": spread(times), "per second": round(len(times) / sum(times))}


@contextmanager
def serving(engine: Engine, application: str = "application") -> Iterator[int]:
    """The bare view on the portal's own kind of server, as the portal's own role; its port.

    `application`: by the library's way from the loop into a thread, which is the floor, or by the portal's (`hopping_less`).
    """
    with psycopg.connect(engine.url(SUPERUSER)) as owner:
        owner.execute("create table if not exists floor (id bigserial primary key, what text)")
        owner.execute("grant insert on floor to ani_app")
        owner.execute("grant usage on sequence floor_id_seq to ani_app")
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--worker-class", "asgi", "--workers", "2", "--no-control-socket",
        "--log-level", "warning", "--bind", f"127.0.0.1:{port}", f"benchmarks.bare:{application}",
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
