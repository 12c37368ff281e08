"""Work that holds rows in one connection while it writes in another, and a migration, never at the same time.

The import of a register keeps its transaction open while it tells, through another role's connection, how far it is. A
migration that has changed the second table and waits for the first is a deadlock that PostgreSQL does not see: it does
not know that two connections are one process. So such work shares a lock that a migration takes alone. It is taken before the
gate of roles.py, by both, and held outside any transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connections

# The number is ours alone.
_LOCK = 0x414E4A
# A dry run of the whole register takes seconds, its writing some ten; what takes so long hangs.
PATIENCE = "10min"


class StillWorking(RuntimeError):
    """Some long work did not end."""


@contextmanager
def long_work(alias: str) -> Iterator[None]:
    """No migration runs meanwhile; waits for one that does. `alias` is the connection that does the work."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_advisory_lock_shared(%s)", [_LOCK])
    try:
        yield
    finally:
        _let_go(alias, "select pg_advisory_unlock_shared(%s)")


@contextmanager
def no_long_work(alias: str, say: Callable[[str], None]) -> Iterator[None]:
    """No long work runs meanwhile; waits for what does, and says so. Raises StillWorking after PATIENCE."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            say("Waiting for the import of a register to end …")
            _wait(alias)
    try:
        yield
    finally:
        _let_go(alias, "select pg_advisory_unlock(%s)")


def _wait(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"set lock_timeout = '{PATIENCE}'")
        try:
            cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        except OperationalError as error:
            raise StillWorking(f"An import has not ended within {PATIENCE}. Nothing was migrated.") from error
        finally:
            cursor.execute("reset lock_timeout")


def _let_go(alias: str, statement: str) -> None:
    # A connection that was lost has let go by itself.
    if connections[alias].connection is not None and connections[alias].is_usable():
        with connections[alias].cursor() as cursor:
            cursor.execute(statement, [_LOCK])
