"""Before a release the force must not even learn that there is something: not by log, message, count or clock."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from ani_portal.access.scope import scoped
from ani_portal.engine.server import Engine
from ani_portal.live.notify import CHANNEL
from requests import actions
from requests.enums import Danger, Wish
from requests.models import CodewordRequest
from requests.retention.sweep import sweep
from tests.cast import Cast
from tests.requests.steps import agreed, finished, said, started, wished
from tests.visitors import as_superuser, desk, log_of, tablet


def _heard(listener: psycopg.Connection) -> set[str]:
    return {topic for note in listener.notifies(timeout=0.2) for topic in note.payload.split(",")}


def test_the_forces_log_and_desks_hear_nothing_until_the_release(cast: Cast, urls: dict[str, str]) -> None:
    by, force = cast.recorder("norfolk"), cast.force("norfolk").pk
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as listener:
        listener.execute(f"listen {CHANNEL}")
        record = wished(by, started(by), Wish.POLICE_NOW)
        said(by, record)
        assert _heard(listener) == set()  # nor the colleagues at the pharmacy's other tablets
        assert [row for row in log_of(force) if row["object_id"] == str(record.pk)] == []
        assert desk(cast, "norfolk").get("/triage/rows/").context["total"] == 0
        agreed(by, record)
        assert _heard(listener) == {f"pharmacy:{by.pharmacy_id}", f"force:{force}"}
    assert [row["event"] for row in log_of(force) if row["object_id"] == str(record.pk)] == ["record.agreed"]


@pytest.mark.parametrize("wish", [Wish.SUPPORT, Wish.SPACE, Wish.COULD_NOT_ASK])
def test_who_does_not_want_police_never_comes_into_the_forces_log(cast: Cast, urls: dict[str, str], wish: Wish) -> None:
    """Nor does any log keep what they wanted, beside the time and the tablet."""
    by, force = cast.recorder("norfolk"), cast.force("norfolk").pk
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as listener:
        listener.execute(f"listen {CHANNEL}")
        finished(by, wished(by, started(by, Danger.NOT_SURE), wish))
        assert _heard(listener) == set()  # nor the colleagues at the pharmacy's other tablets
    assert [row for row in log_of(force) if row["event"].startswith("record.")] == []
    system = [row for row in log_of(0) if row["event"].startswith("record.")]
    assert {row["event"] for row in system} >= {"record.started", "record.wished", "record.settled"}
    assert {row["detail"] for row in system} == {""}


def test_looking_for_an_unreleased_record_is_no_look_at_it(cast: Cast) -> None:
    """The officer gets *not found*, and the log a refusal in the system's chain, not a look in the force's."""
    by = cast.recorder("norfolk")
    record = started(by)
    for force in ("norfolk", "cheshire"):
        assert desk(cast, force).get(f"/triage/records/{record.pk}/").status_code == 404
        assert [row for row in log_of(cast.force(force).pk) if row["object_id"] == str(record.pk)] == []
    refused = [row for row in log_of(0) if row["event"] == "access.refused"]
    assert [(row["actor_kind"], row["object_id"]) for row in refused] == [("officer", str(record.pk))] * 2


def test_nobody_reads_the_entries_without_a_row_of_the_log(cast: Cast) -> None:
    """The fragment that an open page asks for every few seconds is given only after the page was."""
    by = cast.recorder("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_NOW))
    said(by, record)
    address = f"/triage/records/{record.pk}/"
    desk(cast, "norfolk").post(address + "open/")
    colleague = desk(cast, "norfolk", "officer2")
    early = colleague.get(address + "entries/")
    # In place of the words, so that the page and what its officer is writing stay.
    assert b"data-lost" in early.content and b"PLANTED" not in early.content and "HX-Redirect" not in early.headers
    assert b"PLANTED" not in colleague.get(address).content  # a colleague's: it asks why first
    colleague.post(address + "look/", {"reason": "covering"})
    assert colleague.get(address).status_code == 200
    assert b"PLANTED" in colleague.get(address + "entries/").content
    looks = [
        row["event"]
        for row in log_of(cast.force("norfolk").pk)
        if row["actor_id"] == cast.officer("norfolk", 2).actor.id
    ]
    assert looks == ["record.viewed", "record.looked", "record.viewed"]


# Asked by mistake --------------------------------------------------------------------------------------------------


def _traces(record: CodewordRequest) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select (select count(*) from requests_codewordrequest where id = %(id)s)"
            " + (select count(*) from requests_entry where record_id = %(id)s)"
            " + (select count(*) from vault.record_key where record_id = %(id)s)"
            " + (select count(*) from requests_informationline)",
            {"id": record.pk},
        )
        return int((cursor.fetchone() or (0,))[0])


def test_a_mistake_is_undone_within_ten_seconds_then_nothing_is_left(cast: Cast, engine: Engine, database: str) -> None:
    by = cast.recorder("norfolk")
    record = wished(by, started(by), Wish.POLICE_NOW)
    said(by, record)
    with scoped(by.scope):
        actions.mistake(by=by, record=record)
    assert sweep(now=timezone.now() + timedelta(seconds=9)).mistakes == 0
    with scoped(by.scope):
        back = actions.undo_mistake(by=by, record=record)
    assert back.mistaken_at is None and _traces(record) == 3
    with scoped(by.scope):
        actions.mistake(by=by, record=record)
    assert sweep(now=timezone.now() + timedelta(seconds=11)).mistakes == 1
    assert _traces(record) == 0
    row = log_of(0)[-1]
    assert (row["event"], row["object_id"], row["detail"]) == ("record.mistake", "", "")
    assert [row for row in log_of(cast.force("norfolk").pk) if row["event"].startswith("record.")] == []


def test_a_mistake_taken_back_too_late_is_gone_and_said_so(cast: Cast, engine: Engine, database: str) -> None:
    """Also while the sweep, which runs every minute, has not come by yet."""
    by = cast.recorder("norfolk")
    record = started(by)
    page = tablet(cast, "norfolk", "AB")
    assert "Nothing was kept" in page.post("/counter/mistake/", {"record": record.pk}).content.decode()
    as_superuser(
        engine, database, "update requests_codewordrequest set mistaken_at = now() - interval '11 seconds' where id = %s",
        record.pk,
    )  # fmt: skip
    late = page.post("/counter/undo/", {"record": record.pk})
    assert late.status_code == 409 and "more than ten seconds ago" in late.content.decode()
    assert _traces(record) == 0
    assert page.post("/counter/undo/", {"record": record.pk}).status_code == 409


def test_a_mistake_is_possible_only_before_a_release(cast: Cast) -> None:
    by = cast.recorder("norfolk")
    record = started(by, Danger.YES)
    answer = tablet(cast, "norfolk", "AB").post("/counter/mistake/", {"record": record.pk})
    assert answer.status_code == 409 and "Police have already been told" in answer.content.decode()
    assert CodewordRequest.objects.using("owner").get(pk=record.pk).mistaken_at is None


def test_nothing_is_added_to_a_mistake_but_the_alarm_still_goes(cast: Cast) -> None:
    """A page from before cannot bring it back to life by the way; *tell police now* is never refused."""
    by = cast.recorder("norfolk")
    record = started(by)
    page = tablet(cast, "norfolk", "AB")
    page.post("/counter/mistake/", {"record": record.pk})
    key = "00000000-0000-4000-8000-000000000001"
    for step in ({"step": "wish", "wish": "police_now"}, {"step": "agree", "agree": "yes"}):
        answer = page.post("/counter/answer/", {"record": record.pk, "key": key, **step})
        assert answer.status_code == 409
    assert page.post("/counter/send/", {"record": record.pk, "key": key}).status_code == 200
    after = CodewordRequest.objects.using("owner").get()
    assert (after.pk, after.mistaken_at, after.state) == (record.pk, None, "waiting")


def test_a_screen_left_open_for_a_day_still_raises_the_alarm(cast: Cast) -> None:
    """What it spoke of was destroyed as abandoned: an answer is told so, danger now is a new record."""
    record = started(cast.recorder("norfolk"))
    page = tablet(cast, "norfolk", "AB")
    assert sweep(now=timezone.now() + timedelta(hours=5)).abandoned == 1
    key = "00000000-0000-4000-8000-000000000001"
    stale = {"record": record.pk, "key": key}
    answer = page.post("/counter/answer/", stale | {"step": "wish", "wish": "support"})
    assert answer.status_code == 409 and "no longer open here" in answer.content.decode()
    assert page.post("/counter/send/", stale).status_code == 200
    assert CodewordRequest.objects.using("owner").filter(state="waiting").exclude(pk=record.pk).count() == 1
