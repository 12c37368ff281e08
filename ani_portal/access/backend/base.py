"""A kept connection is looked at before each request without asking the database.

Django's own check is a SELECT for every request: one of the seven trips of an alarm. A server that has gone away has
said so by then, or closed the socket: something is there to be read. A network that went dead without a word would let
the SELECT hang as well; TCP keep-alives end that (settings.py).
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class PreparedCursor(base.CursorMixin, psycopg.Cursor[Any]):
    """A cursor that has each of its statements parsed and planned once for its connection."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "PreparedCursor":
        """Run it, prepared from the first time on."""
        super().execute(query, params, prepare=True)
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend of every role."""

    prepares = False

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Cursors that are opened within are PreparedCursors."""
        self.ensure_connection()
        self.prepares = True
        try:
            yield
        finally:
            self.prepares = False

    def create_cursor(self, name: str | None = None) -> Any:
        """Django's own cursor, or one that prepares."""
        if not self.prepares or name is not None:
            return super().create_cursor(name)
        usual, self.connection.cursor_factory = self.connection.cursor_factory, PreparedCursor
        try:
            return super().create_cursor()
        finally:
            self.connection.cursor_factory = usual

    def is_usable(self) -> bool:
        """Whether the kept connection may be used again; asked of the database only if something came from it unasked."""
        connection = self.connection
        if connection is None or connection.closed:
            return False
        poll = select.poll()  # select() knows no more than 1,024 open files, and every stream is one
        poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return True if not poll.poll(0) else bool(super().is_usable())
