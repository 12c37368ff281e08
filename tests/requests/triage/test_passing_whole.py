"""What passes to another force passes whole; what is opened again is decided anew."""

from datetime import date

from django.utils import timezone

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from requests import actions
from requests.enums import HoldReason, NoReference, Outcome, ReopenReason
from requests.models import AccessRequest, CodewordRequest, Disposal, Hold
from requests.retention.access import open_access
from requests.retention.actions import place_hold
from requests.retention.disposal import dispose_due
from requests.retention.policies import holds
from tests.cast import Cast
from tests.requests.retention.steps import aged, ready_to_go
from tests.requests.steps import a_record_with_everything

from .desk_steps import claimed, offered
from .test_desk_pages import browser


def left(record: CodewordRequest) -> None:
    """Staff said that the person left; the receipt is still out."""
    with using_role("owner"):
        CodewordRequest.objects.filter(pk=record.pk).update(left_how="alone", left_at=timezone.now())


def test_a_record_passes_while_its_receipt_is_out(cast: Cast) -> None:
    """Accepting puts the receipt away; nothing else lets the desk do that."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    left(record)
    offer = offered(cast.officer("norfolk"), record, cast.force("cheshire").pk)
    assert browser(cast, force="cheshire").post(f"/triage/offers/{offer.pk}/accept/").status_code == 302
    with using_role("owner"):
        record.refresh_from_db()
    assert record.force_id == cast.force("cheshire").pk and record.finished_at is not None


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
