"""What the tablet's script does with what was typed when something else comes first."""

from playwright.sync_api import expect

from ani_portal.access.roles import using_role
from pharmacies.models import Sitting
from requests.enums import EntryKind
from requests.models import CodewordRequest

from .tablet import COVER, Tablet

OWN = "What they said, in their own words"


def at_words(tablet: Tablet) -> None:
    """Own words, half typed."""
    tablet.begin()
    tablet.choose("No Nothing is sent")
    tablet.at("What would they like?")
    tablet.to_words()
    tablet.page.get_by_label(OWN).fill("PLANTED half a sentence")


def boxes(tablet: Tablet) -> str:
    """What stands in that box."""
    return tablet.page.get_by_label(OWN).input_value(timeout=20_000)


def test_a_card_to_show_and_urgent_help_in_the_middle_of_a_sentence(tablet: Tablet) -> None:
    """Given words half typed; when a card is shown, they are there again; when the alarm is sent, it is one record."""
    at_words(tablet)
    tablet.choose("Help")
    tablet.page.get_by_role("button", name="Card to show").first.tap()
    tablet.page.locator(".show-card__answer").first.tap()
    expect(tablet.page.locator(".show-card input[name=answer]")).to_have_count(1, timeout=20_000)
    tablet.follow("Back")
    assert boxes(tablet) == "PLANTED half a sentence"
    tablet.choose("Urgent help")
    tablet.choose("Send to the police desk")
    tablet.at("Has 999 been rung?")
    with using_role("owner"):
        record = CodewordRequest.objects.get()  # one, not a second beside it
        assert record.alerted_at is not None
    tablet.choose("Cover")
    tablet.at(COVER)


def test_a_turn_that_ended_gives_back_what_was_typed(tablet: Tablet) -> None:
    """Given a turn that ended behind the screen; when words are sent and the PIN is given again; then they are there."""
    at_words(tablet)
    with using_role("owner"):
        Sitting.objects.all().delete()
    tablet.choose("Save and send")
    tablet.at("This is no longer open here")
    tablet.choose("To the start")
    tablet.at(COVER)
    tablet.begin()
    tablet.choose("Person A")
    tablet.at("In their own words")
    assert boxes(tablet) == "PLANTED half a sentence"
    with using_role("owner"):
        assert not CodewordRequest.objects.get().entries.filter(kind=EntryKind.OWN_WORDS).exists()


def test_urgent_help_opens_without_a_network(tablet: Tablet) -> None:
    """Given a tablet that has kept its pages; when the network is gone; then the 999 words open, and the alarm waits."""
    page = tablet.page
    for _second in range(40):
        if page.evaluate("navigator.serviceWorker.controller && caches.match('/counter/urgent/').then(Boolean)"):
            break
        page.wait_for_timeout(500)
    page.context.set_offline(True)
    tablet.choose("Urgent help")
    tablet.at("Ring 999 now")
    tablet.choose("Send to the police desk")
    expect(page.locator("[data-not-sent]")).to_be_visible(timeout=20_000)
    page.context.set_offline(False)
    tablet.at("Has 999 been rung?")
    with using_role("owner"):
        assert CodewordRequest.objects.get().alerted_at is not None
