"""No word is read without a row of the log, and no page with an armed alarm is deaf."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from ani_portal.audit.models import AuditEntry
from requests import actions
from requests.attention import claim_ends
from requests.enums import Connected, Danger, State
from requests.models import CodewordRequest, Look
from requests.policies import force_of
from tests.cast import Cast
from tests.requests.retention.steps import closed
from tests.requests.steps import WORDS, a_record_with_everything, started

from .desk_steps import claimed, line_sent
from .test_desk_pages import at, browser, state_of


def rows_of_the_log(event: str) -> int:
    """How many there are."""
    with using_role("owner"):
        return AuditEntry.objects.filter(event=event).count()


def test_a_second_alert_is_heard_with_a_record_open(cast: Cast) -> None:
    """The record's page and the hand-over ask what waits, and get its count without a place or a reference."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    desk = browser(cast)
    ear = "/triage/rows/?only=count"
    assert f'hx-get="{ear}"' in desk.get(at(record)).content.decode()
    assert f'hx-get="{ear}"' in desk.get("/triage/hand-over/").content.decode()
    assert 'data-loud=""' in desk.get(ear).content.decode()
    second = started(cast.recorder("norfolk", "CD"), Danger.YES)
    heard = desk.get(ear).content.decode()
    assert f'data-loud="{second.pk}"' in heard and 'data-waiting="1"' in heard
    assert second.reference not in heard and "data-row" not in heard
    browser(cast, "officer4").post(at(record, "look/"), {"reason": "enquiry"})
    assert "only=count" not in browser(cast, "officer4").get(at(record)).content.decode()  # sees no queue


def test_only_who_may_work_on_it_opens_it(cast: Cast) -> None:
    """The data protection officer's look never makes the tablet say that an officer read it."""
    record = a_record_with_everything(cast, "norfolk")
    dpo = browser(cast, "officer4")
    page = dpo.get(at(record)).content.decode()
    assert "Nobody has opened this yet" in page and at(record, "open/") not in page
    assert dpo.post(at(record, "open/")).status_code == 403
    assert state_of(cast, record) == State.WAITING
    assert browser(cast).post(at(record, "open/")).status_code == 302


def test_words_in_a_refused_answer_have_their_row_of_the_log(cast: Cast) -> None:
    """A page that answers a POST is read as much as one that answers a GET."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    desk, before = browser(cast), rows_of_the_log("record.viewed")
    for path, status in (("note/", 422), ("take-over/", 409)):
        refused = desk.post(at(record, path), {})
        assert refused.status_code == status and WORDS in refused.content.decode()
        before += 1
        assert rows_of_the_log("record.viewed") == before


def test_who_answers_a_person_looks_at_the_record(cast: Cast) -> None:
    """Not before it was opened; colleagues see it; each refused answer with words in it is in the log."""
    unread = a_record_with_everything(cast, "norfolk")
    supervisor = browser(cast, "officer3")
    begin = "/triage/retention/records/{}/access/"
    refused = supervisor.post(begin.format(unread.pk))
    assert refused.status_code == 409 and "must open it first" in refused.content.decode()
    record = closed(cast)
    place = supervisor.post(begin.format(record.pk)).headers["Location"]
    with using_role("owner"):
        assert Look.objects.filter(record=record, officer__role="supervisor").count() == 1
    before = rows_of_the_log("access.read")
    page = supervisor.post(f"{place}copy/")
    assert page.status_code == 409 and WORDS in page.content.decode()
    assert rows_of_the_log("access.read") == before + 1


def test_sending_a_line_keeps_the_claim(cast: Cast) -> None:
    """Who writes to the pharmacy acts."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    line_sent(by, record)
    with scoped(by.scope):
        ends = claim_ends(CodewordRequest.objects.get(pk=record.pk), force_of(by).settings)
    assert ends is not None and ends > timezone.now() + timedelta(minutes=11)


def test_away_from_the_pharmacy_the_record_says_where(cast: Cast) -> None:
    """Loud, first, and no map reference or call-back line of a place where nobody is."""
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        record = actions.start_record(by=by, key=uuid4(), danger=Danger.YES, start=actions.Start(elsewhere="NR2 1LD"))
    claimed(cast.officer("norfolk"), record)
    desk = browser(cast)
    page = desk.get(at(record)).content.decode()
    assert "They are at NR2 1LD, not at this pharmacy." in page
    assert "Map reference" not in page and "Call-back line" not in page and "its line does not reach them" in page
    assert "NR2 1LD, NOT at the pharmacy" in desk.get("/triage/rows/").content.decode()


def test_every_kind_of_look_is_told_below_the_record(cast: Cast) -> None:
    """Opened, printed, saved in a list, found by a search, its notes read, its restricted words opened: each by name."""
    by, desk = cast.officer("norfolk"), browser(cast)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    with scoped(by.scope):
        actions.add_hand_over_note(by=by, record=record, text="made up", key=uuid4())
    recorder = cast.recorder("norfolk")
    with scoped(recorder.scope):
        actions.answer_connected(by=recorder, record=record, key=uuid4(), connected=Connected.POLICE)
    desk.get(at(record))
    assert desk.post(at(record, "restricted/"), {"reason": "made up"}).status_code == 302
    desk.get(at(record))
    desk.post(at(record, "ask-print/"), follow=True)
    assert desk.post("/triage/export/").status_code == 200
    assert desk.post("/triage/find/", {"what": record.reference}).status_code == 302
    desk.get("/triage/hand-over/")
    dpo = browser(cast, "officer4")
    dpo.post(at(record, "look/"), {"reason": "enquiry"})
    dpo.get(f"/triage/retention/records/{record.pk}/")
    told = dpo.get(at(record)).content.decode().partition("Who looked, and why")[2]
    for why in (
        "Answering it", "Looked at its page", "with the restricted words", "Opened its restricted words", "Printed it",
        "sheet for printing", "as CSV", "Found it by a search", "on the hand-over sheet", "An enquiry about it",
        "how long it is kept",
    ):  # fmt: skip
        assert why in told, why
    assert "Officer 1" in told and "Officer 4" in told and "made up" not in told


def test_nobody_pushes_their_look_off_the_list(cast: Cast) -> None:
    """Looking again and again, or saving the record in list after list, hides nothing that was done before."""
    by, desk = cast.officer("norfolk"), browser(cast)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    recorder = cast.recorder("norfolk")
    with scoped(recorder.scope):
        actions.answer_connected(by=recorder, record=record, key=uuid4(), connected=Connected.POLICE)
    assert desk.post(at(record, "restricted/"), {"reason": "made up"}).status_code == 302
    desk.get(at(record))
    with scoped(by.scope):
        for _again in range(500):
            actions.note_view(by=by, record=record)
            actions.export(by=by, records=[record])
    told = desk.get(at(record)).content.decode().partition("Who looked, and why")[2]
    for why in ("Answering it", "Opened its restricted words", "502 times that day", "500 times that day"):
        assert why in told, why
    assert "Looked at its page, with the restricted words" in told


def test_printing_or_saving_a_list_gives_no_reason_to_read(cast: Cast) -> None:
    """Whoever was never asked why is asked, by whatever way they come."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    other = browser(cast, "officer2")
    assert other.post("/triage/export/").status_code == 200
    paper = other.post(at(record, "ask-print/"), follow=True).content.decode()
    assert WORDS not in paper and "Why do you look at it?" in paper
    assert WORDS not in other.get(at(record)).content.decode()
