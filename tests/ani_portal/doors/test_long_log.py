"""A million rows of the log."""

import os
import time

import pytest
from django.db import connections

from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from ani_portal.audit.verify import Broken, verify
from tests.cast import Cast

LIMIT = 60.0  # seconds for a million rows
MANY = int(os.environ.get("LOG_ROWS", "1000000"))


def _fill(rows: int) -> None:
    actor = Actor("process", "test")
    for start in range(0, rows, 20_000):
        with scoped(Scope(Kind.PUBLIC)) as log:
            for number in range(start, min(start + 20_000, rows)):
                log.note("test.happened", by=actor, force=1, on=("thing", number))


def _forged(statement: str) -> Broken:
    """What the verification says after the owner of the database did this, which is then undone."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table audit_auditentry disable trigger all")
        cursor.execute(
            "create table kept as select * from audit_auditentry where chain = 1 and seq between 9000 and 9002"
        )
        cursor.execute(statement)
    (fault,) = verify("verify").broken
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from audit_auditentry where chain = 1 and seq between 9000 and 9002")
        cursor.execute("insert into audit_auditentry overriding system value select * from kept")
        cursor.execute("drop table kept")
        cursor.execute("alter table audit_auditentry enable trigger all")
    return fault


def _check(cast: Cast, rows: int, limit: float) -> None:
    began = time.monotonic()
    _fill(rows)
    filled, began = time.monotonic() - began, time.monotonic()
    found = verify("verify")
    took = time.monotonic() - began
    print(f"FIGURE {found.rows} rows verified in {took:.1f} s (written in {filled:.0f} s)")
    assert found.broken == [] and found.rows >= rows
    assert took < limit, took
    altered = _forged("update audit_auditentry set object_id = 'x' where chain = 1 and seq = 9001")
    assert (altered.chain, altered.seq) == (1, 9001) and "changed" in altered.why
    removed = _forged("delete from audit_auditentry where chain = 1 and seq = 9001")
    assert (removed.chain, removed.seq) == (1, 9001) and "missing" in removed.why
    reordered = _forged(
        "update audit_auditentry e set object_id = o.object_id, at = o.at, hash = o.hash from audit_auditentry o"
        " where e.chain = 1 and o.chain = 1 and (e.seq, o.seq) in ((9000, 9001), (9001, 9000))"
    )
    assert (reordered.chain, reordered.seq) == (1, 9000) and "place" in reordered.why
    assert verify("verify").broken == []


def test_many_rows_verify_fast(cast: Cast) -> None:
    """The short form: ten thousand, in their share of the time and some more for a busy machine."""
    _check(cast, 10_000, LIMIT / 10)


@pytest.mark.long
def test_a_million_rows_verify_within_a_minute(cast: Cast) -> None:
    """And of one altered, removed or reordered row the place is named."""
    _check(cast, MANY, LIMIT)
