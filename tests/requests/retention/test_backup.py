"""Dispose, restore yesterday's backup, look again: nothing. And after N days there is nothing to restore it from."""

import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from ani_portal.access.scope import scoped
from ani_portal.backup import shelf
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import seal_of
from requests import actions
from requests.models import CodewordRequest
from requests.policies import released_records
from requests.retention.disposal import dispose_due, ledger_what_was_taken_back
from requests.retention.ledger import ledger
from requests.triage.entries import entries
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything

from .steps import ready_to_go
from .test_disposal import rows_about

NOW = datetime.now(UTC)


def backup() -> None:
    """As `make backup` does."""
    call_command("backup", verbosity=0)


def restore(**options: Path) -> None:
    """As `make restore YES=1` does; what this process has open is closed, as after stopping a server."""
    for alias in connections:
        connections[alias].close()
    call_command("restore", yes=True, verbosity=0, **options)


def test_a_disposed_record_does_not_come_back(cast: Cast, urls: dict[str, str]) -> None:
    """Yesterday's data and yesterday's keys together: the ledger destroys it again; the other record is there, whole."""
    kept = a_record_with_everything(cast, "norfolk")
    record, _disposal = ready_to_go(cast)
    backup()
    data, vault = shelf.there("data")[-1], shelf.there("vault")[-1]
    assert dispose_due(now=NOW).done == 1
    assert rows_about(record) == {}
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner:
        owner.execute("delete from requests_message")
    restore(data=data, vault=vault)
    assert rows_about(record) == {}
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        with pytest.raises(SealBroken):
            seal_of(record.pk)
        assert [one.pk for one in released_records(officer)] == [kept.pk]
        assert WORDS in [one.text for one in entries(kept).shown]
    with connections["owner"].cursor() as cursor:
        cursor.execute("select kind, outcome from requests_stub")
        assert cursor.fetchall() == [("alert", "attended")]
        cursor.execute(
            "select event from audit_auditentry where event like 'backup.%%' or event like '%%again' order by id"
        )
        assert [name for (name,) in cursor.fetchall()] == ["record.disposed_again", "backup.restored"]
    call_command("verify_audit", verbosity=0)
    # The rings hold as before, and the next backup is as good as the first.
    with psycopg.connect(urls["DATABASE_URL"]) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("select count(*) from requests_codewordrequest")
    record_after = a_record_with_everything(cast, "cheshire")
    backup()
    restore()
    assert CodewordRequest.objects.using("owner").filter(pk__in=[kept.pk, record_after.pk]).count() == 2


def make(urls: dict[str, str], settings: Settings, *words: str) -> str:
    """What an operator types; what it said."""
    for alias in connections:
        connections[alias].close()
    folders = {"BACKUP_FOLDER": settings.BACKUP_FOLDER, "DISPOSAL_LEDGER": settings.DISPOSAL_LEDGER}
    done = subprocess.run(
        ["make", "--silent", *words], cwd=settings.BASE_DIR, env={**os.environ, **urls, **folders},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_through_make(cast: Cast, urls: dict[str, str], settings: Settings) -> None:
    """`make backup`, a disposal, `make restore` of yesterday's files and then of today's: gone, and stays gone."""
    kept = a_record_with_everything(cast, "norfolk")
    record, _disposal = ready_to_go(cast)
    make(urls, settings, "backup")
    data, vault = shelf.there("data")[-1], shelf.there("vault")[-1]
    assert dispose_due(now=NOW).done == 1
    said = make(urls, settings, "restore", "YES=1", f"DATA={data}", f"VAULT={vault}")
    assert "Disposed of again, as the ledger says: 1." in said
    for yesterday in (True, False):
        assert rows_about(record) == {}
        officer = cast.officer("norfolk")
        with scoped(officer.scope):
            with pytest.raises(SealBroken):
                seal_of(record.pk)
            assert WORDS in [one.text for one in entries(kept).shown]
        if yesterday:
            time.sleep(1.1)  # a backup is named by its second
            make(urls, settings, "backup")
            make(urls, settings, "restore", "YES=1")


def test_keys_of_a_disposed_record_go_with_the_old_backups(cast: Cast, settings: Settings) -> None:
    """The store's backups older than N days are removed; with those that are left nothing opens, ledger or not."""
    record, _disposal = ready_to_go(cast)
    backup()
    assert dispose_due(now=NOW).done == 1
    (old,) = shelf.there("vault")
    (data,) = shelf.there("data")
    aged = (NOW - timedelta(days=settings.VAULT_BACKUP_DAYS, minutes=1)).strftime(shelf.STAMP)
    old.rename(old.with_name(aged + shelf.SUFFIX))
    data.rename(data.with_name(aged + shelf.SUFFIX))
    backup()
    assert len(shelf.there("vault")) == 1 and len(shelf.there("data")) == 2
    for path in ledger().folder.glob("*"):
        path.unlink()  # even a lost ledger
    restore(data=shelf.there("data")[0])
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        assert released_records(officer).filter(pk=record.pk).exists()
        assert all(one.broken for one in entries(record).shown)
        with pytest.raises(SealBroken):
            seal_of(record.pk)


def test_backups_are_sealed_and_private(cast: Cast, engine: object) -> None:
    """No word, name or table in the files, and nobody else may read them."""
    a_record_with_everything(cast, "norfolk")
    backup()
    for kind in shelf.KINDS:
        (path,) = shelf.there(kind)
        content = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        for word in (b"PGDMP", b"requests_entry", b"record_key", b"Made-up", WORDS.encode()):
            assert word not in content


def test_what_is_not_whole_replaces_nothing(cast: Cast, tmp_path: Path) -> None:
    """A cut file, the wrong half, no --yes, somebody still connected: refused, and the database is as it was."""
    record = a_record_with_everything(cast, "norfolk")
    backup()
    (data,), (vault,) = shelf.there("data"), shelf.there("vault")
    cut = tmp_path / data.name
    cut.write_bytes(data.read_bytes()[:-20])
    for options in ({"data": cut}, {"data": vault}, {"vault": tmp_path / "none"}):
        with pytest.raises(CommandError, match="Not restored"):
            restore(**options)
    with pytest.raises(CommandError, match="--yes"):
        call_command("restore", verbosity=0)
    url = connections["worker"].settings_dict
    with (
        psycopg.connect(
            host=url["HOST"], port=url["PORT"], user=url["USER"], password=url["PASSWORD"], dbname=url["NAME"]
        ),
        pytest.raises(CommandError, match="1 connections"),
    ):
        restore()
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        actions.read(by=officer, record=record)
        assert WORDS in [one.text for one in entries(record).shown]


def test_words_taken_back_do_not_come_back(cast: Cast, urls: dict[str, str]) -> None:
    """The ledger takes them back again. The limit: the backup itself holds them, sealed, for as long as it is kept."""
    by, record = cast.recorder("norfolk"), a_record_with_everything(cast, "norfolk")
    backup()
    with scoped(by.scope):
        (typed,) = actions.just_typed(by=by, record=record)
        actions.take_back(by=by, record=record, entry=typed.id)
    assert ledger_what_was_taken_back(now=NOW) == 1
    assert ledger_what_was_taken_back(now=NOW) == 0  # twice is once
    restore()
    with connections["owner"].cursor() as cursor:
        cursor.execute("select length(sealed), taken_back_at is not null from requests_entry where id = %s", [typed.id])
        assert cursor.fetchone() == (0, True)
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        assert WORDS not in [one.text for one in entries(record).shown]
    for path in ledger().folder.glob("*"):
        path.unlink()
    restore()
    with scoped(officer.scope):
        assert WORDS in [one.text for one in entries(record).shown]  # docs/data-protection/keys-and-backups.md says so


def test_nobody_comes_in_while_it_restores(cast: Cast, urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server that starts in the middle is refused; afterwards, and after a failure, everybody can connect again."""
    a_record_with_everything(cast, "norfolk")
    backup()
    refused: list[str] = []
    put_back = shelf.put_back

    def watched(path: Path, kind: str) -> None:
        for role in ("DATABASE_URL", "DATABASE_WORKER_URL"):
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(urls[role])
            refused.append(kind)
        put_back(path, kind)

    monkeypatch.setattr(shelf, "put_back", watched)
    restore()
    assert refused == ["data", "data", "vault", "vault"]

    def failing(path: Path, kind: str) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(shelf, "put_back", failing)
    with pytest.raises(CommandError, match="Not restored"):
        restore()
    for name in ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_IMPORT_URL", "DATABASE_VERIFY_URL"):
        psycopg.connect(urls[name]).close()


def test_a_failed_commit_is_taken_out_of_the_ledger(cast: Cast) -> None:
    """What was not disposed of must not be destroyed by a later restore."""
    record, _disposal = ready_to_go(cast)
    with connections["owner"].cursor() as cursor:
        # A deferred check that fails at the commit, after everything else went well.
        cursor.execute("create function ani.refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$")
        cursor.execute(
            "create constraint trigger at_commit after insert on requests_stub deferrable initially deferred"
            " for each row execute function ani.refuse()"
        )
    with pytest.raises(Exception, match="no"):
        dispose_due(now=NOW)
    assert rows_about(record)
    assert ledger().disposed() == set()
    assert len(list(ledger().folder.glob("*"))) == 1


def test_the_ledger_is_kept_as_long_as_it_is_needed(cast: Cast, settings: Settings) -> None:
    """And no longer: its marks are ids too."""
    book = ledger()
    for days in (0, settings.LEDGER_DAYS, settings.LEDGER_DAYS + 1):
        path = book.folder / f"{NOW - timedelta(days=days):%Y-%m-%d}.jsonl"
        book.folder.mkdir(exist_ok=True)
        path.write_text("")
    assert book.forget(now=NOW, days=settings.LEDGER_DAYS) == 1
    assert len(list(book.folder.glob("*"))) == 2
