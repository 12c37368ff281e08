"""What passes to another force passes whole; what is opened again is decided anew."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import Officer
from requests import actions
from requests.clocks import run
from requests.enums import Connected, HoldReason, NoReference, Outcome, ReopenReason
from requests.models import AccessRequest, Attempt, CodewordRequest, Disposal, Entry, Hold, Notice, Offer
from requests.retention.access import open_access
from requests.retention.actions import place_hold
from requests.retention.disposal import dispose_due
from requests.retention.policies import holds
from tests.cast import Cast
from tests.requests.retention.steps import aged, ready_to_go
from tests.requests.steps import a_record_with_everything

from .desk_steps import armed, claimed, offered
from .test_desk_pages import browser


def left(record: CodewordRequest) -> None:
    """Staff said that the person left; the receipt is still out."""
    with using_role("owner"):
        CodewordRequest.objects.filter(pk=record.pk).update(left_how="alone", left_at=timezone.now())


def test_an_offers_clock_stands_before_it_runs(cast: Cast) -> None:
    """On the sender's queue and on the receiver's, as a record's own clock does."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    left(record)
    offered(cast.officer("norfolk"), record, cast.force("cheshire").pk)
    for force, clocks in (("norfolk", 2), ("cheshire", 1)):
        page = browser(cast, "officer1", force).get("/triage/").content.decode()
        assert len(re.findall(r"<time data-clock-since=\S+>\d\d:\d\d</time>", page)) == clocks, force
        assert page.count("data-clock-since") == clocks


def test_a_record_passes_while_its_receipt_is_out(cast: Cast) -> None:
    """Accepting puts the receipt away; nothing else lets the desk do that."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    left(record)
    offer = offered(cast.officer("norfolk"), record, cast.force("cheshire").pk)
    assert browser(cast, force="cheshire").post(f"/triage/offers/{offer.pk}/accept/").status_code == 302
    with using_role("owner"):
        record.refresh_from_db()
    assert record.force_id == cast.force("cheshire").pk and record.finished_at is not None


def test_a_page_that_is_open_while_its_record_passes(cast: Cast) -> None:
    """It says that it is there every few seconds: found before it passed, written after, that is refused in words."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    left(record)
    offer, desk = offered(by, record, cast.force("cheshire").pk), browser(cast)
    assert desk.post(f"/triage/records/{record.pk}/present/").status_code == 204
    assert browser(cast, force="cheshire").post(f"/triage/offers/{offer.pk}/accept/").status_code == 302
    with scoped(by.scope), pytest.raises(actions.Gone):
        actions.be_present(by=by, record=record)
    assert desk.post(f"/triage/records/{record.pk}/present/").status_code == 404


def test_what_keeps_a_record_goes_with_it(cast: Cast) -> None:
    """The hold is the receiver's and stops its disposal; the sender's answer to a person and its number's mark end."""
    by, dpo = cast.officer("norfolk"), cast.officer("norfolk", 4)
    receiver, theirs = cast.officer("cheshire"), cast.officer("cheshire", 4)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    left(record)
    with scoped(dpo.scope):
        place_hold(by=dpo, record=record, reason=HoldReason.PROCEEDINGS, review_on=date(2028, 1, 1))
        open_access(by=dpo, record=record)
        actions.remember_phone(by=dpo, record=record, number="01632 960 001")
    offer = offered(by, record, receiver.force_id)
    with scoped(receiver.scope):
        actions.accept(by=receiver, offer=offer)
    with scoped(theirs.scope):
        assert {hold.reason for hold in holds(theirs)} == {HoldReason.PROCEEDINGS, HoldReason.SUBJECT_ACCESS}
        assert open_access(by=theirs, record=record).opened_by_id != offer.offered_by_id
    with using_role("owner"):
        assert not Hold.objects.filter(record=record, force_id=by.force_id).exists()
        assert not AccessRequest.objects.filter(record=record, force_id=by.force_id).exists()
    with scoped(theirs.scope):
        assert list(actions.records_with_phone(by=theirs, number="01632 960 001")) == []


def test_an_offer_that_nobody_answers_comes_back_and_alarms(cast: Cast) -> None:
    """After the force's limit: the supervisor and who offered it are told, the clock never stopped, it can be offered anew;
    and it cannot be accepted any more."""
    by, theirs = cast.officer("norfolk"), cast.officer("cheshire")
    armed(by)
    armed(theirs)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    left(record)
    offer = offered(by, record, theirs.force_id)
    run(now=timezone.now())
    with using_role("owner"):
        offer.refresh_from_db()
        assert offer.state == "open"
        Offer.objects.filter(pk=offer.pk).update(offered_at=timezone.now() - timedelta(minutes=31))
    run(now=timezone.now())
    run(now=timezone.now())
    with using_role("owner"):
        offer.refresh_from_db()
        now = CodewordRequest.objects.get(pk=record.pk)
        assert offer.state == "timed_out" and now.released_at == record.released_at
        assert (now.force_id, now.claimed_by_id) == (by.force_id, record.claimed_by_id)
        assert set(Attempt.objects.filter(record=record, kind="offer").values_list("channel", "force_id")) == {
            ("screen", by.force_id), ("mail", by.force_id),
        }  # fmt: skip
        assert Notice.objects.get(record=record).kind == "timed_out"
    assert "Nobody answered your offer in time" in browser(cast).get("/triage/rows/").content.decode()
    assert "An offer was not answered" in browser(cast, "officer3").get("/triage/rows/").content.decode()
    assert browser(cast, force="cheshire").post(f"/triage/offers/{offer.pk}/accept/").status_code == 409
    assert offered(by, record, theirs.force_id).pk != offer.pk


def test_restricted_words_pass_to_the_named_officers_of_the_other_force(cast: Cast) -> None:
    """Offered: nobody there reads a word. Accepted: its named officers do, and the sender's no longer."""
    by, theirs, named = cast.officer("norfolk"), cast.officer("cheshire"), cast.officer("cheshire", 2)
    record, recorder = claimed(by, a_record_with_everything(cast, "norfolk")), cast.recorder("norfolk")
    with scoped(recorder.scope):
        actions.answer_connected(by=recorder, record=record, key=uuid4(), connected=Connected.POLICE)
    with using_role("owner"):
        Officer.objects.filter(pk__in=[named.actor.id, cast.officer("norfolk", 2).actor.id]).update(conflict=True)
    left(record)

    def reads(who: Principal) -> bool:
        with scoped(who.scope):
            return Entry.objects.filter(record=record, level="words").exists()

    assert (reads(cast.officer("norfolk", 2)), reads(named), reads(theirs)) == (True, False, False)
    offer = offered(by, record, theirs.force_id)
    page = browser(cast, "officer2", "cheshire").get("/triage/").content.decode()
    assert "PLANTED" not in page and not reads(named)
    with scoped(theirs.scope):
        actions.accept(by=theirs, offer=offer)
    assert (reads(cast.officer("norfolk", 2)), reads(named), reads(theirs)) == (False, True, False)
    page = browser(cast, force="cheshire").get(f"/triage/records/{record.pk}/").content.decode()
    assert "Restricted" in page and "PLANTED" not in page and "Boots" in page


def test_an_approved_disposal_ends_when_the_record_is_opened_again(cast: Cast) -> None:
    """However long ago it is closed the second time; and the database sees by itself that it was closed anew."""
    record, disposal = ready_to_go(cast)
    by = cast.officer("norfolk")
    with scoped(by.scope):
        actions.reopen(by=by, record=record, reason=ReopenReason.NEW_WORDS)
        actions.close(
            by=by, record=record, outcome=Outcome.ATTENDED, risk_looked_at=True, no_reference=NoReference.DRILL
        )
    assert dispose_due(now=timezone.now()).done == 0
    with using_role("owner"):
        disposal.refresh_from_db()
        assert disposal.cancelled_by_id is not None
        Disposal.objects.filter(pk=disposal.pk).update(cancelled_at=None, cancelled_by=None)
    left_alone = dispose_due(now=timezone.now())
    assert left_alone.left == {"It was open again after its disposal was asked for. Ask anew.": 1}
    aged(record)
    assert dispose_due(now=timezone.now()).done == 1
