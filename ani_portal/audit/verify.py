"""Checking the log: every row must follow from the one before it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, transaction

_LONDON = ZoneInfo("Europe/London")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
THINNED = "log.thinned"
_COLUMNS = "chain, seq, at, actor_kind, actor_id, via, event, object_kind, object_id, detail, hash, thinned_by"


@dataclass(frozen=True)
class Broken:
    """The first row of a chain that does not follow from the one before it."""

    chain: int
    seq: int
    why: str


@dataclass(frozen=True)
class Verified:
    """How a verification went."""

    rows: int
    chains: int
    broken: list[Broken]


def row_text(parts: list[str]) -> bytes:
    """What is hashed of a row: each part behind its length in bytes, as `ani.audit_text` has it."""
    encoded = [part.encode() for part in parts]
    return b"".join(str(len(part)).encode() + b":" + part for part in encoded)


def row_hash(before: bytes, row: tuple[object, ...]) -> bytes:
    """The hash that a row must carry, given the hash before it."""
    chain, seq, at, *rest = row[:10]
    assert isinstance(at, datetime)
    micros = (at - _EPOCH) // (datetime.resolution)
    return hashlib.sha256(before + row_text([str(chain), str(seq), str(micros), *map(str, rest)])).digest()


@dataclass
class Thinned:
    """What one row of the chain vouches for: rows that lost their ids after their time."""

    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, row: tuple[object, ...]) -> None:
        """Count a thinned row, as `ani.audit_thin` counted it."""
        _chain, seq, at, actor_kind, _actor, _via, event, object_kind, *_rest = row
        assert isinstance(at, datetime) and isinstance(row[10], (bytes, memoryview))
        micros = (at - _EPOCH) // datetime.resolution
        parts = [str(seq), bytes(row[10]).hex(), str(micros), str(actor_kind), str(event), str(object_kind)]
        self.digest.update(row_text(parts))
        self.rows += 1

    def fits(self, detail: str) -> bool:
        """Whether the row with this detail vouches for exactly these."""
        expected = json.dumps({"digest": self.digest.hexdigest(), "rows": self.rows}, separators=(",", ":"))
        return detail == expected


def verify(alias: str) -> Verified:
    """Read every chain in its order and name the first broken link of each; `alias` is the role to read as."""
    rows, chains, broken = 0, 0, []
    # One snapshot, so that what is written meanwhile looks neither missing nor too much.
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("select chain, seq, hash from audit_auditchain order by chain")
            heads = {chain: (seq, bytes(mark)) for chain, seq, mark in cursor.fetchall()}
            cursor.execute("select distinct chain from audit_auditentry")
            known = set(heads) | {chain for (chain,) in cursor.fetchall()}
        for chain in sorted(known):
            chains += 1
            count, fault = _verify_chain(alias, chain, heads.get(chain))
            rows += count
            if fault:
                broken.append(fault)
    return Verified(rows, chains, broken)


def _verify_chain(alias: str, chain: int, head: tuple[int, bytes] | None) -> tuple[int, Broken | None]:
    before, count = b"", 0
    thinned: dict[int, Thinned] = {}
    for row in _rows(alias, chain):
        count += 1
        seq, mark, by = row[1], row[10], row[11]
        assert isinstance(seq, int) and isinstance(mark, (bytes, memoryview))
        if seq != count:
            return count, Broken(chain, count, f"row {count} is missing: after {count - 1} comes {seq}")
        if isinstance(by, int):
            if not _is_bare(row):
                return count, Broken(chain, seq, "it lost its ids, and holds something all the same")
            # Its own hash can no longer be computed: a later row vouches for it, and is looked at when it comes.
            thinned.setdefault(by, Thinned()).add(row)
            before = bytes(mark)
            continue
        expected = row_hash(before, row)
        if bytes(mark) != expected:
            return count, Broken(chain, seq, "its content or its place was changed")
        if row[6] == THINNED and not thinned.pop(seq, Thinned()).fits(str(row[9])):
            return count, Broken(chain, seq, "what it vouches for, rows without their ids, was changed")
        before = expected
    if thinned:
        return count, Broken(chain, min(thinned), "rows lost their ids, and no row of the chain vouches for them")
    if head is None or head != (count, before):
        last = head[0] if head else 0
        return count, Broken(chain, count + 1, f"the chain's head says {last} rows, there are {count}")
    return count, None


def _is_bare(row: tuple[object, ...]) -> bool:
    """Whether a thinned row says nothing but that something was done to a record in some month."""
    _chain, _seq, at, _actor_kind, actor, via, _event, kind, key, detail = row[:10]
    assert isinstance(at, datetime)
    first = at.astimezone(_LONDON)
    of_month = (first.day, first.hour, first.minute, first.second, first.microsecond) == (1, 0, 0, 0, 0)
    return of_month and kind in ("record", "access") and (actor, via, key, detail) == ("-", "", "", "")


def _rows(alias: str, chain: int) -> Iterator[tuple[object, ...]]:
    connection = connections[alias]
    connection.ensure_connection()
    with connection.connection.cursor(name=f"verify_{chain}") as cursor:
        cursor.itersize = 20_000
        cursor.execute(f"select {_COLUMNS} from audit_auditentry where chain = %s order by seq", [chain])
        yield from cursor
