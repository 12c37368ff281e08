"""The roles and the database of an embedded server; what a database administrator does by hand in production."""

import psycopg
from psycopg import sql

from .server import DATABASE, ROLES, SUPERUSER, Engine


def prepare(engine: Engine, database: str = DATABASE) -> None:
    """Make the roles and `database` on a running server, if they are missing."""
    with psycopg.connect(engine.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("select rolname from pg_roles")}
        for role in ROLES:
            if role not in known:
                connection.execute(
                    sql.SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole password {}").format(
                        sql.Identifier(role), sql.Literal(engine._passwords()[role])
                    )
                )
        if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
            create(connection, database)


def create(connection: psycopg.Connection, database: str, *, template: str | None = None) -> None:
    """Create `database`, owned by the owner and closed to everybody else; `connection` is a superuser's."""
    like = sql.SQL(" template {}").format(sql.Identifier(template)) if template else sql.SQL("")
    name = sql.Identifier(database)
    connection.execute(sql.SQL("create database {} owner ani_owner").format(name) + like)
    connection.execute(sql.SQL("revoke all on database {} from public").format(name))
    others = sql.SQL(", ").join(sql.Identifier(role) for role in ROLES)
    connection.execute(sql.SQL("grant connect on database {} to {}").format(name, others))
