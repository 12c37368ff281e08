"""Django's PostgreSQL backend, with a check of kept connections that costs no trip, and statements planned once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

from ani_portal.access.roles import current_alias


@contextmanager
def prepared() -> Iterator[None]:
    """What is asked within is planned once for its connection: the same statements only, as of prepared_cursor."""
    connection: Any = connections[current_alias()]
    with connection.preparing():
        yield


@contextmanager
def prepared_cursor() -> Iterator[Any]:
    """A cursor of the running connection whose statements the server plans once and keeps until the connection ends.

    Only for a statement that is the same each time but for its values, and whose answer never changes its columns' types.
    """
    connection: Any = connections[current_alias()]
    with prepared(), connection.cursor() as cursor:
        yield cursor
