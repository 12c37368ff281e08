"""A world of its own for each fault test: a durable database that may be killed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from ani_portal.engine.roles import prepare
from ani_portal.engine.server import named
from tests.cast import Cast, make_cast
from tests.conftest import ALIASES, point_django_at
from tests.e2e.server import Server

from .world import World


@pytest.fixture
def world(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A portal on a durable server, not yet under load."""
    engine = named(f"test-{os.getpid()}-faults")
    engine.start()
    prepare(engine, "faults")
    point_django_at(engine, "faults")
    server = Server(engine.urls("faults"), workers=2, log=tmp_path / "server.log")
    try:
        with django_db_blocker.unblock():
            call_command("migrate", verbosity=0)
            make_cast()
            cast = Cast()
            sessions = {force: cast.session(force, "officer1") for force in ("norfolk", "cheshire")}
            for alias in ALIASES:
                connections[alias].close()
            server.start()
            yield World(engine, server, "faults", sessions)
    finally:
        server.stop()
        for alias in ALIASES:
            connections[alias].close()
        engine.remove()
        print(server.log.read_text()[-3000:] if server.log and server.log.exists() else "")
