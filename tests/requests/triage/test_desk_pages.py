"""The desk's pages, asked as an officer's browser asks: finding, reasons, grades, closing, paper, CSV."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.engine.server import SUPERUSER, Engine
from benchmarks.seeding import add_closed, add_open
from pharmacies.models import ForceSettings
from requests import actions
from requests.attention import alarming
from requests.attention import queue as in_order
from requests.enums import Danger, EntryKind, State
from requests.models import OPEN_STATES, CodewordRequest, Look
from requests.triage import rows
from tests.cast import Cast
from tests.requests.steps import WORDS, a_record_with_everything, agreed, started, wished
from tests.visitors import log_of

from .desk_steps import RATIONALE, claimed, closed, finished, graded, opened


def browser(cast: Cast, part: str = "officer1", force: str = "norfolk") -> Client:
    """A signed-in browser of one of the cast."""
    client = Client(HTTP_HOST="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = cast.session(force, part)
    return client


def at(record: CodewordRequest, path: str = "") -> str:
    return f"/triage/records/{record.pk}/{path}"


def state_of(cast: Cast, record: CodewordRequest) -> str:
    by = cast.officer("norfolk")
    with scoped(by.scope):
        return CodewordRequest.objects.get(pk=record.pk).state


def test_a_record_that_is_not_ones_own_asks_why(cast: Cast) -> None:
    """No word of it before a reason from the list; who looked and why stands below it afterwards."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    colleague = browser(cast, "officer2")
    assert WORDS not in colleague.get(at(record)).content.decode()
    assert colleague.post(at(record, "look/"), {"reason": "made up"}).status_code == 422
    assert colleague.post(at(record, "look/"), {"reason": "covering"}).status_code == 302
    page = colleague.get(at(record)).content.decode()
    assert WORDS in page and "Officer 2 · Covering for a colleague" in page
    assert browser(cast, "officer1", "cheshire").post(at(record, "look/"), {"reason": "covering"}).status_code == 404


def test_a_force_may_do_without_the_question(cast: Cast) -> None:
    """Its own setting: nobody is asked why, and each look is told below the record all the same."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    with using_role("owner"):
        ForceSettings.objects.filter(force=cast.force("norfolk")).update(reason_to_look=False)
    browser(cast, "officer2").get(at(record))
    page = browser(cast, "officer2").get(at(record)).content.decode()
    assert WORDS in page and "Officer 2 · Looked at its page" in page


def test_a_crime_reference_stands_in_the_history(cast: Cast) -> None:
    """And only who holds the record adds one."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    crime = {"crime-number": "36/4711/26"}
    assert browser(cast, "officer2").post(at(record, "crime/"), crime).status_code == 409
    desk = browser(cast)
    assert "36/4711/26" not in desk.get(at(record)).content.decode()
    assert desk.post(at(record, "crime/"), crime).status_code == 302
    assert "Crime reference 36/4711/26" in desk.get(at(record)).content.decode()


def test_search_understands_forms_and_never_a_name(cast: Cast) -> None:
    """Reference, pharmacy, number, day get into the address; anything else is refused and gets nowhere."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    closed(by, record)
    desk = browser(cast)
    for typed in (record.reference.replace("-", "").lower(), "FAR67", "123", record.started_at.strftime("%Y-%m-%d")):
        found = desk.post("/triage/find/", {"what": typed})
        assert found.status_code == 302, typed
        assert record.reference in desk.get(found["Location"]).content.decode(), typed
    refused = desk.post("/triage/find/", {"what": "Mary Made-Up"})
    assert refused.status_code == 422 and "Not a name" in refused.content.decode()
    for number in ("01632960001", "01632-960-001", "441632960001", "07700900123"):
        assert desk.post("/triage/find/", {"what": number}).status_code == 422, number
    for number in ("0123456", "44/12345/26", "36/1234567/26"):
        assert desk.post("/triage/find/", {"what": number}).status_code == 302, number
    other = browser(cast, "officer1", "cheshire")
    theirs = other.post("/triage/find/", {"what": record.reference}, follow=True).content.decode()
    assert "Nothing fits." in theirs and "data-row=" not in theirs
    assert "Mary" not in desk.get("/triage/?reference=Mary&number=Mary+Made-Up").content.decode()


def test_no_grade_without_the_systems_and_a_reason(cast: Cast) -> None:
    """What was typed stays in the form; an earlier grade stays in the history."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    desk = browser(cast)
    page = desk.post(at(record, "assess/"), {"threat": RATIONALE})
    assert page.status_code == 422
    assert RATIONALE in page.content.decode() and "Check the force&#x27;s systems first" in page.content.decode()
    graded(by, record, "B")
    graded(by, record, "A")
    text = desk.get(at(record)).content.decode()
    assert text.index("B Grade B") < text.index("A Grade A")
    assert text.count(RATIONALE) == 2


def test_closing_needs_a_number_or_why_not_and_a_look_at_the_risk(cast: Cast) -> None:
    """Each is refused in words, and nothing is written."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    desk = browser(cast)
    whole = {"close-outcome": "attended", "close-no_reference": "", "close-risk_looked_at": "on"}
    assert desk.post(at(record, "close/"), whole | {"close-risk_looked_at": ""}).status_code == 422
    refused = desk.post(at(record, "close/"), whole)
    assert refused.status_code == 409 and "Add the incident number first" in refused.content.decode()
    duplicate = desk.post(at(record, "close/"), whole | {"close-no_reference": "duplicate"})
    assert "Link it first" in duplicate.content.decode()
    assert state_of(cast, record) == State.CLAIMED
    bad = {"incident-number": "<123>", "incident-day": "2026-11-21"}
    assert desk.post(at(record, "incident/"), bad).status_code == 422
    assert desk.post(at(record, "incident/"), bad | {"incident-number": "123"}).status_code == 302
    assert desk.post(at(record, "close/"), whole).status_code == 302
    assert state_of(cast, record) == State.CLOSED
    assert desk.post(at(record, "reopen/"), {"reason": "new_words"}).status_code == 302
    assert state_of(cast, record) == State.CLAIMED
    text = desk.get(at(record)).content.decode()
    assert "Closed: Officers attended" in text and "Opened again: Something new is known" in text


def test_only_what_is_said_to_be_safe_is_safe(cast: Cast) -> None:
    """The number is not on the page until a way is safe, or opened for danger to life with a row of the log."""
    recorder, by = cast.recorder("norfolk"), cast.officer("norfolk")
    record = agreed(recorder, wished(recorder, started(recorder, Danger.YES), "police_now"))  # type: ignore[arg-type]
    said = {"ring": "not_safe", "text": "not_known", "voicemail": "nonsense", "number": "07700 900123"}
    with scoped(recorder.scope):
        actions.add_entry(by=recorder, record=record, key=uuid4(), kind=EntryKind.SAFE_CONTACT, value=said)
    claimed(by, record)
    desk = browser(cast)
    text = desk.get(at(record)).content.decode()
    assert "07700 900123" not in text and "contact--safe" not in text
    assert "No way of reaching the person is known to be safe" in text
    assert desk.post(at(record, "channel/"), {"channel": "ring"}).status_code == 409
    assert desk.post(at(record, "channel/"), {"channel": "ring", "danger_to_life": "yes"}).status_code == 302
    text = desk.get(at(record)).content.decode()
    assert text.count("07700 900123") == 1 and "opened for danger to life" in text
    with scoped(recorder.scope):
        actions.add_entry(
            by=recorder, record=record, key=uuid4(), kind=EntryKind.SAFE_CONTACT, value=said | {"text": "safe"}
        )
    text = desk.get(at(record, "entries/")).content.decode()
    assert "contact--some" in text and "contact--safe" not in text  # one safe way is no safe frame
    everything = dict.fromkeys(("ring", "text", "voicemail", "email", "visit"), "safe")
    with scoped(recorder.scope):
        actions.add_entry(by=recorder, record=record, key=uuid4(), kind=EntryKind.SAFE_CONTACT, value=everything)
    assert "contact--safe" in desk.get(at(record, "entries/")).content.decode()


def test_the_sheets_hold_no_word_and_no_formula(cast: Cast) -> None:
    """CSV: no sealed text, nothing that a spreadsheet computes, a row of the log; paper: the banner first, logged."""
    from requests.triage.sheet import safe

    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    desk = browser(cast)
    out = desk.post("/triage/export/")
    assert out["Content-Type"].startswith("text/csv") and 'filename="queue.csv"' in out["Content-Disposition"]
    assert record.reference in out.content.decode() and "PLANTED" not in out.content.decode()
    assert [safe(cell) for cell in ("=1+1", "+1", "-1", "@a", "\t=1", "plain")] == [
        "'=1+1", "'+1", "'-1", "'@a", "'\t=1", "plain",
    ]  # fmt: skip
    paper = desk.post(at(record, "ask-print/"), follow=True).content.decode()
    assert paper.index('class="contact') < paper.index(WORDS)
    assert "Printed it" in desk.get(at(record)).content.decode()


@pytest.mark.parametrize("path", ["take-over/", "unclaim/", "step/", "line/", "link/", "unlink/", "reopen/", "offer/"])
def test_another_force_finds_nothing_to_work_on(cast: Cast, path: str) -> None:
    """Whatever is posted."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    data = {"kind": "officers_sent", "line": "on_the_way", "other": str(record.pk), "link": str(record.pk)}
    data |= {"reason": "review", "offer-to_force": str(cast.force("norfolk").pk), "offer-reason": "lives_there"}
    other = browser(cast, "officer1", "cheshire")
    assert other.post(at(record, path), data).status_code == 404
    assert state_of(cast, record) == State.CLAIMED


def test_take_over_and_reassign_tell_the_first(cast: Cast) -> None:
    """On their next page; an officer who is no supervisor gives nothing away."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    second = browser(cast, "officer2")
    assert second.post(at(record, "take-over/")).status_code == 302
    assert "Officer 2 took over the record that you held" in browser(cast).get("/triage/").content.decode()
    first = cast.officer("norfolk").actor.id
    assert second.post(at(record, "reassign/"), {"officer": first}).status_code == 403
    supervisor = browser(cast, "officer3")
    assert supervisor.post(at(record, "reassign/"), {"officer": first}).status_code == 302
    assert "gave you a record" in browser(cast).get("/triage/").content.decode()
    assert "gave the record that you held to a colleague" in second.get("/triage/").content.decode()


def test_hand_over_needs_a_note_and_another_officers_name(cast: Cast) -> None:
    """Nothing is handed over silently; what was held is the next officer's."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    first, second = browser(cast), browser(cast, "officer2")
    refused = first.post("/triage/hand-over/prepare/")
    assert refused.status_code == 409 and f"Write a note for {record.reference} first" in refused.content.decode()
    note = {"next-text": "made up", "next-key": str(uuid4())}
    assert first.post(at(record, "hand-over-note/"), note).status_code == 302
    assert first.post("/triage/hand-over/prepare/").status_code == 302
    claimed(cast.officer("norfolk"), late := a_record_with_everything(cast, "norfolk"))
    page = second.get("/triage/hand-over/").content.decode()
    sign = page.split('action="/triage/hand-over/')[1].split('"')[0]
    assert first.post(f"/triage/hand-over/{sign}").status_code == 409
    unnoted = second.post(f"/triage/hand-over/{sign}")
    assert unnoted.status_code == 409 and f"{late.reference}: no note for the next shift" in unnoted.content.decode()
    late_note = {"next-text": "made up too", "next-key": str(uuid4())}
    assert first.post(at(late, "hand-over-note/"), late_note).status_code == 302
    assert second.post(f"/triage/hand-over/{sign}").status_code == 302
    assert "Officer 1 → Officer 2" in second.get("/triage/hand-over/").content.decode()
    assert "You hold nothing" in first.get("/triage/hand-over/").content.decode()
    assert record.reference in second.get("/triage/?held=me").content.decode()


def test_as_many_queries_for_five_thousand_as_for_one(cast: Cast, engine: Engine, database: str) -> None:
    """No page of the desk asks more the more there is, also with many closed behind; the queue says what it leaves out."""
    desk = browser(cast)
    asked: dict[str, list[int]] = {}
    by = cast.officer("norfolk")
    desk.get("/triage/rows/")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    paths = ["/triage/", "/triage/rows/", "/triage/hand-over/", at(record)]
    searches = ["/triage/?pharmacy=FAR67&closed=yes", f"/triage/?reference={record.reference}&closed=yes"]
    for search in searches:  # shown once the log has it
        assert desk.post("/triage/find/", dict(parse_qsl(search.partition("?")[2]))).status_code == 302
    with psycopg.connect(engine.url(SUPERUSER, database), autocommit=True) as owner:
        add_closed(owner, 1, 4_000)
        there = 0
        for number in (0, 1, 50, 5_000):
            add_open(owner, 100_000 + 2 * there, 100_000 + 2 * number - 1)  # every second one is Norfolk's
            there = number
            for path in [*paths, *searches]:
                with CaptureQueriesContext(connection) as queries:
                    assert desk.get(path).status_code == 200, path
                asked.setdefault(path, []).append(len(queries))
            with scoped(by.scope):
                assert CodewordRequest.objects.exclude(state="closed").count() == number + 1
    # One that is there at all may ask for what hangs on it; after that it is the same.
    assert all(len(set(counts[1:])) == 1 and counts[0] <= counts[1] for counts in asked.values()), asked
    assert "the 200 most urgent" in desk.get("/triage/hand-over/").content.decode()
    rows = desk.get("/triage/rows/").content.decode()
    assert rows.count("data-row=") == 100 and 'data-total="5001"' in rows and "more: filter to see them" in rows


def test_passing_to_another_force(cast: Cast) -> None:
    """Not while the person is there; then offered, seen only as offered, accepted; a stub stays, and no way back in."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    ours, theirs = browser(cast), browser(cast, "officer1", "cheshire")
    wanted = {"offer-to_force": str(cast.force("cheshire").pk), "offer-reason": "lives_there"}
    there = ours.post(at(record, "offer/"), wanted)
    assert there.status_code == 409 and "still at the pharmacy" in there.content.decode()
    finished(cast, "norfolk", record)
    assert ours.post(at(record, "offer/"), wanted).status_code == 302
    queue = theirs.get("/triage/").content.decode()
    assert "The person lives there" in queue and record.reference not in queue and "PLANTED" not in queue
    assert theirs.get(at(record)).status_code == 404
    offer = queue.split("/triage/offers/")[1].split("/")[0]
    assert ours.post(f"/triage/offers/{offer}/accept/").status_code == 409
    assert theirs.post(f"/triage/offers/{offer}/accept/").status_code == 302
    text = theirs.get(at(record)).content.decode()
    assert WORDS in text and "Boots" in text and "Came from another force" in text
    assert ours.get(at(record)).status_code == 404
    assert record.reference in ours.get("/triage/hand-over/").content.decode()  # the stub
    assert opened(cast.officer("cheshire"), record).force_id == cast.force("cheshire").pk


def test_an_incident_number_looks_as_the_force_wrote_it(cast: Cast) -> None:
    """The field shows an example; another form is refused with it, nothing typed is lost; a setting that is none asks nothing."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    desk = browser(cast)
    number = {"incident-number": "abc", "incident-day": "2026-11-21"}
    with using_role("owner"):
        theirs = ForceSettings.objects.filter(force=cast.force("norfolk"))
        theirs.update(incident_pattern="NC-{digits}-{date}")
    assert "Such as NC-123-21112026." in desk.get(at(record)).content.decode()
    answer = desk.post(at(record, "incident/"), number)
    assert answer.status_code == 422 and "look like NC-123-21112026" in answer.content.decode()
    assert 'value="abc"' in answer.content.decode()
    assert desk.post(at(record, "incident/"), number | {"incident-number": "nc-9-21112026"}).status_code == 302
    with using_role("owner"):
        theirs.update(incident_pattern="(a+)+$")
    assert desk.post(at(record, "incident/"), number).status_code == 302


def test_what_waits_is_counted_past_the_pages_end(cast: Cast, engine: Engine, database: str) -> None:
    """Of 240 unread the title says 240 and not 100, filtered or not; what the database counts is what each row says."""
    with psycopg.connect(engine.url(SUPERUSER, database), autocommit=True) as owner:
        add_open(owner, 9_000_000, 9_000_000 + 2 * 240 - 1)
    by, desk = cast.officer("norfolk"), browser(cast)
    for path in ("/triage/rows/", "/triage/rows/?held=me", "/triage/rows/?only=count"):
        text = desk.get(path).content.decode()
        assert 'data-waiting="240"' in text and 'data-newest="20' in text, path
    with using_role("owner"):
        first, second, third = in_order(CodewordRequest.objects.filter(force_id=by.force_id))[:3]
    claimed(by, first)
    opened(by, second)
    claimed(by, third)
    with scoped(by.scope):
        actions.add_note(by=by, record=third, text="made up", key=uuid4())
        limits = ForceSettings.objects.get(force_id=by.force_id)
        found = CodewordRequest.objects.filter(force_id=by.force_id, state__in=OPEN_STATES)
        for minutes, loud in ((0, 237), (11, 239), (59, 239), (61, 240)):
            now = timezone.now() + timedelta(minutes=minutes)
            assert found.filter(alarming(limits, now)).count() == loud
            assert sum(rows.alarming(one, limits, now) for one in found) == loud


def test_a_record_that_leaves_while_the_list_is_made(cast: Cast, engine: Engine, database: str) -> None:
    """It passes to another force after the list was read and before its looks are written: a calm 409, and nothing written."""
    record, desk = a_record_with_everything(cast, "norfolk"), browser(cast)

    def save() -> Any:
        try:
            return desk.post("/triage/export/")
        finally:
            for alias in connections:
                connections[alias].close()

    with psycopg.connect(engine.url(SUPERUSER, database)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("set session_replication_role = replica")
        other.execute("lock table requests_look in exclusive mode")
        saving = pool.submit(save)
        waiting = "select count(*) from pg_locks where not granted and relation = 'requests_look'::regclass"
        until = time.monotonic() + 20
        while other.execute(waiting).fetchone() == (0,) and time.monotonic() < until:
            time.sleep(0.02)
        moved = "update requests_codewordrequest set force_id = %s where id = %s"
        other.execute(moved, [cast.force("cheshire").pk, record.pk])
        other.commit()
        said = saving.result(30)
    assert said.status_code == 409 and "changed while it was made. Save it again." in said.content.decode()
    with using_role("owner"):
        assert not Look.objects.filter(reason="exported").exists()
    assert "queue.exported" not in [row["event"] for row in log_of(cast.force("norfolk").pk)]
    again = desk.post("/triage/export/")
    assert again.status_code == 200 and record.reference not in again.content.decode()


def test_a_list_that_is_too_long_is_refused_in_words(cast: Cast, engine: Engine, database: str) -> None:
    """Above 10,000 nothing is saved and nothing says that it was; a part of it is saved, each record saying by whom."""
    with psycopg.connect(engine.url(SUPERUSER, database), autocommit=True) as owner:
        add_closed(owner, 1, 2 * actions.MOST_EXPORTED + 2)
    desk = browser(cast)
    desk.post("/triage/find/", {"closed": "yes"})
    refused = desk.post("/triage/export/?closed=yes")
    assert refused.status_code == 409 and "more than 10,000 records" in refused.content.decode()
    looks = Look.objects.filter(reason="exported")
    with using_role("owner"):
        assert not looks.exists()
        day = timezone.localdate() - timedelta(days=2)
    desk.post("/triage/find/", {"closed": "yes", "day": f"{day}"})
    found = desk.post(f"/triage/export/?closed=yes&day={day}")
    assert found.status_code == 200
    with using_role("owner"):
        assert looks.count() == len(found.content.decode().splitlines()) - 1 > 100
    page = desk.get("/triage/?closed=yes").content.decode()
    assert "There are more than 1,000" in page and 'data-waiting="0"' in page
