"""What is held about a person: reviewed, masked, cleared by the data protection officer, taken out. Never sent."""

from datetime import UTC, datetime

import pytest
from django.db import connections

from ani_portal.access.scope import scoped
from requests import actions
from requests.actions import NotPossible
from requests.enums import HoldReason
from requests.models import CodewordRequest, Hold
from requests.retention import access as acts
from requests.retention.disposal import dispose_due
from tests.cast import Cast
from tests.requests.steps import WORDS

from .steps import closed, ready_to_go


def test_a_copy_is_masked_and_waits_for_the_officer(cast: Cast) -> None:
    """The flag is up by default and blocks; every entry must be reviewed; a change puts it up again."""
    supervisor, dpo = cast.officer("norfolk", 3), cast.officer("norfolk", 4)
    record = closed(cast)
    with scoped(supervisor.scope):
        access = acts.open_access(by=supervisor, record=record)
        assert access.needs_officer
        assert acts.open_access(by=supervisor, record=record).pk == access.pk
        assert Hold.objects.get(record=record).reason == HoldReason.SUBJECT_ACCESS
        lines = acts.review(access)
        assert len(lines) == 3 and all(line.masked is None for line in lines)
        with pytest.raises(NotPossible, match="data protection officer"):
            acts.copy(access)
    with pytest.raises(NotPossible, match="not reviewed"), scoped(dpo.scope):
        acts.clear(by=dpo, access=access)
    rung, words, reason = lines
    with scoped(supervisor.scope):
        acts.mask_entry(by=supervisor, access=access, entry=rung.entry, marked="", left_out=True)
        acts.mask_entry(by=supervisor, access=access, entry=reason.entry, marked="", left_out=True)
        marked = words.text.replace("he has taken", "[[he has taken]]")
        acts.mask_entry(by=supervisor, access=access, entry=words.entry, marked=marked, left_out=False)
    with scoped(dpo.scope):
        acts.clear(by=dpo, access=access)
    with scoped(supervisor.scope):
        access.refresh_from_db()
        (only,) = acts.copy(access)
        assert only.masked is not None and "█████ my keys" in only.masked and "taken" not in only.masked
        assert "he has taken" in acts.review(access)[1].text  # the original is as it was
        acts.mask_entry(by=supervisor, access=access, entry=words.entry, marked=words.text, left_out=False)
        access.refresh_from_db()
        with pytest.raises(NotPossible):
            acts.copy(access)


@pytest.mark.parametrize("marked", ["other words", "PLANTED", "[[", "]] he [["])
def test_a_copy_cannot_say_what_was_not_said(marked: str) -> None:
    """Marks only: not a word more, less or other; and each mark has its end."""
    with pytest.raises(NotPossible):
        acts.masked_text("he said so", marked)


def test_marks_in_order() -> None:
    """What is between them is gone, over lines too."""
    assert acts.masked_text("a b\nc d", "a [[b\nc]] d") == "a █████ d"
    with pytest.raises(NotPossible):
        acts.masked_text("a b", "a ]]b[[")


def test_who_asks_keeps_the_original_from_disposal(cast: Cast) -> None:
    """A disposal already approved stops."""
    record, _disposal = ready_to_go(cast)
    dpo = cast.officer("norfolk", 4)
    with scoped(dpo.scope):
        acts.open_access(by=dpo, record=record)
    assert dispose_due(now=datetime.now(UTC)).done == 0


def test_a_copy_without_the_restricted_words_is_neither_cleared_nor_taken_out(cast: Cast) -> None:
    """Who cannot read them would not know that they are missing; having opened them, with a reason, they can."""
    dpo = cast.officer("norfolk", 4)
    record = closed(cast)
    with connections["owner"].cursor() as cursor:
        cursor.execute("update requests_codewordrequest set restricted_at = now() where id = %s", [record.pk])
    with scoped(dpo.scope):
        access = acts.open_access(by=dpo, record=CodewordRequest.objects.get(pk=record.pk))
        assert acts.hides_words(access)
        for line in acts.review(access):
            acts.mask_entry(by=dpo, access=access, entry=line.entry, marked=line.text, left_out=False)
    with pytest.raises(NotPossible, match="restricted"), scoped(dpo.scope):
        acts.clear(by=dpo, access=access)
    with scoped(dpo.scope):
        actions.break_glass(by=dpo, record=CodewordRequest.objects.get(pk=record.pk), reason="A made-up reason")
    with scoped(dpo.scope):
        for line in acts.review(access):
            acts.mask_entry(by=dpo, access=access, entry=line.entry, marked=line.text, left_out=False)
        acts.clear(by=dpo, access=access)
        access.refresh_from_db()
        assert any(WORDS in (line.masked or "") for line in acts.export(by=dpo, access=access))
    supervisor = cast.officer("norfolk", 1)
    with pytest.raises(NotPossible, match="restricted"), scoped(supervisor.scope):
        acts.export(by=supervisor, access=access)
