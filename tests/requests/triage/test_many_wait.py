"""Thousands of records wait unread, as after an alarm of a whole country: telling of them is in nobody's way."""

import threading
import time
from datetime import timedelta

import psycopg
from django.utils import timezone

from ani_portal.access.roles import GATE
from ani_portal.engine.server import SUPERUSER, Engine
from benchmarks import seeding
from requests.clocks import run
from requests.models import Attempt
from tests.cast import Cast

MANY = 2_000


def _pass_through(url: str, stop: threading.Event, waits: list[float]) -> None:
    """What a migration needs, again and again: that every transaction ends within seconds."""
    with psycopg.connect(url, autocommit=True) as owner:
        while not stop.wait(0.02):
            began = time.monotonic()
            with owner.transaction():
                owner.execute("select pg_advisory_xact_lock(%s)", [GATE])
                owner.execute("select from requests_deskstate for update")
            waits.append(time.monotonic() - began)


def test_each_is_told_of_once_in_short_transactions(cast: Cast, engine: Engine, database: str) -> None:
    """Given 2,000 unread records of two forces; supervisors and duty contacts are told of each, once, and nobody waits long."""
    url = engine.url(SUPERUSER, database)
    with psycopg.connect(url, autocommit=True) as owner:
        seeding.add_open(owner, 1, MANY)
    run(now=timezone.now())  # the first look settles that nobody watches
    Attempt.objects.using("owner").all().delete()
    stop, waits = threading.Event(), list[float]()
    beside = threading.Thread(target=_pass_through, args=(url, stop, waits))
    beside.start()
    later = timezone.now() + timedelta(hours=1)
    try:
        began = time.monotonic()
        made = run(now=later)
        took = time.monotonic() - began
    finally:
        stop.set()
        beside.join()
    told = Attempt.objects.using("owner")
    assert made == told.count()
    assert told.filter(kind="unread", officer=None).count() == told.filter(kind="new", officer=None).count() == MANY
    assert told.filter(kind="unread", channel="screen").count() == MANY  # one supervisor in each force
    assert max(waits) < min(3.0, took), (max(waits), took)
    assert run(now=later) == 0
    print(
        f"FIGURE {MANY} unread records told of in {took:.1f} s; who needed everybody to pass waited {max(waits):.2f} s at most"
    )
