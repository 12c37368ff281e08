"""Two people, a waiting time, a hold that beats them; then nothing but a stub."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections
from django.db.utils import IntegrityError, ProgrammingError
from pytest_django import Settings

from ani_portal.access.scope import scoped
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import seal_of
from requests import actions
from requests.actions import NotPossible
from requests.enums import Danger, EntryKind, HoldReason, State
from requests.models import CodewordRequest, Disposal, Stub
from requests.policies import released_records
from requests.retention.actions import approve_disposal, ask_disposal, cancel_disposal, lift_hold, place_hold
from requests.retention.disposal import dispose_due
from requests.retention.ledger import ledger, mark
from requests.retention.lines import set_rule
from requests.retention.policies import due_records
from requests.retention.schedule import outcomes, schedule
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything, started

from .steps import aged, approved, asked, closed, ready_to_go, waited

NOW = datetime.now(UTC)


def rows_about(record: CodewordRequest) -> dict[str, int]:
    """How many rows of each table still refer to the record, found by introspection."""
    found = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
            " where table_schema in ('public', 'vault') and data_type = 'uuid'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'select count(*) from {table} where "{column}" = %s', [record.pk])
            if count := (cursor.fetchone() or (0,))[0]:
                found[f"{table}.{column}"] = count
    return found


def test_nothing_but_a_stub_is_left(cast: Cast) -> None:
    """Neither row, entry, key nor fingerprint; and a stub that leads to nobody."""
    record = aged(closed(cast))
    recorder = cast.recorder("norfolk")
    with connections["owner"].cursor() as cursor:
        cursor.execute("update requests_codewordrequest set finished_at = null where id = %s", [record.pk])
    with scoped(recorder.scope):
        assert actions.remember_phone(by=recorder, record=record, number="07700 900 123")
    waited(approved(cast, asked(cast, record)))
    assert len(rows_about(record)) >= 5
    went = dispose_due(now=NOW)
    assert (went.done, went.left) == (1, {})
    assert rows_about(record) == {}
    officer = cast.officer("norfolk")
    with scoped(officer.scope):
        assert not released_records(officer).exists()
        with pytest.raises(SealBroken):
            seal_of(record.pk)
        (stub,) = Stub.objects.all()
        names = {field.name for field in Stub._meta.get_fields()}
    assert (stub.kind, stub.outcome, stub.month.day) == ("alert", "attended", 1)
    assert names == {"id", "force", "month", "kind", "outcome"}
    assert ledger().disposed() == {mark(record.pk)}
    assert dispose_due(now=NOW).done == 0


def test_disposal_needs_somebody_else_and_time(cast: Cast) -> None:
    """Who asked cannot approve, in the code or in the database; nothing happens before the waiting time is over."""
    record = aged(closed(cast))
    disposal = asked(cast, record)
    supervisor = cast.officer("norfolk", 3)
    with pytest.raises(NotPossible), scoped(supervisor.scope):
        approve_disposal(by=supervisor, disposal=disposal)
    with pytest.raises(IntegrityError, match="disposal_by_two_people"), scoped(supervisor.scope):
        Disposal.objects.filter(pk=disposal.pk).update(approved_at=NOW, approved_by_id=supervisor.actor.id)
    assert dispose_due(now=NOW).done == 0
    approved(cast, disposal)
    assert dispose_due(now=NOW).done == 0
    # Whatever moment the application claims, the waiting time runs from the database's own clock.
    with pytest.raises(Exception, match="given once"), scoped(supervisor.scope):
        Disposal.objects.filter(pk=disposal.pk).update(approved_at="2020-01-01T00:00:00Z")
    waited(disposal)
    assert dispose_due(now=NOW).done == 1


@pytest.mark.parametrize("stage", ["before", "after approval"])
def test_a_hold_beats_everything(cast: Cast, stage: str) -> None:
    """Whenever it was placed; lifted, the decision stands again."""
    record = aged(closed(cast))
    dpo = cast.officer("norfolk", 4)
    if stage == "before":
        with scoped(dpo.scope):
            place_hold(by=dpo, record=record, reason=HoldReason.PROCEEDINGS, review_on=date(2027, 1, 1))
        with pytest.raises(NotPossible, match="hold"):
            asked(cast, record)
        return
    disposal = waited(approved(cast, asked(cast, record)))
    with scoped(dpo.scope):
        hold = place_hold(by=dpo, record=record, reason=HoldReason.COMPLAINT, review_on=date(2027, 1, 1))
    assert dispose_due(now=NOW).left == {"It is under legal hold.": 1}
    assert rows_about(record)
    with scoped(dpo.scope):
        lift_hold(by=dpo, hold=hold)
    assert dispose_due(now=NOW).done == 1
    assert not Disposal.objects.using("owner").filter(pk=disposal.pk).exists()


def test_only_what_is_closed_and_due(cast: Cast) -> None:
    """Unseen, read, claimed: never on the list and never asked for. Closed: when the schedule says so."""
    supervisor, officer = cast.officer("norfolk", 3), cast.officer("norfolk")
    record = a_record_with_everything(cast, "norfolk")
    for step in (None, actions.read, actions.claim):
        if step is not None:
            with scoped(officer.scope):
                step(by=officer, record=record)
        with scoped(supervisor.scope):
            assert not due_records(supervisor, NOW).exists()
            with pytest.raises(NotPossible, match="not closed"):
                ask_disposal(by=supervisor, record=record)
    fresh = closed(cast)
    with scoped(supervisor.scope):
        assert not due_records(supervisor, NOW).exists()
        with pytest.raises(NotPossible, match="not due"):
            ask_disposal(by=supervisor, record=fresh)
    aged(fresh)
    with scoped(supervisor.scope):
        assert [one.pk for one in due_records(supervisor, NOW)] == [fresh.pk]
    cheshire = cast.officer("cheshire", 3)
    with scoped(cheshire.scope):
        assert not due_records(cheshire, NOW).exists()


def test_a_record_that_is_open_again_is_left(cast: Cast) -> None:
    """The database looks once more at the last moment."""
    record, _disposal = ready_to_go(cast)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "update requests_codewordrequest set state = 'claimed', closed_at = null, closed_by_id = null, outcome = ''"
            " where id = %s",
            [record.pk],
        )
    assert dispose_due(now=NOW).left == {"It is not closed. Only a closed record is ever disposed of.": 1}
    assert CodewordRequest.objects.using("owner").get(pk=record.pk).state == State.CLAIMED


def test_a_record_on_offer_is_left(cast: Cast) -> None:
    """Whoever may still take it over must find it."""
    record, _disposal = ready_to_go(cast)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "insert into requests_offer (id, record_id, from_force_id, to_force_id, state, reason, reference, attention,"
            " released_at, place, offered_at, offered_by_id, decline_reason)"
            " select gen_random_uuid(), id, force_id, %s, 'open', 'other', reference, attention, released_at, 'somewhere',"
            " now(), closed_by_id, '' from requests_codewordrequest where id = %s",
            [cast.force("cheshire").pk, record.pk],
        )
    assert dispose_due(now=NOW).left == {"It is offered to another force.": 1}
    with connections["owner"].cursor() as cursor:
        cursor.execute("update requests_offer set state = 'withdrawn', decided_at = now()")
    assert dispose_due(now=NOW).done == 1
    assert rows_about(record) == {}


def test_a_cancelled_disposal_does_not_happen(cast: Cast) -> None:
    """And the record is on the list again."""
    record, disposal = ready_to_go(cast)
    dpo = cast.officer("norfolk", 4)
    with scoped(dpo.scope):
        cancel_disposal(by=dpo, disposal=disposal)
        assert [one.pk for one in due_records(dpo, NOW)] == [record.pk]
    assert dispose_due(now=NOW).done == 0


def test_without_its_ledger_nothing_is_disposed_of(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    """A disposal that a restore would not know of must not happen."""
    record, _disposal = ready_to_go(cast)
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    settings.DISPOSAL_LEDGER = str(blocked)
    with pytest.raises(OSError):
        dispose_due(now=NOW)
    assert rows_about(record)


def test_every_outcome_has_its_time_and_a_force_sets_its_own(cast: Cast) -> None:
    """Defaults for all, rows for what was set, and another force's stays as it was."""
    dpo, cheshire = cast.officer("norfolk", 4), cast.officer("cheshire", 4)
    with scoped(dpo.scope):
        before = schedule(dpo.force_id)
        assert {line.outcome for line in before} == {name for name, _label in outcomes()}
        set_rule(by=dpo, outcome="attended", keep_months=90, review_on=date(2027, 6, 1))
        line = next(line for line in schedule(dpo.force_id) if line.outcome == "attended")
        assert (line.keep_months, line.own, line.review_on) == (90, True, date(2027, 6, 1))
    with scoped(cheshire.scope):
        assert not any(line.own for line in schedule(cheshire.force_id))


def test_the_application_cannot_destroy_by_itself(cast: Cast, urls: dict[str, str]) -> None:
    """Its role may neither call the disposal nor delete a row, a key, a hold or a stub, nor wrap a key anew."""
    closed(cast)
    with psycopg.connect(urls["DATABASE_URL"]) as app:
        for statement in (
            "select ani.dispose(gen_random_uuid())",
            "select ani.destroy_record(gen_random_uuid())",
            "select ani.destroy_words(gen_random_uuid())",
            "delete from requests_codewordrequest",
            "delete from requests_entry",
            "delete from vault.record_key",
            "delete from vault.phone_mark",
            "update vault.record_key set master_key = 'x'",
            "update vault.force_key set master_key = 'x'",
            "delete from requests_hold",
            "insert into requests_stub (id) values (gen_random_uuid())",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute("select set_config('ani.kind', 'officer', true)")
                app.execute(statement)


def test_words_in_the_wrong_record_are_taken_back(cast: Cast) -> None:
    """By who typed them, for five minutes, with a line in the log; then only a correction."""
    by, colleague = cast.recorder("norfolk"), cast.recorder("norfolk", "CD")
    record = a_record_with_everything(cast, "norfolk")
    with scoped(by.scope):
        (typed,) = actions.just_typed(by=by, record=record)
    with scoped(colleague.scope), connection.cursor() as cursor:
        assert actions.just_typed(by=colleague, record=record) == []
        cursor.execute("select ani.take_back(%s)", [typed.id])
        assert cursor.fetchone() == (None,)
    with scoped(by.scope):
        actions.take_back(by=by, record=record, entry=typed.id)
    with connections["owner"].cursor() as cursor:
        cursor.execute("select length(sealed), taken_back_at is not null from requests_entry where id = %s", [typed.id])
        assert cursor.fetchone() == (0, True)
        cursor.execute("select count(*) from audit_auditentry where event = 'record.entry_taken_back'")
        assert cursor.fetchone() == (1,)
    with scoped(by.scope):
        entry = actions.add_entry(
            by=by, record=record, key=uuid4(), kind=EntryKind.OWN_WORDS, value={"text": "typed here by mistake"}
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("update requests_entry set at = at - interval '6 minutes' where id = %s", [entry.pk])
    with pytest.raises(NotPossible, match="correction"), scoped(by.scope):
        actions.take_back(by=by, record=record, entry=entry.pk)


def test_somebody_without_a_pin_may_take_back_too(cast: Cast) -> None:
    """Unverified, they cannot read what they typed; they can take it back."""
    from dataclasses import replace

    covered = cast.covered("norfolk")
    sitting = cast.recorder("norfolk").scope.sitting
    by = replace(covered, scope=replace(covered.scope, sitting=sitting))
    record = started(by, Danger.YES)
    with scoped(by.scope):
        entry = actions.add_entry(by=by, record=record, key=uuid4(), kind=EntryKind.WHERE, value={"text": "there"})
        assert [one.id for one in actions.just_typed(by=by, record=record)] == [entry.pk]
    with scoped(by.scope):
        actions.take_back(by=by, record=record, entry=entry.pk)
    with pytest.raises(ProgrammingError), scoped(by.scope), connection.cursor() as cursor:
        cursor.execute("update requests_entry set sealed = '' where id = %s", [entry.pk])
