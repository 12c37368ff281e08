"""The page never moves under the finger, and no tap lands on what has just come there."""

from typing import Any

from playwright.sync_api import Page, expect

from ani_portal.access.roles import using_role
from requests.models import Watch
from tests.cast import Cast
from tests.requests.triage.desk_steps import line_sent, opened

from .tablet import DANGER, Tablet
from .test_journey import the_record

LIVE = "[data-live]"


def top_of(page: Page, answer: str) -> float:
    """Where an answer stands, in pixels from the top of the screen."""
    box = page.get_by_role("button", name=answer).first.bounding_box()
    assert box is not None
    return box["y"]


def middle_of(page: Page, answer: str) -> tuple[float, float]:
    """Where a thumb would touch it."""
    box = page.get_by_role("button", name=answer).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_what_changes_by_itself_does_not_move_the_answers(tablet: Tablet, cast: Cast) -> None:
    """Given a question on the screen; when the desk is left, and later when police read it; then no answer moves."""
    tablet.begin()
    tablet.at(DANGER)
    tablet.sees("The police desk is watched now.")
    before = top_of(tablet.page, "Yes, now")
    with using_role("owner"):
        Watch.objects.all().delete()
    tablet.sees("No officer is watching now.")
    assert top_of(tablet.page, "Yes, now") == before
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    tablet.sees("Nobody has read it yet.")
    tablet.sees("No officer is watching now.")
    before = top_of(tablet.page, "By me")
    opened(cast.officer("norfolk"), the_record())
    tablet.sees("Read by an officer at")
    assert top_of(tablet.page, "By me") == before


def test_a_tap_on_what_has_just_moved_there_does_nothing(tablet: Tablet, cast: Cast) -> None:
    """Given answers that a line from police pushes down; when the finger lands at once; then nothing was answered."""
    tablet.alert()
    tablet.still()
    opened(cast.officer("norfolk"), the_record())
    tablet.sees("Read by an officer at")
    line_sent(cast.officer("norfolk"), the_record())
    tablet.page.wait_for_selector("html[data-settling]", state="attached")
    x, y = middle_of(tablet.page, "By them")
    tablet.page.touchscreen.tap(x, y)
    tablet.sees("Police say")
    tablet.page.wait_for_timeout(800)
    tablet.at("Has 999 been rung?")
    assert the_record().rung == ""
    tablet.page.touchscreen.tap(*middle_of(tablet.page, "By them"))
    tablet.at("Reference")
    assert the_record().rung == "by_them"


def test_nothing_moves_while_the_finger_is_down(tablet: Tablet, cast: Cast) -> None:
    """Given a finger on the glass; when police send a line; then it appears when the finger is lifted, not before."""
    tablet.alert()
    tablet.still()
    opened(cast.officer("norfolk"), the_record())
    tablet.sees("Read by an officer at")
    x, y = middle_of(tablet.page, "By me")
    session = tablet.context.new_cdp_session(tablet.page)

    def finger(kind: str, *points: dict[str, Any]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    finger("touchStart", {"x": x, "y": y})
    line_sent(cast.officer("norfolk"), the_record())
    tablet.page.wait_for_timeout(1500)
    expect(tablet.page.get_by_text("Police say")).to_have_count(0)
    finger("touchMove", {"x": x, "y": y + 200})  # it was not meant as a tap
    finger("touchEnd")
    tablet.sees("Police say")
    assert the_record().rung == ""


def test_a_shaking_hand_answers_one_question(tablet: Tablet) -> None:
    """Given the first question; when an answer is touched three times in a row; then only that question is answered."""
    tablet.begin()
    tablet.still()
    x, y = middle_of(tablet.page, "Yes, now")
    for wait in (0, 150, 150):
        tablet.page.wait_for_timeout(wait)
        tablet.page.touchscreen.tap(x, y)
    tablet.at("Has 999 been rung?")
    tablet.page.wait_for_timeout(500)
    tablet.at("Has 999 been rung?")
    assert the_record().rung == ""
