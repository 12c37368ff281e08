"""Who may touch which table, as the database enforces it: grants and row-level security, declared per app.

Each app's `rings.py` lists its tables; `apply` makes the database agree, after every migration, as the owner. A table
that no ring declares is closed to every role but the owner, and a test refuses it.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module, resources
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.db import OperationalError, connections, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from .roles import GATE

APP, WORKER, IMPORT, VERIFY = "ani_app", "ani_worker", "ani_import", "ani_verify"
EVERYONE = (APP, WORKER, IMPORT, VERIFY)

# How long laying the rings waits for a lock, in seconds, while everybody else waits behind it; and how often.
PATIENCE, TRIES = 3.0, 14


class StillInUse(CommandError):
    """A table was in use for so long that it could not be changed."""


@dataclass(frozen=True)
class Policy:
    """One rule of a table: for which command and role which rows are there (`using`) and may be made (`check`)."""

    name: str
    command: str  # select, insert, update, delete, all
    using: str = ""
    check: str = ""
    role: str = APP


@dataclass(frozen=True)
class Table:
    """A table's grants by role, and its policies. A table without policies says in `open` why it needs none."""

    name: str
    grants: dict[str, str]
    policies: tuple[Policy, ...] = ()
    open: str = ""

    def statements(self) -> list[str]:
        """The SQL that makes the table as declared, after everything was taken away."""
        table = quoted(self.name)
        made = [f"revoke all on {table} from public, {', '.join(EVERYONE)}"]
        made += [f"grant {what} on {table} to {role}" for role, what in self.grants.items()]
        if not self.policies:
            return [*made, f"alter table {table} disable row level security"]
        made.append(f"alter table {table} enable row level security")
        for policy in self.policies:
            using = f" using ({_rule(policy, policy.using)})" if policy.using else ""
            check = f" with check ({_rule(policy, policy.check)})" if policy.check else ""
            made.append(f'create policy "{policy.name}" on {table} for {policy.command} to {policy.role}{using}{check}')
        return made


@dataclass
class Ring:
    """What one app declares."""

    tables: list[Table] = field(default_factory=list)


def _rule(policy: Policy, text: str) -> str:
    # The application's role is never without a scope: this raises at the latest on the first row. An empty table has
    # none, so scope.py refuses such a query before it is sent.
    return f"(select ani.in_scope()) and ({text})" if policy.role == APP else text


def quoted(name: str) -> str:
    """A table's name, with its schema if it has one, quoted."""
    return ".".join(f'"{part}"' for part in name.split("."))


def declared() -> list[Table]:
    """Every table that some app's ring declares."""
    found: list[Table] = []
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.rings"):
            found += getattr(import_module(f"{config.name}.rings"), "TABLES", [])
    return found


def scripts() -> list[str]:
    """Each app's `sql/*.sql`, in the order of the apps and then of the names."""
    texts: list[str] = []
    for config in apps.get_app_configs():
        folder = resources.files(config.name) / "sql"
        if folder.is_dir():
            texts += [file.read_text() for file in sorted(folder.iterdir(), key=str) if file.name.endswith(".sql")]
    return texts


def apply(using: str) -> bool:
    """Make the database's functions, grants and policies as declared; True if anything had to change.

    `using` is the owner's alias. One transaction: there is no moment without the rings.
    """
    tables, texts = declared(), scripts()
    statements = [statement for table in tables for statement in table.statements()]
    mark = hashlib.sha256("\n".join([*texts, *statements]).encode()).hexdigest()
    return patiently(lambda: _apply(using, tables, texts, statements, mark), "The database's rings")


def patiently(work: Callable[[], bool], what: str) -> bool:
    """Do work that gives up when a table is in use, again and again; StillInUse in the end, with nothing changed.

    Some transaction runs long (a backup, an import, a mail server that hangs): nobody else waits for it longer than
    PATIENCE, and between two tries, ever further apart, everybody passes.
    """
    for again in range(TRIES):
        try:
            return work()
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            time.sleep(min(2**again, 20))
    raise StillInUse(
        f"{what} could not be changed: a table was in use by a long transaction, {TRIES} times in a row. That is a"
        " backup, an import, or somebody's open session (pg_stat_activity names it). Nothing is half done, and the portal"
        " goes on as it was. Run `migrate` again when that has ended."
    )


def _apply(using: str, tables: list[Table], texts: list[str], statements: list[str], mark: str) -> bool:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        # For each table as well: behind a backup, which holds them all, a whole portal would wait.
        cursor.execute(f"set local lock_timeout = {1000 * PATIENCE:.0f}")
        cursor.execute("select pg_advisory_xact_lock(%s)", [GATE])
        cursor.execute("create schema if not exists ani")
        cursor.execute("create table if not exists ani.rings (mark text not null)")
        cursor.execute("select mark from ani.rings")
        if cursor.fetchall() == [(mark,)]:
            return False
        _clear(cursor, tables)
        for text in texts:
            cursor.execute(text)
        # PostgreSQL lets everybody run a new function; the scripts grant what is meant.
        cursor.execute("revoke execute on all functions in schema ani from public")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("delete from ani.rings")
        cursor.execute("insert into ani.rings values (%s)", [mark])
    return True


def _clear(cursor: Any, tables: Iterable[Table]) -> None:
    everyone = ", ".join(EVERYONE)
    for schema in ("public", "vault"):
        cursor.execute("select 1 from pg_namespace where nspname = %s", [schema])
        if not cursor.fetchone():
            continue
        cursor.execute(f"revoke all on schema {schema} from public")
        cursor.execute(f"grant usage on schema {schema} to {everyone}")
        cursor.execute(f"revoke all on all tables in schema {schema} from public, {everyone}")
        # Numbers come from sequences; they tell nothing.
        cursor.execute(f"grant usage, select on all sequences in schema {schema} to {everyone}")
    cursor.execute(
        "select format('drop policy %I on %I.%I', policyname, schemaname, tablename) from pg_policies"
        " where schemaname in ('public', 'vault')"
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
