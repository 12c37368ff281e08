"""Sealing what a person said: each record has a key of its own, and every value is bound to its place.

A value opens only with the key of its record and under the same record, force and field: copied elsewhere, it does not.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .keyring import KEY, SealBroken, decrypt, encrypt, key_service
from .models import RecordKey

# Values are padded to a multiple of this many bytes, so that their length does not tell what was chosen from a list.
_BLOCK = 64


@dataclass(frozen=True)
class Seal:
    """One record's key, unwrapped, for the length of a request."""

    record_id: UUID
    force_id: int
    key: bytes

    def close(self, value: Any, *, field: str) -> bytes:
        """`value` (anything JSON can hold), sealed for `field` of this record."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return encrypt(self.key, text + b" " * (-len(text) % _BLOCK), self._context(field))

    def open(self, sealed: bytes, *, field: str) -> Any:
        """What was sealed for `field`, or SealBroken."""
        return json.loads(decrypt(self.key, bytes(sealed), self._context(field)))

    def _context(self, field: str) -> bytes:
        return f"record|{self.record_id}|{self.force_id}|{field}".encode()


def key_wrapping(record_id: UUID, force_id: int) -> bytes:
    """What a record's wrapped key is bound to."""
    return f"key|{record_id}|{force_id}".encode()


def seal_of(record_id: UUID) -> Seal:
    """The seal of a record whose key this scope may see; SealBroken if it is gone or hidden."""
    row = RecordKey.objects.filter(record_id=record_id).first()
    if row is None:
        raise SealBroken("there is no key for this record")
    key = key_service().unwrap(row.master_key, bytes(row.wrapped), key_wrapping(row.record_id, row.force_id))
    return Seal(row.record_id, row.force_id, key)


def seals_of(record_ids: Iterable[UUID]) -> dict[UUID, Seal]:
    """The seals of many records in one query; those whose key is gone, hidden or does not open are left out."""
    found = {}
    for row in RecordKey.objects.filter(record_id__in=list(record_ids)):
        with contextlib.suppress(SealBroken):
            key = key_service().unwrap(row.master_key, bytes(row.wrapped), key_wrapping(row.record_id, row.force_id))
            found[row.record_id] = Seal(row.record_id, row.force_id, key)
    return found


def seal_elsewhere(record_id: UUID, force_id: int) -> tuple[Seal, str, bytes]:
    """A fresh seal for a record of another force, which this scope can neither make nor see afterwards; and its wrapped key
    (the master key's name first), for the database function that makes that record."""
    key = os.urandom(KEY)
    name, wrapped = key_service().wrap(key, key_wrapping(record_id, force_id))
    return Seal(record_id, force_id, key), name, wrapped


def new_seal(record_id: UUID, force_id: int) -> Seal:
    """The seal of a record, made with a fresh key if it has none yet; twice at once gives the same one."""
    key = os.urandom(KEY)
    name, wrapped = key_service().wrap(key, key_wrapping(record_id, force_id))
    RecordKey.objects.bulk_create(
        [RecordKey(record_id=record_id, force_id=force_id, master_key=name, wrapped=wrapped)], ignore_conflicts=True
    )
    return seal_of(record_id)
