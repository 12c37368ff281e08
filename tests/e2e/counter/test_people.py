"""Who comes to a counter: the scenes that turn on the person, each in given / when / then."""

from uuid import uuid4

from playwright.sync_api import Browser, expect

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import District, Postcode
from requests import actions
from requests.enums import MadeSure, Outcome
from requests.models import CodewordRequest, Entry
from requests.triage.contact import contact_of
from requests.triage.entries import entries
from tests.cast import Cast
from tests.e2e.conftest import Desk
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.requests.triage.desk_steps import claimed, closed

from .tablet import COVER, DANGER, Tablet
from .test_journey import read_by_police, the_record
from .test_scenes import seen_by


def test_somebody_of_fifteen(tablet: Tablet, cast: Cast) -> None:
    """Given a child of fifteen; when staff say so, the panel for children stands there; nothing is blocked or withheld."""
    tablet.begin()
    tablet.choose("No Nothing is sent")
    tablet.at("What would they like?")
    tablet.follow("They are under 16")
    tablet.at("Under 16")
    tablet.sees("This record is not a referral: ring the children’s duty line.")
    tablet.sees("0344 800 8021")
    tablet.sees("never asked to come back with a parent")
    tablet.follow("Back")
    tablet.at("What would they like?")
    tablet.to_words("Police, but not now")
    tablet.choose("Skip")
    tablet.at("What you were told")
    tablet.page.locator("input[name=young][value=yes]").check()
    tablet.choose("Continue")
    tablet.at("Under 16")
    tablet.choose("Continue")
    tablet.at("Support for them")
    tablet.choose("Continue")
    tablet.at("Reference")
    assert "Under 16: Yes" in read_by_police(cast)["told"]


def test_a_man(tablet: Tablet) -> None:
    """Given a man; when he wants support; then no screen takes him for a woman, and the line for men is among the cards."""
    heard = []
    tablet.begin()
    heard.append(tablet.page.locator("#main").inner_text())
    tablet.choose("No Nothing is sent")
    tablet.at("What would they like?")
    heard.append(tablet.page.locator("#main").inner_text())
    tablet.choose("Support, not the police")
    tablet.at("Support for them")
    words = " ".join(heard).lower().split()
    assert not {"she", "her", "hers", "woman", "victim", "lady"} & set(words)
    card = tablet.page.locator(".card", has_text="Men's Advice Line")
    expect(card).to_contain_text("0808 801 0327")
    tablet.choose("Continue")
    tablet.at("Reference")
    tablet.sees("Nothing about them was sent or kept.")


def test_the_room_is_occupied(tablet: Tablet) -> None:
    """Given no free room; when staff ask what to do; then the help opens at that part, and the question waits."""
    tablet.begin()
    tablet.follow("No room free")
    heading = tablet.page.get_by_role("heading", name="No room free")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    tablet.sees("Any private space will do")
    tablet.looked_at("help-room", whole=False)
    assert tablet.page.url.endswith("/counter/")
    tablet.follow("Back")
    tablet.at(DANGER)
    tablet.choose("Not sure")
    tablet.at("What would they like?")


def test_somebody_who_is_never_alone(tablet: Tablet) -> None:
    """Given a companion who will not go; when staff look for help, from the cover; then it says how, and what if not."""
    tablet.choose("Help")
    tablet.at("Help")
    tablet.follow("They are not alone")
    expect(tablet.page.get_by_role("heading", name="They are not alone")).to_be_in_viewport()
    for words in (
        "We see everyone alone for this",
        "If you cannot see them alone, ask nothing",
        "never the interpreter",
    ):
        tablet.sees(words)
    tablet.follow("How do I start?")
    expect(tablet.page.get_by_role("heading", name="How do I start?")).to_be_in_viewport()
    tablet.sees("Never say the word aloud")


def test_somebody_deaf(tablet: Tablet, cast: Cast) -> None:
    """Given a deaf person; when staff show a card and say what they need; then police read: text only, and BSL."""
    tablet.begin()
    tablet.choose("No Nothing is sent")
    tablet.at("What would they like?")
    tablet.choose("Help")
    tablet.at("Help")
    tablet.sees("999 BSL")
    tablet.choose("Card to show: English")
    for answer in ("No", "Yes", "Yes"):
        tablet.choose(answer, exact=True)
        expect(tablet.page.locator("[aria-busy=true]")).to_have_count(0, timeout=20_000)
    tablet.at("Thank you")
    tablet.follow("Back")
    tablet.at("What would they like?")
    tablet.choose("Police, but not now")
    tablet.choose("Yes, they agree")
    tablet.choose("Not known")
    tablet.at("How may they be reached?")
    tablet.page.locator("input[name=text][value=safe]").check()
    tablet.page.locator("input[name=ring][value=not_safe]").check()
    tablet.page.get_by_label("A number").fill("07700 900123")
    tablet.choose("Continue")
    tablet.at("Where are they")
    tablet.choose("Skip")
    tablet.choose("Skip")
    tablet.at("What you were told")
    tablet.page.get_by_label("British Sign Language").check()
    tablet.page.get_by_label("Deaf or hard of hearing").check()
    tablet.choose("Continue")
    tablet.at("Support for them")
    said = read_by_police(cast)
    assert "British Sign Language" in said["needs"] and "Deaf" in said["needs"]
    with scoped(cast.officer("norfolk").scope, read_only=True):
        contact = contact_of(entries(the_record()).safe_contact, set())
    assert [(way.channel, way.shown) for way in contact.ways if way.safe] == [("text", "07700 900123")]


def test_wants_police_but_not_at_home(browser: Browser, server: Server, tablet: Tablet, cast: Cast) -> None:
    """Given somebody for whom only e-mail is safe; when they say so; then the officer sees where, and that home is not."""
    tablet.begin()
    tablet.choose("No Nothing is sent")
    tablet.at("What would they like?")
    tablet.choose("Police, but not now")
    tablet.choose("Yes, they agree")
    tablet.choose("Not known")
    tablet.at("How may they be reached?")
    box = tablet.page.get_by_label("The safe address, only if they want")
    expect(box).to_be_hidden()
    tablet.page.locator("input[name=email][value=safe]").check()
    box.fill("made-up@example.org")
    tablet.page.locator("input[name=visit][value=not_safe]").check()
    expect(tablet.page.get_by_label("Where, only if they want")).to_be_hidden()
    tablet.looked_at("contact-email")
    tablet.choose("Continue")
    tablet.at("Where are they")
    tablet.page.get_by_label("Somewhere else").check()
    tablet.page.get_by_label("When, or where else").fill("the library, PLANTED")
    tablet.choose("Continue")
    tablet.at("In their own words")
    assert "the library, PLANTED" in read_by_police(cast)["meeting"]
    with using_role("owner"):
        sealed = Entry.objects.get(kind="safe_contact").sealed
    assert b"example.org" not in bytes(sealed)
    desk = Desk(browser, server, cast.email("norfolk", "officer1"))
    desk.page.get_by_role("button", name="Open").first.click()
    banner = desk.page.locator(".contact").first
    expect(banner.locator(".contact__way--safe")).to_contain_text("made-up@example.org")
    expect(banner).to_contain_text("Visit at home: NOT safe")
    picture(desk.page, "desk-safe-contact-1366")


def test_an_alarm_withdrawn_under_threat(tablet: Tablet, cast: Cast) -> None:
    """Given an alarm, and somebody made to say that it was a mistake; then it stays until police made sure, both see how."""
    tablet.alert()
    tablet.choose("The alarm was a mistake")
    tablet.at("The alarm was a mistake")
    tablet.choose("Report it as a mistake")
    tablet.at("Reference")
    tablet.sees("The alarm stays until an officer has reached this pharmacy")
    by, record = cast.officer("norfolk"), the_record()
    held = claimed(by, record)
    assert any("make sure" in mark for mark in seen_by(cast))
    try:
        closed(by, held, Outcome.MISTAKE)
    except actions.NotPossible as refusal:
        assert "can have been made to" in str(refusal)
    else:
        raise AssertionError("a report that can be forced ended an alarm")
    with scoped(by.scope):
        actions.make_sure(by=by, record=held, how=MadeSure.LINE)
    tablet.sees("on this pharmacy’s registered line, that it was a mistake")
    tablet.looked_at("receipt-made-sure")
    with scoped(by.scope):
        actions.close(by=by, record=held, outcome=Outcome.MISTAKE, risk_looked_at=True)
    tablet.sees("Police have finished.")
    tablet.looked_at("receipt-closed")


def test_not_here_but_at_a_pharmacy_by_its_name(tablet: Tablet, cast: Cast) -> None:
    """Given half a postcode; when it is typed, no force is guessed: its pharmacies are offered, and one is touched."""
    there = cast.pharmacy("cheshire")
    with using_role("owner"):
        code = there.postcode.replace(" ", "")
        Postcode.objects.update_or_create(
            postcode=code, defaults={"district": District.objects.filter(force=cast.force("cheshire")).first()}
        )
    tablet.begin()
    tablet.choose("Not here")
    tablet.at("Where are you?")
    tablet.page.get_by_label("Where are you?").fill(there.postcode.split()[0].lower())
    tablet.choose("Continue")
    tablet.sees("Is it one of these?")
    tablet.looked_at("place-found")
    with using_role("owner"):
        assert not CodewordRequest.objects.exists()
    tablet.choose(there.name)
    tablet.at(DANGER)
    tablet.sees(f"You are at {there.postcode}")
    tablet.looked_at("danger-elsewhere")
    tablet.choose("Not sure")
    tablet.at("What would they like?")
    tablet.choose("Support, not the police")
    tablet.at("Support for them")
    expect(tablet.page.locator(".cards")).not_to_contain_text("Leeway")  # Norfolk's
    tablet.choose("Continue")
    tablet.at("Reference")
    tablet.choose("Danger now: tell police")
    tablet.at("Has 999 been rung?")
    assert the_record().force == cast.force("cheshire")
    assert any(f"NOT at this pharmacy: at {there.postcode}" in mark for mark in seen_by(cast, "cheshire"))


def test_a_drill_is_unmistakable_at_the_desk_too(browser: Browser, server: Server, tablet: Tablet, cast: Cast) -> None:
    """Given a drill; when an officer deals with it; then row, record and print say so, and the tablet to the end."""
    tablet.choose("Practise")
    tablet.at("Practise")
    tablet.begin()
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    record = the_record()
    desk = Desk(browser, server, cast.email("norfolk", "officer1"))
    row = desk.page.locator(f"[data-row='{record.pk}']")
    expect(row).to_contain_text("Drill")
    picture(desk.page, "desk-drill-queue-1366")
    desk.page.get_by_role("button", name="Open").first.click()
    desk.page.wait_for_url(f"**/triage/records/{record.pk}/")
    band = ".drill-band"
    expect(desk.page.locator(band)).to_contain_text("DRILL - practice record")
    picture(desk.page, "desk-drill-record-1366")
    desk.page.get_by_role("button", name="Claim", exact=True).click()
    expect(desk.page.get_by_text("held by Officer 1")).to_be_visible()
    expect(desk.page.locator(band)).to_be_visible()
    with desk.context.expect_page() as opened:
        desk.page.get_by_role("button", name="Print").click()
    expect(opened.value.locator(band)).to_be_visible()
    opened.value.emulate_media(media="print")
    expect(opened.value.locator(band)).to_be_visible()
    by = cast.officer("norfolk")
    with scoped(by.scope):
        actions.add_note(by=by, record=record, text="PLANTED", key=uuid4())
    tablet.choose("By me")
    tablet.at("What would they like?")
    tablet.choose("Could not ask")
    tablet.at("Support for them")
    tablet.choose("Continue")
    tablet.at("Reference")
    expect(tablet.page.locator(band)).to_be_visible()
    tablet.looked_at("drill-receipt")
    tablet.choose("Finish and cover")
    tablet.at(COVER)
    expect(tablet.page.locator(band)).to_have_count(0)
