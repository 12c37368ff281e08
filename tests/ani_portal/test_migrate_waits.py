"""A migration beside whoever holds a table: it waits for seconds at a time, lets everybody pass, and says so in the end."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections

from ani_portal.access import rings
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.engine.server import SUPERUSER, Engine
from tests.cast import Cast


@contextmanager
def held(engine: Engine, database: str) -> Iterator[psycopg.Connection]:
    """Somebody's open transaction has read a table, as a backup has read them all."""
    with psycopg.connect(engine.url(SUPERUSER, database)) as somebody:
        somebody.execute("lock table pharmacies_policeforce in access share mode")
        yield somebody


def _forget_the_rings() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from ani.rings")


def _read_on(stop: threading.Event, waits: list[float]) -> None:
    """What tablets and desks do meanwhile."""
    while not stop.wait(0.05):
        began = time.monotonic()
        with scoped(Scope(Kind.PUBLIC), read_only=True), connection.cursor() as cursor:
            cursor.execute("select count(*) from pharmacies_policeforce")
        waits.append(time.monotonic() - began)
    connection.close()


def test_it_waits_and_everybody_passes(
    cast: Cast, engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a long transaction; the rings are laid once it has ended, and meanwhile nobody waits much longer than it may."""
    monkeypatch.setattr(rings, "PATIENCE", 0.5)
    _forget_the_rings()
    stop, waits = threading.Event(), list[float]()
    readers = [threading.Thread(target=_read_on, args=(stop, waits)) for _number in range(2)]
    with held(engine, database) as somebody:
        done = threading.Timer(2.5, somebody.rollback)
        for thread in (done, *readers):
            thread.start()
        began = time.monotonic()
        call_command("migrate", verbosity=0)
        took = time.monotonic() - began
        stop.set()
        for thread in (done, *readers):
            thread.join()
    assert took > 2.4
    assert len(waits) > 10 and max(waits) < 2.4  # patience, and what laying them takes
    assert not rings.apply("owner"), "the rings are there"


def test_it_gives_up_in_plain_words_with_nothing_changed(
    cast: Cast, engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a transaction that does not end; the command says what to do, and the policies are those of before."""
    monkeypatch.setattr(rings, "PATIENCE", 0.2)
    monkeypatch.setattr(rings, "TRIES", 1)
    _forget_the_rings()
    before = _policies()
    with held(engine, database), pytest.raises(CommandError, match="in use by a long transaction"):
        call_command("migrate", verbosity=0)
    assert _policies() == before
    call_command("migrate", verbosity=0)
    assert _policies() == before


def test_a_table_in_use_is_waited_for_by_a_migration_too(
    cast: Cast, engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a migration that changes a table that somebody reads; it gives up in words, and nothing of it is there."""
    monkeypatch.setattr(rings, "PATIENCE", 0.2)
    monkeypatch.setattr(rings, "TRIES", 2)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    with connections["owner"].cursor() as cursor:
        cursor.execute("select name from django_migrations where app = 'requests' order by name desc limit 2")
        (newest,), (before,) = cursor.fetchall()
        cursor.execute("select string_agg(tablename, ', ') from pg_tables where tablename like 'requests%%'")
        (tables,) = cursor.fetchone() or ("",)
    with psycopg.connect(engine.url(SUPERUSER, database)) as somebody:
        somebody.execute(f"lock table {tables} in access share mode")
        with pytest.raises(CommandError, match=r"The tables could not be changed.*2 times"):
            call_command("migrate", "requests", before, verbosity=0)
    with connections["owner"].cursor() as cursor:
        cursor.execute("show lock_timeout")
        assert cursor.fetchone() == ("0",)
        cursor.execute("select name from django_migrations where app = 'requests' order by name desc limit 1")
        assert cursor.fetchone() == (newest,)


def _policies() -> list[tuple[str, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select tablename, policyname, cmd, qual, with_check from pg_policies order by 1, 2")
        return list(cursor.fetchall())
