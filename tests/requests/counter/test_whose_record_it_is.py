"""Who may add to a record without a PIN behind it, and who may decide in it."""

import pytest

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from requests import actions
from requests.enums import Danger, EntryKind, Override, Told
from tests.cast import Cast
from tests.requests.steps import started
from tests.requests.triage.desk_steps import opened
from tests.visitors import tablet

from .screen_steps import answer, begun, newest, post, words_of


def test_nobody_decides_from_a_covered_tablet(cast: Cast) -> None:
    """Given an alarm from the cover; when no turn was begun; then nobody agrees, overrides or says what is wanted."""
    by = cast.covered("norfolk")
    record = started(by, Danger.YES)
    with pytest.raises(actions.NotPossible), scoped(by.scope):
        actions.override(by=by, record=record, reason=Override.SERIOUS_HARM, told=Told.NO)
    client = tablet(cast, "norfolk")
    for step, boxes in (("wish", {"wish": "police_now"}), ("agree", {"agree": "yes"})):
        shown = answer(client, record, step, **boxes)
        assert shown.status_code == 409 and "choose your own tile" in words_of(shown)
    assert "Reference" in words_of(answer(client, record, "rung", rung="not_yet"))
    post(client, "finish", record)
    now = newest()
    assert (now.wish, now.agreed_at, now.overridden_at, now.finished_at, now.rung) == ("", None, None, None, "not_yet")
    opened(cast.officer("norfolk"), record)
    post(client, "finish", record)
    assert newest().finished_at is not None


def test_who_begins_a_turn_decides_in_an_alarm_from_the_cover_under_a_name(cast: Cast) -> None:
    """Given an alarm from the cover; when somebody types a name and goes on; then the decision bears that name."""
    record = started(cast.covered("norfolk"), Danger.YES)
    client = begun(cast, name="Locum Made-up")
    assert answer(client, record, "wish", wish="police_now").status_code == 200
    assert answer(client, record, "agree", agree="yes").status_code == 200
    with using_role("owner"):
        assert newest().agreed_at is not None
        assert record.entries.filter(kind=EntryKind.RECORDER).count() == 1


def test_a_record_under_a_typed_name_is_not_the_next_names(cast: Cast) -> None:
    """Given an unsent record of a locum; when another name is typed; then it is neither listed nor reached."""
    first = begun(cast, name="Locum Made-up")
    post(first, "answer", step="danger", danger="no")
    record = newest()
    second = begun(cast, name="Another Made-up")
    assert record.reference not in words_of(post(second, "resume"))
    assert "no longer open here" in words_of(answer(second, record, "wish", wish="police_now"))
    third = begun(cast, name="Locum Made-up")
    post(third, "answer", step="danger", danger="yes")
    alert = newest()
    fourth = begun(cast, name="Another Made-up")
    assert answer(fourth, alert, "wish", wish="support").status_code == 409
    assert post(fourth, "back", alert).status_code == 200
    assert newest().wish == "" and newest().other_back_at is not None
    assert answer(tablet(cast, "norfolk", "AB"), alert, "wish", wish="support").status_code == 200
