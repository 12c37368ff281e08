"""A kept connection is looked at before each request without asking the database.

Django's own check is a SELECT for every request: one of the seven trips of an alarm. A server that has gone away has
said so by then, or closed the socket: something is there to be read. A network that went dead without a word would let
the SELECT hang as well; TCP keep-alives end that (settings.py).
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend of every role."""

    def is_usable(self) -> bool:
        """Whether the kept connection may be used again; asked of the database only if something came from it unasked."""
        connection = self.connection
        if connection is None or connection.closed:
            return False
        poll = select.poll()  # select() knows no more than 1,024 open files, and every stream is one
        poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return True if not poll.poll(0) else bool(super().is_usable())
