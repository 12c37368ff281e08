"""The cover: refreshes itself, goes up by itself, loses nothing."""

from datetime import timedelta

from playwright.sync_api import expect

from ani_portal.access.roles import using_role
from requests.models import CodewordRequest, Watch
from tests.cast import Cast
from tests.requests.triage.desk_steps import line_sent, opened

from .conftest import settings_become
from .tablet import COVER, DANGER, Tablet


def the_record() -> CodewordRequest:
    """The only record there is."""
    with using_role("owner"):
        return CodewordRequest.objects.get()


def test_a_covered_tablet_hears_that_it_was_read_and_what_police_say(tablet: Tablet, cast: Cast) -> None:
    """Given an alert and a cover that nobody touches; when an officer opens it; then the cover says so by itself."""
    tablet.alert()
    tablet.choose("Cover")
    tablet.at(COVER)
    tablet.sees("not read yet")
    expect(tablet.page.locator("[data-live][data-awake]")).to_have_count(1)
    # Held, by the browser's own word: the page says so only while a lock that was asked for is not released.
    expect(tablet.page.locator("body[data-awake=yes]")).to_have_count(1)

    opened(cast.officer("norfolk"), the_record())
    expect(tablet.page.locator("[data-live]:not([data-awake])")).to_have_count(1, timeout=4000)
    expect(tablet.page.locator("body[data-awake=no]")).to_have_count(1)
    tablet.sees("Read ")
    line_sent(cast.officer("norfolk"), the_record())
    tablet.sees("Message waiting")
    tablet.looked_at("cover-message")
    for word in ("police", "danger", "ANI", "999", "alarm"):
        assert word.lower() not in tablet.page.locator("#main").inner_text().lower(), word


def test_a_late_record_speaks_through_the_cover(tablet: Tablet, cast: Cast) -> None:
    """Given an alert that nobody reads in time; when nobody touches the tablet; then the cover says *Phone now*."""
    settings_become("norfolk", cast, unread_limit=timedelta(seconds=3))
    tablet.alert()
    tablet.choose("Cover")
    tablet.at(COVER)
    loud = tablet.page.get_by_role("link", name="Phone now")
    loud.wait_for(timeout=15_000)
    box = loud.bounding_box()
    assert box is not None and box["width"] > 650
    tablet.looked_at("cover-phone-now")
    loud.tap()
    tablet.at("Ring 999 now")


def test_an_unwatched_desk_is_said_before_the_tap_and_loudly_after_it(tablet: Tablet, cast: Cast) -> None:
    """Given nobody watching; when the alarm is opened; then it says so first, still sends, and says *phone now*."""
    with using_role("owner"):
        Watch.objects.all().delete()
    tablet.choose("Urgent help")
    tablet.sees("No officer is watching now. Ring 999, or 101 if it can wait. This will still be sent.")
    tablet.looked_at("urgent-unwatched")
    tablet.choose("Send to the police desk")
    tablet.at("Has 999 been rung?")
    tablet.sees("No officer is watching now. Ring 999, or 101 if it can wait.")
    tablet.looked_at("rung-unwatched")
    assert the_record().alerted_at is not None
    tablet.choose("Cover")
    tablet.page.get_by_role("link", name="Phone now").wait_for()


def test_the_cover_goes_up_by_itself_and_nothing_typed_is_lost(tablet: Tablet, cast: Cast) -> None:
    """Given words half typed; when nobody touches the screen; then it warns, covers, and the PIN brings them back."""
    settings_become("norfolk", cast, cover_after=timedelta(seconds=18))
    tablet.begin()
    tablet.choose("No Nothing is sent")
    tablet.at("What would they like?")
    tablet.to_words()
    tablet.page.get_by_label("What they said, in their own words").fill("PLANTED half a sentence")
    tablet.page.locator("[data-warning]").wait_for(timeout=15_000)
    tablet.looked_at("warning", whole=False)
    tablet.choose("Touch to stay")
    expect(tablet.page.locator("[data-warning]")).to_be_hidden()
    tablet.at_cover_within(25)
    assert "PLANTED" not in tablet.page.content()
    with using_role("owner"):
        assert the_record().entries.filter(kind="own_words").count() == 0

    other = tablet.beside("norfolk second tablet")
    other.begin()
    other.choose("Person A")
    other.at("In their own words")
    other.sees("It was not sent")
    assert other.page.get_by_label("What they said, in their own words").input_value() == "PLANTED half a sentence"
    other.looked_at("words-resumed")
    other.choose("Save and send")
    other.at("What you were told")
    with using_role("owner"):
        assert the_record().entries.filter(kind="own_words").count() == 1


def test_we_are_alone_gives_ten_minutes(tablet: Tablet, cast: Cast) -> None:
    """Given a cover due in a moment; when *we are alone* is touched; then the screen stays."""
    settings_become("norfolk", cast, cover_after=timedelta(seconds=16))
    tablet.begin()
    tablet.page.locator("[data-warning]").wait_for(timeout=10_000)
    tablet.choose("We are alone")
    tablet.page.wait_for_timeout(17_000)
    tablet.at(DANGER)


def test_a_hidden_page_covers_itself(tablet: Tablet) -> None:
    """Given an open question; when the page is hidden (another app, the screen switched off); then the cover is up."""
    tablet.begin()
    tablet.page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden'}),"
        " document.dispatchEvent(new Event('visibilitychange'))"
    )
    tablet.at(COVER)


def test_somebody_without_a_pin_loses_no_word_either(tablet: Tablet) -> None:
    """Given words typed without a PIN; when the screen is covered; then they are sent, as the screen had said."""
    tablet.choose("Somebody else")
    tablet.page.get_by_label("Your own name").fill("Locum Made-up")
    tablet.choose("Continue")
    tablet.at(DANGER)
    tablet.choose("Not sure")
    tablet.to_words()
    tablet.sees("You gave no PIN")
    tablet.page.get_by_label("What they said, in their own words").fill("PLANTED of the locum")
    tablet.choose("Cover")
    tablet.at(COVER)
    with using_role("owner"):
        assert the_record().entries.filter(kind="own_words").count() == 1
    assert not the_record().verified
