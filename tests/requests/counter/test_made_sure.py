"""An alarm reported as a mistake stays until police made sure of it; both sides see how they did."""

import pytest
from django.db import IntegrityError

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from requests import actions
from requests.circumstances import circumstances
from requests.enums import Danger, MadeSure, NoReference, Outcome, StepKind
from requests.models import CodewordRequest, PoliceStep
from tests.cast import Cast
from tests.requests.steps import started
from tests.requests.triage.desk_steps import claimed, closed, numbered
from tests.visitors import desk

from .screen_steps import answer, begun, newest, post, words_of


def reported(cast: Cast) -> CodewordRequest:
    """An alarm that staff report as a mistake, claimed by an officer."""
    record = started(cast.recorder("norfolk"), Danger.YES)
    client = begun(cast)
    assert "The alarm stays until" in words_of(answer(client, record, "mistaken"))
    return claimed(cast.officer("norfolk"), newest())


@pytest.mark.parametrize("outcome", list(Outcome))
def test_it_is_not_closed_before(cast: Cast, outcome: Outcome) -> None:
    """Given an alarm reported as a mistake; when it is closed, however, without making sure; then it stays."""
    record = reported(cast)
    with pytest.raises(actions.NotPossible, match="made to"):
        closed(cast.officer("norfolk"), record, outcome)
    assert newest().state == "claimed" and newest().attention == 1


def test_both_sides_see_how_it_was_made_sure_of(cast: Cast) -> None:
    """Given such an alarm; when the officer rang the registered line; then desk and tablet say so, and it can be closed."""
    record, by = reported(cast), cast.officer("norfolk")
    assert any("make sure" in mark for mark in circumstances(record))
    page = desk(cast, "norfolk")
    shown = page.get(f"/triage/records/{record.pk}/").content.decode()
    assert "They can have been made to." in shown and cast.pharmacy("norfolk").phone in shown
    missing = page.post(f"/triage/records/{record.pk}/made-sure/", {})
    assert missing.status_code == 422 and "Say how you made sure." in missing.content.decode()
    assert page.post(f"/triage/records/{record.pk}/made-sure/", {"how": "line"}).status_code == 302
    assert any("made sure of" in mark for mark in circumstances(newest()))
    with scoped(by.scope, read_only=True):
        step = PoliceStep.objects.get(record=record, kind=StepKind.MADE_SURE)
        assert (step.code, str(step.officer_id)) == ("line", by.actor.id)
    assert "on this pharmacy’s registered line, that it was a mistake" in words_of(post(begun(cast), "receipt", record))
    closed(by, record, Outcome.MISTAKE)
    assert newest().state == "closed"


def test_a_report_after_it_needs_it_again_and_nobody_else_may_say_so(cast: Cast) -> None:
    """Given an officer who made sure; when staff report it afterwards, it is asked again; the tablet never says it."""
    record = claimed(cast.officer("norfolk"), started(cast.recorder("norfolk"), Danger.YES))
    by = cast.officer("norfolk")
    numbered(by, record)
    with scoped(by.scope), pytest.raises(actions.NotPossible, match="made to"):
        actions.close(
            by=by, record=record, outcome=Outcome.NOTHING_FURTHER, risk_looked_at=True,
            no_reference=NoReference.MISTAKE,
        )  # fmt: skip
    with scoped(by.scope):
        actions.make_sure(by=by, record=record, how=MadeSure.ATTENDED)
    assert "in person, that it was a mistake" in words_of(post(begun(cast), "receipt", record))
    answer(begun(cast), record, "mistaken")
    assert actions.must_make_sure(newest())
    tablet = cast.recorder("norfolk")
    with pytest.raises(IntegrityError, match="not for the tablet"), scoped(tablet.scope):
        CodewordRequest.objects.filter(pk=record.pk).update(made_sure_how="line")
    with using_role("owner"), pytest.raises(IntegrityError, match="record_mistake_is_made_sure_of"):
        CodewordRequest.objects.filter(pk=record.pk).update(
            state="closed", closed_at=record.started_at, closed_by=record.claimed_by_id, outcome="mistake"
        )
