"""No screen leaves staff stuck, and none leads away from what they were doing."""

import json
from uuid import uuid4

import pytest

from ani_portal.access.scope import scoped
from requests import actions
from requests.counter.words import words_999
from requests.enums import Danger, Wish
from requests.policies import pharmacy_of, settings_of
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
    assert "In the police queue" in words_of(shown) and "Ring 999 now" in words_of(shown)
    assert "Has 999 been rung?" in words_of(post(client, "go", record, to="rung"))
    assert newest().pk == record.pk and newest().alerted_at is not None
    assert "PLANTED half a sentence" in words_of(post(client, "go", record, to="words"))


def test_a_paper_form_is_asked_about_before_it_can_no_longer_be_keyed_in(cast: Cast) -> None:
    """Given a printed form; when *shredded unused* is pressed; then it is asked once more, and only a yes ends it."""
    by, client = cast.recorder("norfolk"), tablet(cast, "norfolk", "AB")
    with scoped(by.scope):
        form = actions.print_form(by=by, key=uuid4())
    listed = words_of(post(client, "paper/key-in"))
    assert f"Shredded unused: {form.serial}" in listed
    assert "can no longer be keyed in" in words_of(post(client, "paper/shred", form=form.pk))
    assert form.serial in words_of(post(client, "paper/key-in"))
    post(client, "paper/shred", form=form.pk, sure="1")
    assert form.serial not in words_of(post(client, "paper/key-in"))


def test_screens_beside_the_questions_lead_back(cast: Cast) -> None:
    """Given a screen opened beside the questions; when it was opened by mistake; then a button leads back."""
    client = tablet(cast, "norfolk", "AB")
    for name in ("place", "paper/key-in", "card"):
        assert "Back" in words_of(post(client, name)).split("We are alone")[0], name
    assert "Back" in words_of(client.get("/counter/urgent/"))
    assert "Back" in words_of(post(client, "who", staff="practise"))
    record = started(cast.recorder("norfolk"), Danger.YES)
    assert "Go back" in words_of(post(client, "go", record, to="again"))
    assert "Is anyone in danger right now?" in words_of(post(client, "resume"))


def test_elsewhere_is_called_by_its_postcode_not_a_pharmacy(cast: Cast) -> None:
    """Given a tablet that is not at its pharmacy; when 999 is rung; then nothing claims that a pharmacy is there."""
    by = cast.covered("norfolk")
    with scoped(by.scope, read_only=True):
        said = words_999(pharmacy_of(by), settings_of(by), elsewhere="NR2 1LD").words
    assert any("Someone at NR2 1LD is in danger" in line for line in said)
