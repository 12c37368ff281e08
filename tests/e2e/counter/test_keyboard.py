"""Every path by the keyboard alone: Tab, arrows, Space and Enter, and what is typed."""

import re

import pytest
from playwright.sync_api import Browser, expect

from ani_portal.access.roles import using_role
from requests.models import CodewordRequest
from tests.cast import PIN, Cast
from tests.e2e.server import Server

from .tablet import COVER, DANGER, Tablet
from .test_journey import read_by_police, the_record


@pytest.fixture
def tablet(browser: Browser, server: Server, watched: None) -> Tablet:
    """Norfolk's tablet with a keyboard, whose glass is broken: a tap would be an error."""
    found = Tablet(browser, server, "norfolk tablet", keyboard=True)
    found.page.evaluate("addEventListener('pointerdown', () => { document.title = 'touched' }, true)")
    return found


def begin(tablet: Tablet) -> None:
    """Tile and PIN."""
    tablet.choose("AB")
    tablet.write("PIN", PIN)
    tablet.choose("Continue")
    tablet.page.locator("h1").filter(has_not_text="PIN").first.wait_for()


def test_alarm_mistake_and_cover(tablet: Tablet) -> None:
    """The alarm, reporting it as a mistake, putting the cover up and coming back."""
    tablet.alert()
    tablet.choose("The alarm was a mistake")
    tablet.at("The alarm was a mistake")
    tablet.choose("Report it as a mistake")
    tablet.at("Reference")
    tablet.choose("Cover", exact=True)
    tablet.at(COVER)
    begin(tablet)
    tablet.choose("Person A")
    tablet.at("Reference")
    tablet.choose("999 has been rung")
    tablet.pick("rung", "by_me")
    tablet.choose("Save and send")
    tablet.at("Reference")
    assert the_record().rung == "by_me" and the_record().reported_mistake_at is not None
    assert tablet.page.title() != "touched"


def test_override_under_16_and_words_kept_under_the_cover(tablet: Tablet, cast: Cast) -> None:
    """The whole journey with an overriding reason; half a sentence under the cover and back again."""
    begin(tablet)
    tablet.choose("Not sure")
    tablet.at("What would they like?")
    tablet.follow("They are under 16")
    tablet.at("Under 16")
    tablet.follow("Back")
    tablet.choose("Support, not the police")
    tablet.at("Support for them")
    tablet.choose("Somebody could be seriously hurt")
    tablet.at("Must police be told")
    tablet.pick("reason", "child_at_risk")
    tablet.pick("told", "no")
    tablet.choose("Tell police without their agreement")
    tablet.at("connected with the person")
    tablet.choose("Not known")
    tablet.at("How may they be reached?")
    tablet.pick("email", "safe")
    tablet.write("The safe address", "made-up@example.org")
    tablet.choose("Continue")
    tablet.at("Where are they")
    tablet.pick("place", "room")
    tablet.choose("Continue")
    tablet.at("In their own words")
    tablet.write("What they said, in their own words", "PLANTED half")
    tablet.choose("Cover", exact=True)
    tablet.at(COVER)
    begin(tablet)
    tablet.choose("Person A")
    tablet.at("In their own words")
    tablet.write("Only what you saw", "PLANTED seen")
    tablet.choose("Save and send")
    tablet.at("What you were told")
    tablet.pick("about", "injury")
    tablet.pick("young", "yes")
    tablet.choose("Continue")
    tablet.at("Under 16")
    tablet.choose("Continue")
    tablet.at("Support for them")
    tablet.choose("Continue")
    tablet.at("Reference")
    said = read_by_police(cast)
    assert said["own_words"] == "PLANTED half" and said["observed"] == "PLANTED seen" and "injury" in said["told"]
    assert "made-up@example.org" in said["safe_contact"] and the_record().override_reason == "child_at_risk"
    tablet.choose("They have left")
    tablet.choose("Alone")
    tablet.at("Reference")
    tablet.choose("Finish and cover")
    tablet.at(COVER)
    assert tablet.page.title() != "touched"


def test_help_card_not_here_drill_and_paper(tablet: Tablet) -> None:
    """Help and its parts, the card, another place, a drill, a paper form keyed in, asked by mistake."""
    tablet.choose("Help")
    tablet.at("Help")
    tablet.follow("No room free")
    expect(tablet.page.get_by_role("heading", name="No room free")).to_be_focused()
    tablet.choose("Card to show: English")
    for answer in ("Yes", "No", "Yes"):
        tablet.choose(answer, exact=True)
        expect(tablet.page.locator("[aria-busy=true]")).to_have_count(0, timeout=20_000)
    tablet.at("Thank you")
    tablet.choose("Help")
    tablet.at("Help")
    tablet.follow("Paper form")
    tablet.at("Paper form")
    with tablet.context.expect_page() as opened:
        tablet.choose("Print one form")
    serial = opened.value.locator(".serial").inner_text()
    opened.value.close()
    tablet.follow("Back")  # to the card, from which the help was opened
    tablet.at("Thank you")
    tablet.follow("Back")
    tablet.at(COVER)
    begin(tablet)
    tablet.choose("Not here")
    tablet.at("Where are you?")
    tablet.write("Where are you?", "nowhere at all")
    tablet.choose("Continue")
    tablet.sees("That is no whole postcode")
    tablet.choose("Back")
    tablet.at(DANGER)
    tablet.choose("Key in a paper form")
    tablet.write("Number from its top right corner", serial)
    tablet.write("The day it happened", "01022026")
    tablet.write("The time", "1405")
    tablet.choose("Continue")
    tablet.at("What would they like?")
    assert re.fullmatch(r"P-\w{3}-\w{3}", the_record().paper_serial)
    tablet.choose("They asked by mistake")
    tablet.at("Nothing was kept")
    tablet.choose("Finish and cover")
    tablet.at(COVER)
    tablet.choose("Practise")
    tablet.at("Practise")
    begin(tablet)
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    with using_role("owner"):
        assert CodewordRequest.objects.latest("started_at").is_drill
    assert tablet.page.title() != "touched"
