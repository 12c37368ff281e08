"""The log's own retention: after their time its rows about a record that is gone lose their ids (sql/log.sql)."""

from django.db import connections

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped

ALIAS = "worker"
BATCH = 200


def thin_log() -> int:
    """Thin the log of all that is due, in small transactions: each holds the heads of chains. How many rows it was."""
    total = 0
    with using_role(ALIAS):
        while True:
            with scoped(Scope(Kind.WORKER)), connections[ALIAS].cursor() as cursor:
                cursor.execute("select ani.thin_log(%s)", [BATCH])
                (rows,) = cursor.fetchone() or (0,)
            if not rows:
                return total
            total += int(rows)
