"""Asking the portal as somebody of the cast: by its pages, and in raw SQL as the application's role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from django.conf import settings
from django.db import connections
from django.test import Client

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Scope
from ani_portal.engine.server import SUPERUSER, Engine
from pharmacies.models import Sitting, StaffMember
from pharmacies.principals import digest

from .cast import Cast

# What a browser says of a post from our own page.
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def desk(cast: Cast, short: str, part: str = "officer1") -> Client:
    """A browser of an officer, coordinator or auditor, signed in; `part` is as in the cast's addresses."""
    client = Client()
    client.said = {}  # type: ignore[attr-defined]
    client.cookies[settings.SESSION_COOKIE_NAME] = cast.session(short, part)
    return client


def tablet(cast: Cast, short: str, initials: str | None = None, name: str = "") -> Client:
    """A tablet's browser: covered, or in the turn of one of the staff, as after their PIN. `name`: a second tablet."""
    headers, secret = dict(FROM_HERE), f"{short} {name}tablet".replace("  ", " ")
    if initials:
        device = cast.tablet(short, "Room" if name else "Counter")
        token = f"{secret} {initials} {uuid4()}"
        with using_role("owner"):
            staff = StaffMember.objects.get(pharmacy=device.pharmacy_id, initials=initials)
            Sitting.objects.create(tablet=device, staff=staff, token_hash=digest(token))
        headers["X-Sitting"] = token
    client = Client(headers=headers)
    client.said = headers  # type: ignore[attr-defined]
    client.cookies[settings.DEVICE_COOKIE_NAME] = secret
    return client


@contextmanager
def raw(urls: dict[str, str], scope: Scope) -> Iterator[psycopg.Connection]:
    """A connection of the application's role, in a transaction of `scope` that nothing keeps."""
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        for field in fields(Scope):
            value = getattr(scope, field.name)
            connection.execute(
                "select set_config(%s, %s, true)", [f"ani.{field.name}", "" if value is None else str(value)]
            )
        yield connection
        connection.rollback()


def as_superuser(engine: Engine, database: str, query: str, *values: Any) -> list[Any]:
    """Run `query` past every trigger and rule: what only somebody who owns the whole server can do."""
    with psycopg.connect(engine.url(SUPERUSER, database), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        done = connection.execute(query, values)
        return done.fetchall() if done.description else []


def started_at(engine: Engine, database: str, record: UUID, moment: datetime) -> None:
    """Let a record have been started at `moment`: a record's own start is frozen for everybody else."""
    as_superuser(engine, database, "update requests_codewordrequest set started_at = %s where id = %s", moment, record)


def log_of(chain: int) -> list[dict[str, Any]]:
    """The rows of one chain of the log, oldest first."""
    with connections["verify"].cursor() as cursor:
        cursor.execute(
            "select event, actor_kind, actor_id, object_kind, object_id, detail from audit_auditentry"
            " where chain = %s order by seq",
            [chain],
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def over_http(client: Client, base_url: str) -> httpx.Client:
    """The same visitor as a client of a real server, with the form's token where a form needs one."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    real = httpx.Client(base_url=base_url, cookies=cookies, timeout=30)
    real.headers.update({"Origin": base_url, **client.said})  # type: ignore[attr-defined]
    if settings.SESSION_COOKIE_NAME in cookies:
        real.get("/triage/")
        real.headers["X-CSRFToken"] = real.cookies[settings.CSRF_COOKIE_NAME]
    return real
