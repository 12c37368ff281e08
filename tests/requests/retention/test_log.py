"""After its time the log names no disposed record any more, and its chains still verify; nothing else can change a row."""

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections
from django.utils import timezone
from pytest_django import Settings

from ani_portal.access.scope import scoped
from ani_portal.audit import anchors
from ani_portal.audit.verify import Broken, verify
from ani_portal.engine.server import Engine
from requests import actions
from requests.models import CodewordRequest
from requests.retention.disposal import dispose_due
from requests.retention.thinning import thin_log
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything, started
from tests.visitors import as_superuser

from .steps import ready_to_go


def in_log(record: CodewordRequest) -> int:
    """How many rows of any chain name the record, in whatever column."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from audit_auditentry a where a::text like %s", [f"%{record.pk}%"])
        return int((cursor.fetchone() or (0,))[0])


def kept_for(cast: Cast, months: int) -> None:
    """Both forces' time; 0 is what no form allows: at once."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table pharmacies_forcesettings disable trigger keep_log_named")
        cursor.execute("update pharmacies_forcesettings set log_keep_months = %s", [months])
        cursor.execute("alter table pharmacies_forcesettings enable trigger keep_log_named")


def gone(cast: Cast) -> CodewordRequest:
    """A record with rows in its force's chain and the system's, disposed of."""
    record, _disposal = ready_to_go(cast)
    assert dispose_due(now=timezone.now()).done == 1
    return record


def broken() -> list[Broken]:
    """What the verification finds."""
    connections["verify"].close()
    return verify("verify").broken


def test_after_its_time_no_row_names_it_and_the_chains_are_whole(cast: Cast, settings: Settings) -> None:
    """Before its time nothing changes; then ids, people, places and times of day go; the rest of the log stays."""
    kept = a_record_with_everything(cast, "norfolk")
    record, quiet = gone(cast), started(cast.recorder("norfolk"))  # the second was never released: the system's chain
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from requests_codewordrequest where id = %s", [quiet.pk])
    settings.AUDIT_ANCHOR_KEY = "C" * 43 + "="
    anchor = anchors.make("verify")
    connections["verify"].close()
    before = in_log(record)
    assert before >= 8
    assert thin_log() == 0
    assert in_log(record) == before
    kept_for(cast, 0)
    assert thin_log() >= before
    assert in_log(record) == in_log(quiet) == 0 and in_log(kept) >= 4
    assert broken() == []
    assert anchors.compare(anchor, "verify") == []  # what left the house before still fits
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select distinct actor_id, via, object_id, detail, at = date_trunc('month', at, 'Europe/London')"
            " from audit_auditentry where thinned_by is not null"
        )
        assert cursor.fetchall() == [("-", "", "", "", True)]
        cursor.execute("select distinct chain from audit_auditentry where event = 'log.thinned' order by chain")
        assert [chain for (chain,) in cursor.fetchall()] == [0, cast.force("norfolk").pk]
    assert thin_log() == 0  # twice is once
    second = gone(cast)
    call_command("dispose", due=True, verbosity=0)
    assert in_log(second) == 0 and broken() == []
    call_command("verify_audit", verbosity=0)


def test_a_link_does_not_keep_the_name_of_a_disposed_record(cast: Cast) -> None:
    """The log of the record that stays says that there was a link, and not with which."""
    kept = a_record_with_everything(cast, "norfolk")
    record = a_record_with_everything(cast, "norfolk")
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        actions.link(by=officer, record=kept, other=record)
    with connections["owner"].cursor() as cursor:
        cursor.execute("select ani.destroy_record(%s)", [record.pk])
    kept_for(cast, 0)
    thin_log()
    assert in_log(record) == 0 and broken() == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("update audit_auditentry set event = 'x' where {row}", "announcing"),
        ("update audit_auditentry set hash = sha256('x') where {row}", "the next"),
        ("update audit_auditentry set at = at - interval '2 months' where {row}", "itself"),
        ("update audit_auditentry set thinned_by = thinned_by + 1 where {row}", "announcing"),
        ("update audit_auditentry set thinned_by = null where {row}", "itself"),
        ("update audit_auditentry set thinned_by = 9999 where {row}", "announcing"),
        # One more row hidden as if it had been thinned.
        (
            "update audit_auditentry set actor_id = '-', via = '', object_id = '', detail = '',"
            " thinned_by = (select max(thinned_by) from audit_auditentry where chain = {chain})"
            " where chain = {chain} and seq = (select min(seq) from audit_auditentry where chain = {chain}"
            " and thinned_by is null)",
            "first",
        ),
    ],
)
def test_nobody_can_pass_a_change_off_as_thinning(
    cast: Cast, engine: Engine, database: str, change: str, where: str
) -> None:
    """Not even whoever owns the database and switches the triggers off: the row that vouches no longer fits."""
    a_record_with_everything(cast, "norfolk")
    gone(cast)
    kept_for(cast, 0)
    thin_log()
    chain = cast.force("norfolk").pk
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select max(seq), max(thinned_by) from audit_auditentry where chain = %s and thinned_by > 0", [chain]
        )
        seq, by = cursor.fetchone() or (0, 0)
    row = f"chain = {chain} and seq = {seq}"
    as_superuser(engine, database, change.format(row=row, chain=chain))
    (fault,) = broken()
    assert fault.chain == chain
    assert fault.seq == {"announcing": by, "the next": seq + 1, "itself": seq, "first": 1}[where]


def test_only_the_workers_function_thins(cast: Cast, urls: dict[str, str]) -> None:
    """No role may call the inner function, change a row or thin what is there; the owner's own update is refused."""
    record = a_record_with_everything(cast, "norfolk")
    kept_for(cast, 0)
    assert thin_log() == 0  # nothing is gone
    hide = (
        "update audit_auditentry set actor_id = '-', via = '', object_id = '', detail = '', thinned_by = seq + 1"
        f" where object_id = '{record.pk}'"
    )
    inner = f"select ani.audit_thin(array['record'], array['{record.pk}'])"
    for role in ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_IMPORT_URL", "DATABASE_VERIFY_URL"):
        with psycopg.connect(urls[role]) as connection:
            for statement in (hide, inner):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(statement)
    with psycopg.connect(urls["DATABASE_URL"]) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("select ani.thin_log(1)")
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(hide)
    assert in_log(record) >= 4 and broken() == []


def test_nobody_sets_less_than_a_year(cast: Cast) -> None:
    """Who looked at a record that is gone can be asked for a year at least: the database says so, to the owner too."""
    with connections["owner"].cursor() as cursor, pytest.raises(IntegrityError, match="a year at least"):
        cursor.execute("update pharmacies_forcesettings set log_keep_months = 11")


@pytest.mark.parametrize(("kinds", "ids"), [(["export"], ["x"]), (["record"], [""]), (["record", ""], ["x", "y"])])
def test_only_rows_about_records_lose_their_ids(cast: Cast, kinds: list[str], ids: list[str]) -> None:
    """Exports, searches and sign-ins keep theirs, whoever asks."""
    with connections["owner"].cursor() as cursor, pytest.raises(IntegrityError, match="only rows about a record"):
        cursor.execute("select ani.audit_thin(%s, %s)", [kinds, ids])


def test_a_thinned_row_that_says_something_is_found(cast: Cast, engine: Engine, database: str) -> None:
    """A name put into a row that lost its own is no row of a thinned log."""
    gone(cast)
    kept_for(cast, 0)
    assert thin_log() and broken() == []
    as_superuser(
        engine, database,
        "update audit_auditentry set actor_id = 'somebody else' where id = (select min(id) from audit_auditentry"
        " where thinned_by is not null)",
    )  # fmt: skip
    (one,) = broken()
    assert "holds something all the same" in one.why
