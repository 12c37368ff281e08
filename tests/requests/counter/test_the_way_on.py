"""No screen leaves staff stuck, and none leads away from what they were doing."""

import json
from uuid import uuid4

import pytest

from requests.enums import Wish
from tests.cast import Cast
from tests.requests.steps import agreed, started, wished
from tests.requests.triage.desk_steps import claimed, closed
from tests.visitors import tablet

from .screen_steps import answer, newest, post, words_of


def test_police_close_while_questions_are_asked(cast: Cast) -> None:
    """Given a record that police close early; when the next answer is sent, or it is taken up again; then its receipt."""
    by, officer = cast.recorder("norfolk"), cast.officer("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_NOW))
    client = tablet(cast, "norfolk", "AB")
    assert answer(client, record, "connected", connected="no").status_code == 200
    claimed(officer, record)
    closed(officer, record)
    shown = answer(client, record, "contact", ring="safe")
    assert shown.status_code == 409
    assert "was not sent" in words_of(shown) and "Finish and cover" in words_of(shown)
    assert "Finish and cover" in words_of(post(client, "resume", record))


@pytest.mark.parametrize("wish", [Wish.SUPPORT, Wish.POLICE_LATER])
def test_they_can_change_their_mind_on_every_screen_that_says_what_they_want(cast: Cast, wish: Wish) -> None:
    """Given *support only*, or an agreement; when they think again; then receipt and support lead back to the choice."""
    by = cast.recorder("norfolk")
    record = wished(by, started(by), wish)
    if wish == Wish.POLICE_LATER:
        agreed(by, record)
    client = tablet(cast, "norfolk", "AB")
    for screen in (post(client, "receipt", record), post(client, "go", record, to="support")):
        assert "They have changed their mind" in words_of(screen)
    assert "What would they like?" in words_of(post(client, "go", record, to="wish"))


def test_urgent_help_inside_a_record_is_that_record_and_keeps_what_was_typed(cast: Cast) -> None:
    """Given words half typed; when *Urgent help* is sent from there; then one record, alerted, and the words kept."""
    by = cast.recorder("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_LATER))
    client = tablet(cast, "norfolk", "AB")
    typed = json.dumps([["own_words", "PLANTED half a sentence"]])
    shown = post(client, "send", record, step="words", draft=typed, draft_key=str(uuid4()))
    assert "Has 999 been rung?" in words_of(shown)
    assert newest().pk == record.pk and newest().alerted_at is not None
    assert "PLANTED half a sentence" in words_of(post(client, "go", record, to="words"))
