"""A world of its own for each fault test: a durable database that may be killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from ani_portal.engine.place import run_as
from ani_portal.engine.roles import prepare
from ani_portal.engine.server import Engine, named
from tests.cast import Cast, make_cast
from tests.conftest import ALIASES, point_django_at
from tests.e2e.server import Server

from .disk import SmallDisk
from .hurting import Faults
from .proxy import Wire
from .world import World

DATABASE = "faults"


@contextmanager
def prepared(engine: Engine, blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """A started engine with the cast in it, and officers' sessions; this process looks at it as every role."""
    prepare(engine, DATABASE)
    point_django_at(engine, DATABASE)
    try:
        with blocker.unblock():
            call_command("migrate", verbosity=0)
            make_cast()
            cast = Cast()
            sessions = {force: cast.session(force, "officer1") for force in ("norfolk", "cheshire")}
            for alias in ALIASES:
                connections[alias].close()
            yield sessions
    finally:
        for alias in ALIASES:
            connections[alias].close()


def through(wire: Wire, urls: dict[str, str], port: int) -> dict[str, str]:
    """The same addresses with the wire in between."""
    return {name: url.replace(f"127.0.0.1:{port}/", f"127.0.0.1:{wire.port}/") for name, url in urls.items()}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk | None]:
    """A small disk, where this user may mount one."""
    found = SmallDisk(Path("/var/tmp") / f"ani-portal-disk-{os.getpid()}")
    try:
        found.mount()
    except (PermissionError, FileNotFoundError):
        yield None
        return
    try:
        yield found
    finally:
        found.unmount()


def engine_on(disk: SmallDisk | None) -> Engine:
    """A durable server, on the small disk if there is one."""
    if disk is None:
        return named(f"test-{os.getpid()}-faults")
    folder = disk.folder / "engine"
    folder.mkdir(mode=0o700)
    user = run_as()
    if user.uid is not None and user.gid is not None:
        os.chown(folder, user.uid, user.gid)
    return Engine(folder)


@pytest.fixture
def faults(tmp_path: Path, django_db_blocker: DjangoDbBlocker, disk: SmallDisk | None) -> Iterator[Faults]:
    """A portal on a durable server, not yet under load, and what can go wrong with it."""
    engine = engine_on(disk)
    engine.start()
    wire = Wire(engine.port).start()
    urls = through(wire, engine.urls(DATABASE), engine.port)
    server = Server(urls, workers=2, log=tmp_path / "server.log")
    try:
        with prepared(engine, django_db_blocker) as sessions:
            server.start()
            yield Faults(World(engine, [server], DATABASE, sessions, wire), disk)
    finally:
        server.stop()
        wire.stop()
        said = (engine.folder / "log.txt").read_text().splitlines()
        print(
            "\n".join(
                [line for line in said if "FATAL:" not in line and "procrastinate_jobs_queueing" not in line][-40:]
            )
        )
        engine.remove()
        print(server.log.read_text()[-3000:] if server.log and server.log.exists() else "")
