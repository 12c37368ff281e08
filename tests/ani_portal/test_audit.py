"""The log: only ever added to, whole, in the right chain, and part of what it tells about."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DataError, connections
from django.test import Client

from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from ani_portal.audit.verify import Broken, verify
from ani_portal.engine.server import SUPERUSER, Engine
from requests import actions
from requests.enums import Danger
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything, started
from tests.visitors import FROM_HERE, as_superuser, desk, log_of, raw, tablet

PROCESS = Actor("process", "test")


def _write(force: int | None, rows: int = 1, **detail: Any) -> None:
    with scoped(Scope(Kind.PUBLIC)) as log:
        for number in range(rows):
            log.note("test.happened", by=PROCESS, force=force, on=("thing", number), **detail)


# Only added to ------------------------------------------------------------------------------------------------------

CHANGES = (
    "update audit_auditentry set event = 'something.else'",
    "update audit_auditentry set at = now() - interval '1 day'",
    "delete from audit_auditentry",
    "truncate audit_auditentry",
    "insert into audit_auditentry (chain, seq, at, actor_kind, actor_id, via, event, object_kind, object_id, detail, hash)"
    " values (0, 999, now(), 'x', 'x', '', 'x', '', '', '', '')",
    "update audit_auditchain set seq = 0",
    "update audit_auditchain set hash = ''",
    "delete from audit_auditchain",
    "truncate audit_auditchain",
)
ROLES = ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_IMPORT_URL", "DATABASE_VERIFY_URL", "DATABASE_OWNER_URL")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_or_removes_a_row(cast: Cast, urls: dict[str, str], role: str) -> None:
    """The other roles by their grants, the owner by a trigger; only the function adds."""
    a_record_with_everything(cast, "norfolk")
    before = log_of(0), log_of(cast.force("norfolk").pk)
    with psycopg.connect(urls[role]) as connection:
        connection.execute("select set_config('ani.kind', 'officer', false), set_config('ani.force', %s, false)",
                           [str(cast.force("norfolk").pk)])  # fmt: skip
        for change in CHANGES:
            if role == "DATABASE_OWNER_URL" and change.startswith("insert"):
                continue  # the owner's insert is found by the verification, below
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(change)
    assert (log_of(0), log_of(cast.force("norfolk").pk)) == before


def test_a_force_reads_its_own_log_only(cast: Cast, urls: dict[str, str]) -> None:
    """Auditors their force's chain, officers who touched its records, everybody else nothing; nobody the system's."""
    a_record_with_everything(cast, "norfolk")
    norfolk = cast.force("norfolk").pk
    _write(norfolk)
    everything = len(log_of(norfolk))
    of_records = len([row for row in log_of(norfolk) if row["object_kind"] == "record"])
    assert 0 < of_records < everything
    for scope, expected in (
        (cast.scope("norfolk", Kind.AUDITOR), everything),
        (cast.officer("norfolk").scope, of_records),
        (cast.scope("cheshire", Kind.AUDITOR), 0),
        (cast.officer("cheshire").scope, 0),
        (cast.recorder("norfolk").scope, 0),
        (cast.scope("norfolk", Kind.COORDINATOR), 0),
        (cast.scope("norfolk", Kind.PUBLIC), 0),
    ):
        with raw(urls, scope) as connection:
            found = connection.execute(
                "select count(*), count(*) filter (where chain = 0) from audit_auditentry"
            ).fetchone()
            assert found == (expected, 0), scope.kind


# Verified -----------------------------------------------------------------------------------------------------------


def _broken() -> list[Broken]:
    return verify("verify").broken


def test_a_whole_log_verifies_and_says_how_much_it_is(cast: Cast) -> None:
    a_record_with_everything(cast, "norfolk")
    started(cast.recorder("cheshire"), Danger.YES)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    found = verify("verify")
    assert found.rows > 5 and found.broken == []
    assert out.getvalue().startswith(f"{found.rows} rows in {found.chains} chains")


@pytest.mark.parametrize(
    "column", ["at", "actor_kind", "actor_id", "via", "event", "object_kind", "object_id", "detail", "hash"]
)
def test_one_changed_value_is_found_and_named(cast: Cast, engine: Engine, database: str, column: str) -> None:
    force = cast.force("norfolk").pk
    _write(force, 9, note=1)
    new = {"at": "at + interval '1 microsecond'", "hash": "sha256(hash)"}.get(column, f"{column} || 'x'")
    as_superuser(engine, database, f"update audit_auditentry set {column} = {new} where chain = %s and seq = 5", force)
    (fault,) = _broken()
    assert (fault.chain, fault.seq) == (force, 5)


TAMPERING: dict[str, tuple[str, int]] = {
    "removed": ("delete from audit_auditentry where chain = {c} and seq = 4", 4),
    "first removed": ("delete from audit_auditentry where chain = {c} and seq = 1", 1),
    "truncated": ("delete from audit_auditentry where chain = {c} and seq > 6", 7),
    "all removed": ("delete from audit_auditentry where chain = {c}", 1),
    "two exchanged": (
        "update audit_auditentry set seq = case seq when 3 then -4 else -3 end where chain = {c} and seq in (3, 4)", 3,
    ),
    "removed and closed up": (
        "delete from audit_auditentry where chain = {c} and seq = 4;"
        " update audit_auditentry set seq = seq - 1 where chain = {c} and seq > 4",
        4,
    ),
    "one added": (
        "insert into audit_auditentry (chain, seq, at, actor_kind, actor_id, via, event, object_kind, object_id, detail, hash)"
        " select chain, 10, at, actor_kind, actor_id, via, event, object_kind, object_id, detail, sha256('made up')"
        " from audit_auditentry where chain = {c} and seq = 9",
        10,
    ),
    "head set back": ("update audit_auditchain set seq = 8 where chain = {c}", 10),
    "head removed": ("delete from audit_auditchain where chain = {c}", 10),
    "moved to another chain": ("update audit_auditentry set chain = 0, seq = 999 where chain = {c} and seq = 9", 9),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found_and_named_even_by_a_superuser(cast: Cast, engine: Engine, database: str, how: str) -> None:
    """The command names the chain and the row, fails, and the other chains are whole."""
    force = cast.force("norfolk").pk
    _write(force, 9)
    _write(cast.force("cheshire").pk, 3)
    statement, row = TAMPERING[how]
    with psycopg.connect(engine.url(SUPERUSER, database), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for part in statement.format(c=force).split(";"):
            connection.execute(part)
        connection.execute(f"update audit_auditentry set seq = -seq where chain = {force} and seq < 0")
    faults = _broken()
    assert [fault.seq for fault in faults if fault.chain == force] == [row]
    assert cast.force("cheshire").pk not in {fault.chain for fault in faults}
    told = StringIO()
    with pytest.raises(CommandError, match="chains are broken"):
        call_command("verify_audit", stdout=StringIO(), stderr=told)
    assert f"Broken: the chain of force {force}, row {row}: " in told.getvalue()


# Together -----------------------------------------------------------------------------------------------------------


def test_eight_at_once_over_several_forces_leave_whole_chains_and_no_deadlock(cast: Cast) -> None:
    """Each transaction touches several chains, in any order that the work brings."""
    forces = [cast.force("norfolk").pk, cast.force("cheshire").pk, None]
    barrier = Barrier(8)

    def work(number: int) -> None:
        try:
            barrier.wait()
            for turn in range(20):
                with scoped(Scope(Kind.PUBLIC)) as log:
                    for place in range(3):
                        log.note("test.happened", by=PROCESS, force=forces[(number + turn + place) % 3], n=turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert _broken() == []
    for force in forces:
        assert len([row for row in log_of(force or 0) if row["event"] == "test.happened"]) == 160


# A part of what it tells about --------------------------------------------------------------------------------------


def test_if_the_log_cannot_be_written_nothing_is(cast: Cast) -> None:
    """A row that does not fit, at the very end of the transaction: the record before it is gone as well."""
    by = cast.recorder("norfolk")
    with pytest.raises(DataError, match="too long"), scoped(by.scope) as log:
        record = actions.start_record(by=by, key=uuid4(), danger=Danger.YES)
        log.note("test.happened", by=PROCESS, force=by.force_id, on=("thing", "x" * 65))
    assert not CodewordRequest.objects.using("owner").filter(pk=record.pk).exists()
    assert log_of(by.force_id) == [] and _broken() == []


def test_if_a_look_cannot_be_logged_nothing_is_shown(cast: Cast, engine: Engine, database: str) -> None:
    """The page of a record, with the log's function taken away."""
    record = a_record_with_everything(cast, "norfolk")
    officer = desk(cast, "norfolk")
    officer.post(f"/triage/records/{record.pk}/open/")
    officer.raise_request_exception = False
    assert b"PLANTED" in officer.get(f"/triage/records/{record.pk}/").content
    as_superuser(engine, database, "revoke execute on function ani.audit_append(jsonb) from ani_app")
    answer = officer.get(f"/triage/records/{record.pk}/")
    assert answer.status_code == 500 and b"PLANTED" not in answer.content
    as_superuser(engine, database, "grant execute on function ani.audit_append(jsonb) to ani_app")
    assert b"PLANTED" in officer.get(f"/triage/records/{record.pk}/").content


REFUSALS: dict[str, Callable[[Cast, CodewordRequest], Any]] = {
    "too little": lambda cast, r: desk(cast, "norfolk", "officer4").post(f"/triage/records/{r.pk}/claim/"),
    "covered": lambda cast, r: tablet(cast, "norfolk").post("/counter/resume/", {"record": r.pk}),
    "another force": lambda cast, r: desk(cast, "cheshire").post(f"/triage/records/{r.pk}/open/"),
    "from elsewhere": lambda cast, r: tablet(cast, "norfolk", "AB").post(
        "/counter/finish/", {"record": r.pk}, headers={"Sec-Fetch-Site": "cross-site"}
    ),
}


@pytest.mark.parametrize("how", REFUSALS)
def test_a_refusal_is_logged_in_the_systems_chain(cast: Cast, how: str) -> None:
    """Not in a force's, where a flood of them would make an alarm wait, and outside what was rolled back."""
    record = a_record_with_everything(cast, "norfolk")
    before = len(log_of(cast.force("norfolk").pk)), len(log_of(cast.force("cheshire").pk))
    answer = REFUSALS[how](cast, record)
    assert answer.status_code in (403, 404)
    (row,) = (row for row in log_of(0) if row["event"] == "access.refused")
    assert row["actor_id"] not in ("", "-") and row["detail"]
    assert (len(log_of(cast.force("norfolk").pk)), len(log_of(cast.force("cheshire").pk))) == before


def test_who_is_not_signed_in_writes_no_row(cast: Cast) -> None:
    """Anybody could do that without end. An auditor is nobody at the desk."""
    record = a_record_with_everything(cast, "norfolk")
    auditor = desk(cast, "norfolk", "auditor")
    assert auditor.post(f"/triage/records/{record.pk}/claim/").status_code == 403
    # Who looks is led to their own parts, whether there is such a record or not.
    for key in (record.pk, uuid4()):
        answer = auditor.get(f"/triage/records/{key}/")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/parts/")
    assert Client(headers=FROM_HERE).post("/counter/send/", {"key": record.pk}).status_code == 403
    assert [row for row in log_of(0) if row["event"] == "access.refused"] == []
