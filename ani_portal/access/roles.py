"""As which database role a piece of work runs.

The web process is the application's role and nothing else. The worker, the import and the verification of the log
each have a role of their own, with their own grants (rings.py), and ask for it here by name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

# The number of the lock that every scoped transaction shares, and that whoever lays the rings anew takes alone: first
# all running transactions end, then the rings change, then the next begin. Without it a migration under load ends in
# deadlocks (tests/faults). The number is ours alone.
GATE = 0x414E49

_alias: ContextVar[str] = ContextVar("database_role", default="default")


def current_alias() -> str:
    """The alias of the connection that queries use now."""
    return _alias.get()


@contextmanager
def using_role(alias: str) -> Iterator[None]:
    """Run the block's queries as the role behind `alias` (owner, worker, import, verify)."""
    if alias not in connections:
        raise ImproperlyConfigured(
            f"This needs the database role {alias!r}: set DATABASE_{alias.upper()}_URL (docs/operations.md)."
        )
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


class RoleRouter:
    """Sends every query to the role that the running block asked for. One database, several roles."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str:
        return current_alias()

    def db_for_write(self, model: type[Any], **hints: Any) -> str:
        return current_alias()

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return True
