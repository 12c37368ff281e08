"""Opening a record with 50 entries, sealed and in plain text; and wrapping keys anew."""

import base64
import json
import os
import secrets
import time
from collections.abc import Callable
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.engine.server import Engine
from ani_portal.sealing import rotation
from ani_portal.sealing.seal import key_wrapping, seal_of
from benchmarks.harness import keep, spread
from requests.entry_words import words_of
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything, said

ENTRIES = 50
ROUNDS = 200
KEYS = 20_000
WORDS = "what a person said, some of it long, " * 12  # about 450 characters


def run(engine: Engine) -> None:
    """Both, one after the other."""
    cast = Cast()
    by = cast.recorder("norfolk")
    record = a_record_with_everything(cast, "norfolk")
    with using_role("owner"):
        there = record.entries.count()
    for number in range(ENTRIES - there):
        said(by, record, f"{number} {WORDS}")
    values = _plain_values(record)
    sealed, plain = _times([lambda: _read_sealed(record), lambda: _read_plain(record, values)], cast)
    keep(
        "sealed",
        {
            "entries": ENTRIES,
            "sealed_ms": spread(sealed),
            "plain_ms": spread(plain),
            "more_ms": round(spread(sealed).median - spread(plain).median, 2),
            "aim_more_ms": 10,
            "rotation_keys_per_second": _rotate(),
        },
    )


def _times(works: list[Callable[[], int]], cast: Cast) -> list[list[float]]:
    """Each in turn, so that whatever else the machine does falls on all alike."""
    officer = cast.officer("norfolk")
    times: list[list[float]] = [[] for _work in works]
    for _round in range(ROUNDS):
        for place, work in enumerate(works):
            with scoped(officer.scope, read_only=True):
                started = time.perf_counter()
                assert work() == ENTRIES
                times[place].append(time.perf_counter() - started)
    return times


def _plain_values(record: CodewordRequest) -> dict[UUID, str]:
    """The same entries with their text in the open; kept in memory, so that the comparison favours plain text."""
    with using_role("owner"):
        seal = seal_of(record.pk)
        return {one.pk: json.dumps(seal.open(bytes(one.sealed), field=one.field)) for one in record.entries.all()}


def _read_sealed(record: CodewordRequest) -> int:
    """The rows, the record's key, and each entry opened: what sealing adds to a page is in here and nothing else."""
    rows = list(record.entries.select_related("staff", "officer").order_by("at"))
    seal = seal_of(record.pk)
    return len([words_of(entry.kind, seal.open(bytes(entry.sealed), field=entry.field)) for entry in rows])


def _read_plain(record: CodewordRequest, values: dict[UUID, str]) -> int:
    rows = list(record.entries.select_related("staff", "officer").order_by("at"))
    return len([words_of(entry.kind, json.loads(values[entry.pk])) for entry in rows])


def _rotate() -> int:
    """Wrap KEYS keys anew; how many a second."""
    from ani_portal.sealing.keyring import key_service

    service = key_service()
    rows = []
    for _key in range(KEYS):
        record_id = uuid4()
        rows.append((record_id, 1, *service.wrap(os.urandom(32), key_wrapping(record_id, 1))))
    with connections["owner"].cursor() as cursor:
        cursor.executemany("insert into vault.record_key values (%s, %s, %s, %s)", rows)
    fresh = "bench:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    before = settings.MASTER_KEYS
    settings.MASTER_KEYS = f"{fresh},{before}"
    try:
        with using_role("owner"):
            went = rotation.rotate()
    finally:
        settings.MASTER_KEYS = before
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from vault.record_key where force_id = 1")
    return int(went.done / went.seconds)
