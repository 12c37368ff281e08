"""The scenes of a counter, each in given / when / then."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import District, Postcode
from requests import actions
from requests.enums import Danger
from requests.models import CodewordRequest, Entry, Watch
from requests.triage.entries import entries
from requests.triage.rows import marks
from tests.cast import Cast

from .tablet import COVER, DANGER, Tablet
from .test_journey import the_record


def seen_by(cast: Cast, force: str = "norfolk") -> list[str]:
    """What an officer of the force sees in the queue's row of the newest record."""
    with scoped(cast.officer(force).scope, read_only=True):
        return marks(CodewordRequest.objects.get(pk=the_record().pk))


def test_an_alarm_needs_two_touches_at_two_places(tablet: Tablet, cast: Cast) -> None:
    """Given the cover; when one place is touched again and again; then nothing is sent; the second touch is elsewhere."""
    first = tablet.page.locator("[data-urgent]").bounding_box()
    assert first is not None
    x, y = first["x"] + first["width"] / 2, first["y"] + first["height"] / 2
    tablet.page.touchscreen.tap(x, y)
    tablet.at("Ring 999 now")
    for _again in range(5):
        tablet.page.touchscreen.tap(x, y)
    tablet.at("Ring 999 now")
    with using_role("owner"):
        assert not CodewordRequest.objects.exists()
    tablet.page.wait_for_timeout(1000)  # the last of those touches has been answered
    second = tablet.page.get_by_role("button", name="Send to the police desk").bounding_box()
    assert second is not None and second["y"] + second["height"] < first["y"] - 20
    tablet.looked_at("urgent")
    tablet.touches = 1
    tablet.choose("Send to the police desk")
    tablet.at("Has 999 been rung?")
    assert tablet.touches == 2
    record = the_record()
    assert not record.verified and record.alerted_at is not None and record.pharmacy == cast.pharmacy("norfolk")
    assert {"danger now", "unverified", "999 not yet rung"} <= set(seen_by(cast))


def test_a_danger_record_in_twelve_touches(tablet: Tablet) -> None:
    """Given the PIN was typed; when somebody who has never seen it takes the first way on; then the receipt is near."""
    tablet.begin()
    for answer in (
        "Yes, now",
        "By me",
        "Police now",
        "Yes, they agree",
        "Not known",
        "Skip",
        "Skip",
        "Skip",
        "Skip",
        "Continue",
    ):
        tablet.choose(answer)
        expect(tablet.page.locator("[aria-busy=true]")).to_have_count(0, timeout=20_000)
    tablet.at("Reference")
    assert tablet.touches <= 12


def test_abuser_at_the_counter(tablet: Tablet) -> None:
    """Given words on the screen; when the other person comes near and the cover is touched; then nothing is left to see."""
    tablet.begin()
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    tablet.choose("Cover")
    tablet.at(COVER)
    shown = tablet.page.locator("body").inner_text().lower()
    assert not any(word in shown for word in ("danger", "ani", "abuse", "alarm", "999")), shown
    assert tablet.page.title() == "Consultation" and tablet.page.url.endswith("/counter/")


def test_she_faints(tablet: Tablet, cast: Cast) -> None:
    """Given an entry begun; when the person cannot answer any more; then danger now is one touch away on the receipt."""
    tablet.begin()
    tablet.choose("Not sure")
    tablet.at("What would they like?")
    tablet.choose("Could not ask")
    tablet.at("Support for them")
    tablet.choose("Continue")
    tablet.at("Reference")
    tablet.choose("Danger now: tell police")
    tablet.at("Has 999 been rung?")
    tablet.sees("ask for Ambulance")
    assert "danger now" in seen_by(cast)


def test_the_person_leaves_midway(tablet: Tablet, cast: Cast) -> None:
    """Given an alert and half the questions; when the person leaves with the other; then police see it, staff stay."""
    tablet.begin()
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    tablet.choose("By me")
    tablet.at("What would they like?")
    tablet.choose("Could not ask")
    tablet.at("Support for them")
    tablet.choose("Continue")
    tablet.choose("They have left")
    tablet.sees("Do not follow them, and do not stop them.")
    tablet.choose("With the other person")
    tablet.at("Reference")
    assert any("left" in mark and "with the other person" in mark for mark in seen_by(cast))


def test_two_people_in_one_afternoon(tablet: Tablet) -> None:
    """Given one open record; when another person comes; then each has a letter and a time on every screen."""
    tablet.begin()
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    tablet.choose("Cover")
    tablet.begin()
    tablet.at("Go on with")
    tablet.looked_at("people")
    tablet.choose("Another person")
    tablet.at(DANGER)
    tablet.choose("Not sure")
    tablet.at("What would they like?")
    expect(tablet.page.locator(".person")).to_contain_text("Person B")
    tablet.looked_at("two-people")
    tablet.choose("To person A")
    tablet.at("Has 999 been rung?")
    expect(tablet.page.locator(".person")).to_contain_text("Person A")
    with using_role("owner"):
        assert CodewordRequest.objects.count() == 2


def test_not_here_routes_by_the_postcode_and_says_so(tablet: Tablet, cast: Cast) -> None:
    """Given Norfolk's tablet in Cheshire; when *not here* and a postcode are given; then Cheshire gets it, flagged."""
    with using_role("owner"):
        district = District.objects.filter(force=cast.force("cheshire")).first()
        Postcode.objects.get_or_create(postcode="CW11AA", defaults={"district": district})
    tablet.begin()
    tablet.choose("Not here")
    tablet.at("Where are you?")
    tablet.page.get_by_label("Where are you?").fill("nonsense")
    tablet.choose("Continue")
    tablet.sees("That is no whole postcode")
    tablet.looked_at("place")
    tablet.page.get_by_label("Where are you?").fill("cw1 1aa")
    tablet.choose("Continue")
    tablet.at(DANGER)
    tablet.sees("You are at CW1 1AA")
    expect(tablet.page.locator(".ring")).not_to_contain_text("NR2")
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    tablet.choose("By me")
    tablet.at("What would they like?")
    tablet.to_words()
    tablet.page.get_by_label("What they said, in their own words").fill("PLANTED there")
    tablet.choose("Save and send")
    tablet.at("What you were told")
    record = the_record()
    assert record.force == cast.force("cheshire")
    assert any("NOT at this pharmacy: at CW1 1AA" in mark for mark in seen_by(cast, "cheshire"))
    with scoped(cast.officer("cheshire").scope, read_only=True):
        found = CodewordRequest.objects.select_related("pharmacy").get(pk=record.pk)
        assert "PLANTED there" in [one.text for one in entries(found).shown]
    with scoped(cast.officer("norfolk").scope, read_only=True):
        assert not CodewordRequest.objects.exists()


def test_the_abuser_is_an_officer(tablet: Tablet, cast: Cast) -> None:
    """Given an alert; when the other person is in the police; then the record is restricted, the place stays visible."""
    tablet.begin()
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    tablet.choose("By me")
    tablet.at("What would they like?")
    tablet.to_words(connected="Yes, in the police")
    record = the_record()
    assert record.restricted_at is not None
    assert "restricted" in seen_by(cast) and "danger now" in seen_by(cast)


def test_danger_tapped_by_mistake_or_said_so_under_threat(tablet: Tablet, cast: Cast) -> None:
    """Given an alarm; when it is reported as a mistake; then police see the report and the alarm stays."""
    tablet.alert()
    tablet.choose("The alarm was a mistake")
    tablet.at("The alarm was a mistake")
    tablet.looked_at("mistaken")
    tablet.choose("Report it as a mistake")
    tablet.at("Reference")
    tablet.sees("The alarm stays until an officer has reached this pharmacy")
    tablet.looked_at("receipt-mistaken")
    record = the_record()
    assert record.state == "waiting" and record.alerted_at is not None and record.attention == 1
    assert any("reported as a mistake" in mark for mark in seen_by(cast))


def test_asked_by_mistake_leaves_nothing(tablet: Tablet) -> None:
    """Given somebody who asked for a colleague called Annie; when it is one tap; then nothing is kept."""
    tablet.begin()
    tablet.choose("They asked by mistake")
    tablet.at("Nothing was kept")
    tablet.looked_at("asked-by-mistake")
    with using_role("owner"):
        assert not CodewordRequest.objects.exists()


def test_pin_forgotten(tablet: Tablet, cast: Cast) -> None:
    """Given a forgotten PIN; when they go on under their name; then they can record, marked unverified."""
    tablet.choose("AB")
    tablet.page.get_by_label("PIN").fill("1111")
    tablet.choose("Continue")
    tablet.sees("That PIN is not right.")
    tablet.looked_at("pin-wrong")
    tablet.choose("I have forgotten my PIN")
    tablet.page.get_by_label("Your own name").fill("Made-up Name")
    tablet.looked_at("name")
    tablet.choose("Continue")
    tablet.at(DANGER)
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    assert "unverified" in seen_by(cast)


def test_a_locum_alone_on_sunday_with_the_desk_closed(tablet: Tablet) -> None:
    """Given nobody watching; when a locum begins; then it is said before the first answer, and sending still works."""
    with using_role("owner"):
        Watch.objects.all().delete()
    tablet.choose("Somebody else")
    tablet.page.get_by_label("Your own name").fill("Locum Made-up")
    tablet.choose("Continue")
    tablet.at(DANGER)
    tablet.sees("No officer is watching now.")
    tablet.looked_at("danger-unwatched")
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    assert the_record().released_at is not None


@pytest.mark.parametrize(
    ("who", "does"),
    [
        ("wants police but not at home", lambda t: t.page.locator("input[name=visit][value=not_safe]").check()),
        ("deaf", lambda t: t.page.get_by_label("Safe times").fill("text only")),
    ],
)
def test_safe_contact_as_they_say(tablet: Tablet, who: str, does: Callable[[Tablet], None]) -> None:
    """Given somebody who wants police, but not at home (or a text only); when it is said; then it is kept as said."""
    tablet.begin()
    tablet.choose("No Nothing is sent")
    tablet.at("What would they like?")
    tablet.choose("Police, but not now")
    tablet.choose("Yes, they agree")
    tablet.choose("Not known")
    tablet.at("How may they be reached?")
    does(tablet)
    tablet.choose("Continue")
    tablet.at("Where are they")
    with using_role("owner"):
        assert Entry.objects.filter(kind="safe_contact").count() == 1


def test_fifty_alarms_in_a_minute_are_fifty_rows(tablet: Tablet, cast: Cast) -> None:
    """Given a button that somebody leans on; when fifty alarms come; then none is dropped, and they are flagged."""
    by = cast.covered("norfolk")
    for _number in range(50):
        with scoped(by.scope):
            actions.start_record(by=by, key=uuid4(), danger=Danger.YES)
    with using_role("owner"):
        assert CodewordRequest.objects.filter(alerted_at__isnull=False).count() == 50
        assert CodewordRequest.objects.filter(one_of_many=True).count() == 46
    assert "one of many from this tablet within a minute" in seen_by(cast)
