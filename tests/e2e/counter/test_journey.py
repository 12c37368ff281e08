"""The whole journey: every screen in its states, by touch and by keyboard alone, with axe, 44 pixels and a picture each."""

import pytest
from playwright.sync_api import Browser, expect

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from requests.enums import EntryKind
from requests.models import CodewordRequest
from requests.triage.entries import entries
from requests.triage.rows import marks
from tests.cast import Cast
from tests.e2e.server import Server
from tests.requests.triage.desk_steps import claimed, line_sent

from .tablet import COVER, DANGER, Tablet


def the_record() -> CodewordRequest:
    """The newest record."""
    with using_role("owner"):
        return CodewordRequest.objects.select_related("pharmacy").latest("started_at")


def read_by_police(cast: Cast, force: str = "norfolk") -> dict[str, str]:
    """What an officer reads, by the kind of entry."""
    by = cast.officer(force)
    with scoped(by.scope, read_only=True):
        record = CodewordRequest.objects.get(pk=the_record().pk)
        opened = entries(record)
        return {one.kind: one.text for one in opened.shown} | {"safe_contact": str(dict(opened.safe_contact or {}))}


@pytest.mark.parametrize("keyboard", [False, True], ids=["touch", "keyboard"])
def test_every_question_of_an_alert(
    browser: Browser, server: Server, cast: Cast, watched: None, keyboard: bool
) -> None:
    """Given danger now; when every question is answered; then each screen holds and police read each answer."""
    tablet = Tablet(browser, server, "norfolk tablet", keyboard=keyboard)
    look = tablet.looked_at if not keyboard else (lambda name="", **_more: None)
    look("cover")
    tablet.choose("AB")
    tablet.page.get_by_label("PIN").wait_for()
    look("pin")
    tablet.page.get_by_label("PIN").fill("246810")
    tablet.choose("Continue")
    tablet.at(DANGER)
    look("danger")
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    look("rung")
    tablet.choose("By me")
    tablet.at("What would they like?")
    look("wish-after-alert")
    tablet.choose("Police now")
    tablet.at("Do they agree")
    look("agree")
    tablet.choose("Yes, they agree")
    tablet.at("connected with the person")
    look("connected")
    tablet.choose("No", exact=True)
    tablet.at("How may they be reached?")
    look("contact")
    expect(tablet.page.get_by_label("Not known")).to_have_count(5)
    for box in tablet.page.get_by_label("Not known").all():
        expect(box).to_be_checked()
    tablet.page.locator("input[name=ring][value=safe]").check()
    tablet.page.get_by_label("A number").fill("PLANTED 01632 960001")
    tablet.choose("Continue")
    tablet.at("Where are they")
    look("where")
    tablet.page.get_by_label("Consultation room").check()
    tablet.page.get_by_label("Which entrance").fill("Back door, PLANTED")
    tablet.page.get_by_label("Somewhere else").check()
    tablet.choose("Continue")
    tablet.at("In their own words")
    look("words")
    tablet.page.get_by_label("What they said, in their own words").fill("PLANTED own words")
    tablet.page.get_by_label("Only what you saw").fill("PLANTED seen")
    tablet.choose("Save and send")
    tablet.at("What you were told")
    look("told")
    tablet.page.get_by_label("Children at home").check()
    tablet.page.locator("input[name=young][value=yes]").check()
    tablet.page.get_by_label("Needs an interpreter").check()
    tablet.choose("Continue")
    tablet.at("Under 16")
    tablet.sees("This record is not a referral: ring the children’s duty line.")
    look("young")
    tablet.choose("Continue")
    tablet.at("Support for them")
    look("support-with-ticks")
    tablet.page.get_by_label("Offered: Leeway").check()
    tablet.choose("Continue")
    tablet.at("Reference")
    look("receipt-waiting")

    said = read_by_police(cast)
    assert "01632 960001" in said["safe_contact"] and "'voicemail': 'not_known'" in said["safe_contact"]
    assert "Consultation room" in said["where"] and "Somewhere else" in said["meeting"]
    assert said["own_words"] == "PLANTED own words" and said["observed"] == "PLANTED seen"
    assert "Children at home" in said["told"] and "Under 16: Yes" in said["told"]
    assert "interpreter" in said["needs"] and "Leeway" in said["support"]

    tablet.choose("They have left")
    tablet.at("They have left")
    tablet.sees("Do not follow")
    look("left")
    tablet.choose("With the other person")
    tablet.at("Reference")
    tablet.choose("The other person is back")
    expect(tablet.page.locator("[aria-busy=true]")).to_have_count(0, timeout=20_000)
    tablet.choose("999 has been rung")
    tablet.at("999 has been rung")
    look("rung-again")
    tablet.page.get_by_label("By them").check()
    tablet.page.get_by_label("When, if known").fill("10:41")
    tablet.choose("Save and send")
    tablet.at("Reference")
    tablet.choose("Add something")
    tablet.at("More to add")
    look("add")
    tablet.page.get_by_label("Something sent before was not right").fill("PLANTED correction")
    tablet.choose("Save and send")
    tablet.at("Reference")
    said = read_by_police(cast)
    assert said["own_words"] == "PLANTED own words" and said["correction"] == "PLANTED correction"
    assert "10:41" in said["rung_999"]
    with scoped(cast.officer("norfolk").scope, read_only=True):
        found = marks(the_record())
    assert any("with the other person" in mark for mark in found) and any("back" in mark for mark in found)
    assert "999 rung" in found

    claimed(cast.officer("norfolk"), the_record())
    line_sent(cast.officer("norfolk"), the_record())
    tablet.sees("Police say")
    tablet.sees("Read by an officer at")
    look("receipt-read")
    tablet.choose("Finish and cover")
    tablet.at(COVER)
    expect(tablet.page.get_by_text("Message waiting")).to_have_count(0)
    assert "Police say" not in tablet.page.content()


def test_no_police_leaves_nothing_and_leads_to_support(tablet: Tablet, cast: Cast) -> None:
    """Given somebody who wants support only; when staff go on; then no words are asked, and police can read nothing."""
    tablet.begin()
    tablet.choose("Not sure")
    tablet.at("What would they like?")
    tablet.looked_at("wish")
    tablet.follow("They are under 16")
    tablet.at("Under 16")
    tablet.looked_at("under-16")
    tablet.follow("Back")
    tablet.at("What would they like?")
    tablet.choose("Support, not the police")
    tablet.at("Support for them")
    tablet.looked_at("support")
    assert tablet.page.locator("textarea").count() == 0
    tablet.choose("Somebody could be seriously hurt")
    tablet.at("Must police be told")
    tablet.looked_at("override")
    tablet.choose("Go back")
    tablet.at("Support for them")
    tablet.choose("Continue")
    tablet.at("Reference")
    tablet.sees("Nothing about them was sent or kept.")
    tablet.looked_at("receipt-not-sent")
    assert the_record().released_at is None
    with using_role("owner"):
        assert the_record().entries.exclude(kind=EntryKind.RECORDER).count() == 0
    tablet.choose("Finish and cover")
    tablet.at(COVER)


def test_help_card_and_paper(tablet: Tablet, cast: Cast) -> None:
    """Given the cover; when help is opened without a PIN; then all of it is there, and the card, and a paper form."""
    tablet.choose("Help")
    tablet.at("Help")
    for words in (
        "Boots", "NR2 1LD", "We never discuss customers", "press 55", "landline", "999 BSL", "18000", "registered before",
        "not a referral", "Leeway", "Last checked", "Never the companion",
    ):  # fmt: skip
        tablet.sees(words)
    assert "Respect Phoneline" not in tablet.page.content()
    tablet.looked_at("help")
    expect(tablet.page.get_by_role("button", name="Cymraeg")).to_have_count(0)  # nobody has reviewed it
    tablet.choose("Card to show: English")
    tablet.looked_at("card")
    tablet.choose("Yes", exact=True)
    tablet.choose("No", exact=True)
    tablet.choose("Yes", exact=True)
    tablet.at("Thank you")
    tablet.looked_at("card-answers")
    tablet.choose("Help")
    tablet.at("Help")
    tablet.follow("Paper form")
    tablet.at("Paper form")
    tablet.looked_at("paper")
    with tablet.context.expect_page() as opened:
        tablet.choose("Print one form")
    sheet = opened.value
    sheet.wait_for_load_state()
    serial = sheet.locator(".serial").inner_text()
    assert "Boots" in sheet.content() and "NR2 1LD" in sheet.content()
    pdf = sheet.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1
    sheet.close()
    tablet.page.goto("/counter/")

    tablet.begin()
    tablet.choose("Key in a paper form")
    tablet.at("Key in a paper form")
    tablet.looked_at("key-in")
    tablet.page.get_by_label("Number from its top right corner").fill(serial.lower())
    tablet.page.get_by_label("The day it happened").fill("2026-01-02")
    tablet.page.get_by_label("The time").fill("14:05")
    tablet.choose("Continue")
    tablet.at("What would they like?")
    expect(tablet.page.get_by_role("button", name="Police now")).to_have_count(0)
    tablet.choose("Police, but not now")
    tablet.choose("Yes, they agree")
    tablet.at("connected with the person")
    record = the_record()
    assert record.happened_at is not None and record.alerted_at is None and record.paper_serial == serial
    with scoped(cast.officer("norfolk").scope, read_only=True):
        assert any("from paper" in mark for mark in marks(record))


def test_a_drill_is_a_drill_on_every_screen_of_both_sides(tablet: Tablet, cast: Cast) -> None:
    """Given a drill from the cover; when it goes the whole way; then both sides say so on every screen."""
    tablet.choose("Practise")
    tablet.at("Practise")
    tablet.looked_at("drill-start")
    band = tablet.page.get_by_text("DRILL - practice record")
    expect(band).to_be_visible()
    tablet.choose("AB")
    expect(band).to_be_visible()
    tablet.page.get_by_label("PIN").fill("246810")
    tablet.choose("Continue")
    tablet.at(DANGER)
    expect(band).to_be_visible()
    tablet.choose("Yes, now")
    tablet.at("Has 999 been rung?")
    expect(band).to_be_visible()
    assert the_record().is_drill
    tablet.choose("Not yet")
    tablet.at("What would they like?")
    tablet.looked_at("drill-wish")
    tablet.choose("Urgent help")
    tablet.sees("This button is real, also during a drill.")
    tablet.choose("Send to the police desk")
    tablet.at("Has 999 been rung?")
    expect(band).to_have_count(0)
    assert not the_record().is_drill
    tablet.choose("Cover")
    tablet.at(COVER)
    expect(band).to_have_count(0)
