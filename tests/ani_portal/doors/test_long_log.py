"""A million rows of the log."""

import time

import pytest
from django.db import connections

from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from ani_portal.audit.verify import verify
from tests.cast import Cast

LIMIT = 60.0  # seconds for a million rows


def _fill(rows: int) -> None:
    actor = Actor("process", "test")
    for start in range(0, rows, 20_000):
        with scoped(Scope(Kind.PUBLIC)) as log:
            for number in range(start, min(start + 20_000, rows)):
                log.note("test.happened", by=actor, force=1, on=("thing", number))


def _check(cast: Cast, rows: int, limit: float) -> None:
    _fill(rows)
    began = time.monotonic()
    found = verify("verify")
    took = time.monotonic() - began
    assert found.broken == [] and found.rows >= rows
    assert took < limit, took
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table audit_auditentry disable trigger all")
        cursor.execute("update audit_auditentry set object_id = 'x' where chain = 1 and seq = %s", [rows // 2])
        cursor.execute("alter table audit_auditentry enable trigger all")
    (fault, *others) = verify("verify").broken
    assert not others and (fault.chain, fault.seq) == (1, rows // 2)


def test_many_rows_verify_fast(cast: Cast) -> None:
    """The short form: twenty thousand, in their share of the time."""
    _check(cast, 20_000, LIMIT / 10)


@pytest.mark.long
def test_a_million_rows_verify_within_a_minute(cast: Cast) -> None:
    """And one altered row among them is named."""
    _check(cast, 1_000_000, LIMIT)
