"""Two records that may be one person: suggested, linked, taken apart in one click, and never closed without a look."""

from datetime import timedelta
from uuid import uuid4

from ani_portal.access.scope import scoped
from ani_portal.engine.server import Engine
from requests import actions
from requests.enums import Connected, State, Wish
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything, wished
from tests.visitors import started_at

from .desk_steps import claimed, graded
from .test_desk_pages import at, browser

NUMBER = "01632 960 001"


def with_number(cast: Cast, record: CodewordRequest, number: str = NUMBER, force: str = "norfolk") -> CodewordRequest:
    """The person gave a number."""
    by = cast.recorder(force)
    with scoped(by.scope):
        assert actions.remember_phone(by=by, record=record, number=number)
    return record


def suggested(cast: Cast, record: CodewordRequest) -> dict[str, str]:
    """What the desk suggests for a record: by reference, and why."""
    by = cast.officer("norfolk")
    with scoped(by.scope):
        found = actions.suggestions(CodewordRequest.objects.get(pk=record.pk))
        return {one.other.reference: one.why for one in found}


def test_the_same_phone_or_the_same_pharmacy_within_the_hour(cast: Cast, engine: Engine, database: str) -> None:
    """Each with why; hours later at the same pharmacy, another number, another force: not."""
    now = claimed(cast.officer("norfolk"), with_number(cast, a_record_with_everything(cast, "norfolk")))
    near = a_record_with_everything(cast, "norfolk")
    early = a_record_with_everything(cast, "norfolk")
    old = with_number(cast, a_record_with_everything(cast, "norfolk"), "+44 1632 960001")
    other = with_number(cast, a_record_with_everything(cast, "norfolk"), "01632 960 002")
    with_number(cast, a_record_with_everything(cast, "cheshire"), force="cheshire")
    for record, hours in ((early, 3), (old, 72), (other, 72)):
        started_at(engine, database, record.pk, now.started_at - timedelta(hours=hours))
    assert suggested(cast, now) == {
        near.reference: "the same pharmacy within the hour",
        old.reference: "the same phone number",
    }


def test_a_number_that_is_withheld_suggests_nothing(cast: Cast, engine: Engine, database: str) -> None:
    """Words that are restricted or withheld do not tell through a suggestion that a number is the same."""
    now = claimed(cast.officer("norfolk"), with_number(cast, a_record_with_everything(cast, "norfolk")))
    old = with_number(cast, a_record_with_everything(cast, "norfolk"))
    started_at(engine, database, old.pk, now.started_at - timedelta(days=3))
    assert suggested(cast, now) == {old.reference: "the same phone number"}
    by = cast.recorder("norfolk")
    with scoped(by.scope):
        actions.answer_connected(by=by, record=old, key=uuid4(), connected=Connected.POLICE)
    assert suggested(cast, now) == {} and suggested(cast, old) == {}
    wished(by, now, Wish.SUPPORT)
    assert suggested(cast, now) == {}


def test_linked_stays_two_and_unlinks_in_one_click(cast: Cast) -> None:
    """Both records stay as they are; the suggestion goes and comes back."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    other = a_record_with_everything(cast, "norfolk")
    desk = browser(cast)
    page = desk.get(at(record)).content.decode()
    assert "The same person?" in page and "the same pharmacy within the hour" in page
    assert desk.post(at(record, "link/"), {"other": str(other.pk)}).status_code == 302
    page = desk.get(at(record)).content.decode()
    assert "data-suggested" not in page and other.reference in page
    link = page.split('name="link" value="')[1].split('"')[0]
    assert desk.post(at(record, "unlink/"), {"link": link}).status_code == 302
    assert "data-suggested" in desk.get(at(record)).content.decode()
    by = cast.officer("norfolk")
    with scoped(by.scope):
        assert CodewordRequest.objects.get(pk=other.pk).state == State.WAITING


def test_a_duplicate_is_closed_after_a_fresh_look_at_the_risk(cast: Cast) -> None:
    """A tick is not enough: one of the two is graded again after they were linked. A grade from before does not do."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    other = claimed(by, a_record_with_everything(cast, "norfolk"))
    graded(by, record)
    desk = browser(cast)
    whole = {"close-outcome": "nothing_further", "close-no_reference": "duplicate", "close-risk_looked_at": "on"}
    refused = desk.post(at(record, "close/"), whole)
    assert refused.status_code == 409 and "Link it first" in refused.content.decode()
    with scoped(by.scope):
        actions.link(by=by, record=record, other=other)
    refused = desk.post(at(record, "close/"), whole)
    assert refused.status_code == 409 and "again first: now that both are known" in refused.content.decode()
    graded(by, other, "A")
    assert desk.post(at(record, "close/"), whole | {"close-risk_looked_at": ""}).status_code == 422
    assert desk.post(at(record, "close/"), whole).status_code == 302
    with scoped(by.scope):
        assert CodewordRequest.objects.get(pk=other.pk).state == State.CLAIMED
