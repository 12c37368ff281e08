"""Wrapping every key anew with the current master key, in small transactions beside the running service.

Readers never wait: a row is readable before, during (as it was) and after. Whatever is still under an older master key
is found by looking, so an interrupted run goes on where it stopped, and a second one finds nothing.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from .keyring import SealBroken, key_service
from .phones import wrapping as phones_wrapping
from .seal import key_wrapping

ALIAS = "owner"  # the application's role may not change a wrapped key
BATCH = 500


@dataclass(frozen=True)
class Rotated:
    """How a rotation went: keys wrapped anew, keys still under an older one (none opens them), seconds."""

    done: int
    left: int
    seconds: float


_RECORDS = (
    "select record_id, force_id, master_key, wrapped from vault.record_key"
    " where master_key <> %s and record_id > %s order by record_id limit %s for update skip locked"
)
_WRAP = (
    "update vault.record_key k set master_key = n.name, wrapped = n.wrapped"
    " from unnest(%s::uuid[], %s::text[], %s::bytea[]) as n(id, name, wrapped) where k.record_id = n.id"
)


def rotate(*, pause: float = 0, said: Callable[[int], Any] = lambda done: None) -> Rotated:
    """Wrap all keys with the current master key; `pause` seconds between batches spare a busy server."""
    started, done = time.monotonic(), _forces()
    while True:
        in_pass = 0
        for batch in _batches(pause):
            done, in_pass = done + batch, in_pass + batch
            said(done)
        # Rows that somebody held, or that a process with yesterday's file wrote meanwhile, are in the next pass.
        if in_pass == 0:
            return Rotated(done, left(), time.monotonic() - started)


def left() -> int:
    """How many keys are not under the current master key."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "select (select count(*) from vault.record_key where master_key <> %s)"
            " + (select count(*) from vault.force_key where master_key <> %s)",
            [key_service().current] * 2,
        )
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def _batches(pause: float) -> Iterator[int]:
    after = "00000000-0000-0000-0000-000000000000"
    while True:
        service = key_service()
        with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
            cursor.execute(_RECORDS, [service.current, after, BATCH])
            rows = cursor.fetchall()
            ids, names, values = [], [], []
            for record_id, force_id, master_key, wrapped in rows:
                context = key_wrapping(record_id, force_id)
                try:
                    name, again = service.wrap(service.unwrap(master_key, bytes(wrapped), context), context)
                except SealBroken:
                    continue
                ids.append(record_id)
                names.append(name)
                values.append(again)
            if ids:
                cursor.execute(_WRAP, [ids, names, values])
        if not rows:
            return
        after = str(rows[-1][0])
        yield len(ids)
        if pause:
            time.sleep(pause)


def _forces() -> int:
    service, done = key_service(), 0
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "select force_id, master_key, wrapped from vault.force_key where master_key <> %s for update",
            [service.current],
        )
        for force_id, master_key, wrapped in cursor.fetchall():
            try:
                key = service.unwrap(master_key, bytes(wrapped), phones_wrapping(force_id))
            except SealBroken:
                continue
            name, again = service.wrap(key, phones_wrapping(force_id))
            cursor.execute(
                "update vault.force_key set master_key = %s, wrapped = %s where force_id = %s", [name, again, force_id]
            )
            done += 1
    return done
