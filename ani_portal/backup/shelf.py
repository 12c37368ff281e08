"""Where backups lie, how they are made, and when they go."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from ani_portal.access.rings import EVERYONE

from . import tools
from .cipher import decrypt, encrypt, parse_key

KINDS = {"data": ("--exclude-schema=vault",), "vault": ("--schema=vault",)}
SUFFIX = ".sealed"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Made:
    """One backup: its two files and how large each dump was, in bytes."""

    data: Path
    vault: Path
    sizes: tuple[int, int]


def folder(kind: str) -> Path:
    """Where backups of one kind lie."""
    return Path(settings.BACKUP_FOLDER) / kind


def make(now: datetime) -> Made:
    """Dump the data and the store of keys apart, as they are at one moment."""
    key = parse_key(settings.BACKUP_KEY)
    paths, sizes = [], []
    # Both dumps read the same snapshot, so that no record is without its key.
    with transaction.atomic(using=tools.ALIAS), connections[tools.ALIAS].cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("select pg_export_snapshot()")
        (snapshot,) = cursor.fetchone() or ("",)
        for kind, options in KINDS.items():
            folder(kind).mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder(kind) / f"{now.astimezone(UTC).strftime(STAMP)}{SUFFIX}"
            draft = path.with_suffix(".part")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                sizes.append(encrypt(tools.dump(f"--snapshot={snapshot}", *options), out, key=key, kind=kind))
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, path)
            paths.append(path)
    return Made(paths[0], paths[1], (sizes[0], sizes[1]))


def there(kind: str) -> list[Path]:
    """The backups of one kind, oldest first."""
    return sorted(folder(kind).glob(f"*{SUFFIX}"))


def taken_at(path: Path) -> datetime:
    """When a backup was made, from its name: copying it elsewhere changes nothing."""
    return datetime.strptime(path.name.removesuffix(SUFFIX), STAMP).replace(tzinfo=UTC)


def clear_out(now: datetime) -> dict[str, int]:
    """Remove what is older than its days, and drafts of runs that broke off; how many of each kind."""
    days = {"data": settings.DATA_BACKUP_DAYS, "vault": settings.VAULT_BACKUP_DAYS}
    gone = dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        for path in there(kind):
            if now - taken_at(path) > timedelta(days=days[kind]):
                path.unlink()
                gone[kind] += 1
        for path in folder(kind).glob("*.part"):
            path.unlink()
    return gone


def check(path: Path, kind: str) -> None:
    """Read a backup to its end; NotOurs unless it is whole and made with our key."""
    with path.open("rb") as source:
        for _piece in decrypt(source, key=parse_key(settings.BACKUP_KEY), kind=kind):
            pass


def put_back(path: Path, kind: str) -> None:
    """Restore one backup into the database, where its half must not be there any more."""
    with path.open("rb") as source:
        tools.restore(decrypt(source, key=parse_key(settings.BACKUP_KEY), kind=kind))


def empty_database() -> None:
    """Remove everything, as the owner of the database."""
    with transaction.atomic(using=tools.ALIAS), connections[tools.ALIAS].cursor() as cursor:
        for schema in ("ani", "vault", "public"):
            cursor.execute(f"drop schema if exists {schema} cascade")
        # As PostgreSQL makes it, or the next dump would say so.
        cursor.execute("create schema public authorization pg_database_owner")
        cursor.execute("comment on schema public is 'standard public schema'")


def others_connected() -> int:
    """How many other connections the database has."""
    with connections[tools.ALIAS].cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and usename is not null"
        )
        (count,) = cursor.fetchone() or (0,)
    return int(count)


@contextmanager
def nobody_else() -> Iterator[None]:
    """Nobody but the owner may connect to the database meanwhile: a web server that starts would find half of it.

    Who could connect before can again afterwards, also if it failed. A run that was killed leaves the door shut: the
    next one opens it for the four roles of the portal.
    """
    with connections[tools.ALIAS].cursor() as cursor:
        cursor.execute(
            "select d.datname, array_remove(array_agg(distinct coalesce(r.rolname, 'public')), d.datdba::regrole::text)"
            " from pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as acl"
            " left join pg_roles r on r.oid = acl.grantee"
            " where d.datname = current_database() and acl.privilege_type = 'CONNECT' group by d.datname, d.datdba"
        )
        name, could = cursor.fetchone() or ("", [])
        who = sql.SQL(", ").join(
            sql.SQL("public") if role == "public" else sql.Identifier(role) for role in sorted({*could, *EVERYONE})
        )
        database = sql.Identifier(name)
        cursor.execute(sql.SQL("revoke connect on database {} from {}").format(database, who))
    try:
        yield
    finally:
        with connections[tools.ALIAS].cursor() as cursor:
            cursor.execute(sql.SQL("grant connect on database {} to {}").format(database, who))
