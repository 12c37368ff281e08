"""The scope a query runs in. Row-level security reads it; without one every policy raises.

It is set inside one transaction and ends with it, so that no lazy query and no pooled connection outlives it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from ani_portal.audit.log import Log

from .roles import GATE, current_alias


class Kind(StrEnum):
    """What kind of principal a transaction runs for."""

    TABLET = "tablet"
    OFFICER = "officer"
    COORDINATOR = "coordinator"
    OWNER = "owner"  # an administrator of one pharmacy, or of an owner's
    AUDITOR = "auditor"
    OPERATOR = "operator"  # runs the service; no row of a force is theirs
    PERSON = "person"  # somebody signed in, before it is known in what part
    PUBLIC = "public"
    WORKER = "worker"  # a named process


@dataclass(frozen=True)
class Scope:
    """Whose rows a transaction may touch. Empty parts match nothing."""

    kind: Kind
    force: int | None = None
    pharmacy: UUID | None = None
    tablet: UUID | None = None
    sitting: UUID | None = None
    staff: UUID | None = None
    person: int | None = None
    organisation: int | None = None
    since: datetime | None = None  # when the PIN of this turn was set: nothing older opens with it


_GATE = f"select pg_advisory_xact_lock_shared({GATE})"
_SET = f"{_GATE}, " + ", ".join(f"set_config('ani.{field.name}', %s, true)" for field in fields(Scope))
_log: ContextVar[Log | None] = ContextVar("audit_log", default=None)


class ScopeError(RuntimeError):
    """A write was tried outside a scoped transaction: a fault of ours, never of the person."""


def set_scope(scope: Scope) -> None:
    """Make `scope` that of the running transaction, in place of what it had."""
    connection = connections[current_alias()]
    if not connection.in_atomic_block:
        raise ScopeError("A scope lives inside a transaction: use scoped().")
    values = ["" if (value := getattr(scope, field.name)) is None else str(value) for field in fields(Scope)]
    with connection.cursor() as cursor:
        cursor.execute(_SET, values)


@contextmanager
def scoped(scope: Scope | None = None, *, read_only: bool = False, gate: bool = True) -> Iterator[Log]:
    """One outermost transaction in `scope`; its log rows are appended as its last statement.

    With no scope given, the block must set one before it reads a row. Without `gate` its first statement must be one that
    takes the shared lock of roles.GATE itself: an alarm has no statement to spare. `read_only` makes the database refuse writes.
    """
    alias = current_alias()
    with transaction.atomic(using=alias, durable=True):
        if read_only:
            with connections[alias].cursor() as cursor:
                cursor.execute("set transaction read only")
        if scope is not None:
            set_scope(scope)
        elif gate:
            with connections[alias].cursor() as cursor:
                cursor.execute(_GATE)
        log = Log(alias)
        token = _log.set(log)
        try:
            yield log
            log.append()
        finally:
            _log.reset(token)


def current_log() -> Log:
    """The log of the running scoped transaction; ScopeError where there is none."""
    log = _log.get()
    if log is None:
        raise ScopeError("Every write is an action inside scoped().")
    return log


def running_log() -> Log | None:
    """The log of the running scoped transaction, if there is one."""
    return _log.get()


@cache
def _protected() -> re.Pattern[str]:
    from .rings import declared

    names = [table.name.rsplit(".", 1)[-1] for table in declared() if table.policies]
    return re.compile(rf"\b({'|'.join(names)})\b")


def refuse_unscoped(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Wraps every statement of the application's connection: no scope, no query, even where nothing would be found."""
    if _log.get() is None and isinstance(sql, str) and _protected().search(sql):
        raise ScopeError("A query on protected rows runs inside scoped().")
    return execute(sql, params, many, context)


def guard_connection(connection: Any, **kwargs: Any) -> None:
    """Put `refuse_unscoped` around a new connection of the application's role."""
    if connection.alias == "default" and refuse_unscoped not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_unscoped)
