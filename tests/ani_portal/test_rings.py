"""Row-level security, in raw SQL as the application's role."""

import psycopg
import pytest
from django.db import connection, connections
from django.db.utils import ProgrammingError

from ani_portal.access.rings import declared
from ani_portal.access.scope import Kind, ScopeError, scoped
from requests.actions import start_record
from requests.enums import Danger
from tests.cast import Cast
from tests.requests.retention.steps import a_row_of_each
from tests.requests.steps import a_record_with_everything
from tests.requests.triage.desk_steps import a_worked_record

# Columns that tie a row to a force, directly or through what it belongs to.
BELONGS = ("force_id", "pharmacy_id", "tablet_id", "record_id", "chain", "staff_id")
REFERENCE = {"pharmacies_district": "which force is responsible where is public"}


def _tables_of_a_force() -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select distinct table_schema, table_name from information_schema.columns"
            " where table_schema in ('public', 'vault') and column_name = any(%s) order by 1, 2",
            [list(BELONGS)],
        )
        return [name if schema == "public" else f"{schema}.{name}" for schema, name in cursor.fetchall()]


def test_every_table_is_declared(cast: Cast) -> None:
    """No table is left to whoever thinks of it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select schemaname, tablename from pg_tables where schemaname in ('public', 'vault')")
        there = {name if schema == "public" else f"{schema}.{name}" for schema, name in cursor.fetchall()}
    names = [table.name for table in declared()]
    assert set(names) == there
    assert len(names) == len(set(names))


def test_every_table_of_a_force_has_row_level_security(cast: Cast) -> None:
    """Found by looking, not by a list."""
    tables = {table.name: table for table in declared()}
    found = _tables_of_a_force()
    assert "requests_codewordrequest" in found and "vault.record_key" in found
    unprotected = [name for name in found if not tables[name].policies and name not in REFERENCE]
    assert unprotected == []


def test_the_application_owns_and_bypasses_nothing(database: str) -> None:
    """It is neither superuser nor owner, may not bypass the policies, and cannot truncate or make anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "select count(*) from pg_class where relkind = 'r' and relnamespace::regnamespace::text in ('public', 'vault')"
            " and has_table_privilege(oid, 'truncate')"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("select has_schema_privilege('public', 'create') or has_schema_privilege('vault', 'create')")
        assert cursor.fetchone() == (False,)


def _readable(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select has_any_column_privilege(to_regclass(%s), 'select')", [table])
        return bool((cursor.fetchone() or [False])[0])


def test_without_a_scope_every_query_is_an_error(cast: Cast, urls: dict[str, str]) -> None:
    """In the database, as the application's role: an error and not an empty list, for all that holds a row."""
    a_record_with_everything(cast, "norfolk")
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner, psycopg.connect(urls["DATABASE_URL"]) as app:
        tried = 0
        for table in _tables_of_a_force():
            filled = owner.execute(f"select exists (select from {table})").fetchone() == (True,)
            if table in REFERENCE or not _readable(table) or not filled:
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no scope"), app.transaction():
                app.execute(f"select count(*) from {table}")
            tried += 1
    assert tried >= 12


def test_without_a_scope_no_query_is_even_sent(cast: Cast) -> None:
    """Through Django also where the table is empty: an empty list would look like an answer."""
    for table in declared():
        if table.policies and _readable(table.name):
            with pytest.raises(ScopeError), connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table.name}")


def test_another_forces_scope_sees_no_row(cast: Cast) -> None:
    """Norfolk's rows, looked for from Cheshire in every kind of scope."""
    a_worked_record(cast, "norfolk")
    a_row_of_each(cast, "norfolk")
    norfolk = cast.force("norfolk").pk
    for table in _tables_of_a_force():
        if table in REFERENCE or not _readable(table):
            continue
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "select column_name from information_schema.columns where table_schema || '.' || table_name = %s",
                [table if "." in table else f"public.{table}"],
            )
            columns = {name for (name,) in cursor.fetchall()}
            ours = _condition(columns)
            cursor.execute(f"select count(*) from {table} where {ours}", {"force": norfolk})
            total = (cursor.fetchone() or (0,))[0]
        if table.split("_", 1)[0] == "requests" and table != "requests_informationline":
            assert total, f"{table} holds nothing of Norfolk: the test would prove nothing"
        for scope in (
            cast.officer("cheshire").scope,
            cast.recorder("cheshire").scope,
            cast.covered("cheshire").scope,
            cast.scope("cheshire", Kind.COORDINATOR),
            cast.scope("cheshire", Kind.AUDITOR),
        ):
            with scoped(scope), connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table} where {ours}", {"force": norfolk})
                assert cursor.fetchone() == (0,), (table, scope.kind)


def _condition(columns: set[str]) -> str:
    pharmacies = "(select id from pharmacies_pharmacy where force_id = %(force)s)"
    if "from_force_id" in columns:
        return "from_force_id = %(force)s"
    if "force_id" in columns:
        return "force_id = %(force)s"
    if "chain" in columns:
        return "chain = %(force)s"
    if "pharmacy_id" in columns:
        return f"pharmacy_id in {pharmacies}"
    if "tablet_id" in columns:
        return f"tablet_id in (select id from pharmacies_tablet where pharmacy_id in {pharmacies})"
    if "record_id" in columns:
        return "record_id in (select id from requests_codewordrequest where force_id = %(force)s)"
    if "staff_id" in columns:
        return f"staff_id in (select id from pharmacies_staffmember where pharmacy_id in {pharmacies})"
    raise AssertionError(columns)


def test_another_tablet_or_colleague_sees_no_record(cast: Cast) -> None:
    """A tablet's scope is its own open records and those of the person whose turn it is; words only of that person."""
    record = a_record_with_everything(cast, "norfolk")
    expected = {
        "itself": (cast.recorder("norfolk"), 1, True),
        "itself, covered": (cast.covered("norfolk"), 1, False),
        "a colleague on it": (cast.recorder("norfolk", "CD"), 1, False),
        "the same person in the room": (cast.recorder("norfolk", tablet="Room"), 1, True),
        "a colleague in the room": (cast.recorder("norfolk", "CD", "Room"), 0, False),
        "the room's tablet, covered": (cast.covered("norfolk", "Room"), 0, False),
    }
    for who, (principal, records, words) in expected.items():
        with scoped(principal.scope), connection.cursor() as cursor:
            cursor.execute("select count(*) from requests_codewordrequest where id = %s", [record.pk])
            assert cursor.fetchone() == (records,), who
            cursor.execute("select count(*) > 0 from requests_entry where record_id = %s", [record.pk])
            assert cursor.fetchone() == (words,), who


def test_coordinators_and_auditors_see_no_record(cast: Cast) -> None:
    """Not the record, not an entry, not a key: not even whether there is one."""
    a_record_with_everything(cast, "norfolk")
    for kind in (Kind.COORDINATOR, Kind.AUDITOR, Kind.PUBLIC, Kind.PERSON):
        for table in ("requests_codewordrequest", "requests_entry", "vault.record_key", "requests_informationline"):
            with scoped(cast.scope("norfolk", kind)), connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (0,), (kind, table)


def test_the_scope_ends_with_its_transaction(cast: Cast) -> None:
    """A pooled connection takes nothing along."""
    with scoped(cast.officer("norfolk").scope), connection.cursor() as cursor:
        cursor.execute("select count(*) from requests_codewordrequest")
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(current_setting('ani.kind', true), '') || coalesce(current_setting('ani.force', true), '')"
        )
        assert cursor.fetchone() == ("",)


def test_a_read_only_scope_writes_nothing(cast: Cast) -> None:
    """GET never writes, and the database says so too."""
    with pytest.raises(Exception, match="read-only transaction"), scoped(cast.covered("norfolk").scope, read_only=True):
        with connection.cursor() as cursor:
            cursor.execute("update pharmacies_tablet set last_heard_at = now()")


def test_no_one_can_move_a_record_to_another_force(cast: Cast) -> None:
    """The column is granted to nobody: a transfer needs a function of its own."""
    record = a_record_with_everything(cast, "norfolk")
    for principal in (cast.officer("norfolk"), cast.recorder("norfolk")):
        with pytest.raises(ProgrammingError, match="permission denied"), scoped(principal.scope):
            with connection.cursor() as cursor:
                cursor.execute(
                    "update requests_codewordrequest set force_id = %s where id = %s",
                    [cast.force("cheshire").pk, record.pk],
                )


def test_a_tablet_cannot_make_a_record_for_another(cast: Cast, urls: dict[str, str]) -> None:
    """Not for another force, pharmacy or tablet, and not in a colleague's name."""
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        record = start_record(by=by, key=cast.pharmacy("norfolk").pk, danger=Danger.NO)
    changes = {
        "force_id": cast.force("cheshire").pk,
        "pharmacy_id": cast.pharmacy("cheshire").pk,
        "tablet_id": cast.tablet("norfolk", "Room").pk,
        "recorder_id": cast.staff("norfolk", "CD").pk,
    }
    with connections["owner"].cursor() as cursor:
        cursor.execute("select * from requests_codewordrequest where id = %s", [record.pk])
        row = dict(zip([part.name for part in cursor.description], cursor.fetchone() or (), strict=True))
    for name in ("released_at", "words_released", "attention"):
        del row[name]
    for number, (column, value) in enumerate(changes.items()):
        wrong = row | {
            column: value,
            "id": f"00000000-0000-4000-8000-00000000000{number}",
            "key": f"00000000-0000-4000-9000-00000000000{number}",
            "reference": f"AAA-AA{number}",
        }
        marks = ", ".join(["%s"] * len(wrong))
        with pytest.raises(ProgrammingError, match="row-level security"), scoped(by.scope):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"insert into requests_codewordrequest ({', '.join(wrong)}) values ({marks})", list(wrong.values())
                )


def test_the_worker_counts_and_destroys_but_cannot_read(cast: Cast, urls: dict[str, str]) -> None:
    """Its role has no right to the sealed column, nor to the wrapped keys."""
    a_record_with_everything(cast, "norfolk")
    with psycopg.connect(urls["DATABASE_WORKER_URL"]) as worker:
        assert worker.execute("select count(id) from requests_entry").fetchone() != (0,)
        for query in ("select sealed from requests_entry", "select wrapped from vault.record_key"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), worker.transaction():
                worker.execute(query)
