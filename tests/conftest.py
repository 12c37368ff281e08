"""The harness: one real PostgreSQL for the run, and a database of its own for every test."""

import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from pytest_django import Settings

from ani_portal.engine.place import EngineError, home
from ani_portal.engine.roles import create, prepare
from ani_portal.engine.server import ROLES, SUPERUSER, URL_NAMES, Engine, named
from tests.cast import Cast, make_cast

ALIASES = {
    "default": "ani_app",
    "owner": "ani_owner",
    "worker": "ani_worker",
    "import": "ani_import",
    "verify": "ani_verify",
}
TEMPLATE = "ani_template"


def point_django_at(engine: Engine, database: str) -> None:
    """Make every alias of this process connect to `database` of `engine` from now on."""
    passwords = engine._passwords()
    for alias, role in ALIASES.items():
        connections[alias].close()
        connections.settings[alias] |= {
            "NAME": database, "USER": role, "PASSWORD": passwords[role], "HOST": "127.0.0.1", "PORT": engine.port,
        }  # fmt: skip
        connections[alias].settings_dict.update(connections.settings[alias])


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A server for this run alone, without the durability that only the fault tests need."""
    _remove_leftovers()
    found = named(f"test-{os.getpid()}", durable=False)
    found.start()
    yield found
    found.remove()


def _remove_leftovers() -> None:
    """Servers of runs that were killed: found again by the process id in their name."""
    for folder in home("engine").parent.glob("test-*"):
        number = folder.name.split("-")[1]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            with suppress(OSError, EngineError):  # another run may be tidying up as well
                Engine(folder).remove()


@pytest.fixture(scope="session")
def template(engine: Engine, django_db_blocker: pytest.FixtureRequest) -> str:
    """A migrated database with the cast in it, to be copied for each test."""
    prepare(engine, TEMPLATE)
    point_django_at(engine, TEMPLATE)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("migrate", verbosity=0)
        make_cast()
        for alias in ALIASES:
            connections[alias].close()
    return TEMPLATE


@pytest.fixture
def database(engine: Engine, template: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database with the cast in it; real transactions, real commits."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(engine.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        create(connection, name, template=template)
        point_django_at(engine, name)
        try:
            with django_db_blocker.unblock():  # type: ignore[attr-defined]
                yield name
        finally:
            for alias in ALIASES:
                connections[alias].close()
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def cast(database: str) -> Cast:
    """The fixed cast of docs/testing.md, in a fresh database."""
    return Cast()


@pytest.fixture
def urls(engine: Engine, database: str) -> dict[str, str]:
    """Each role's address for this test's database, by the name of its environment variable."""
    return engine.urls(database)


@pytest.fixture(autouse=True)
def ledger_of_the_test(settings: Settings, tmp_path: Path) -> None:
    """Disposals and backups of a test leave nothing in this machine's `var/`."""
    settings.DISPOSAL_LEDGER = str(tmp_path / "ledger")
    settings.BACKUP_FOLDER = str(tmp_path / "backups")


__all__ = ["ROLES", "URL_NAMES"]
