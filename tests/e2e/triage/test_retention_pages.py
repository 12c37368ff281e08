"""The pages of keeping and of people's copies in a real browser: for everybody, by keyboard, with their pictures."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from ani_portal.access.scope import scoped
from requests.enums import HoldReason, Outcome
from requests.retention.access import open_access
from requests.retention.actions import place_hold
from requests.retention.forms import RuleForm
from tests.cast import Cast
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.requests.retention.steps import aged, asked, closed

from .test_desk_journey import axe_clean

HOME = "/triage/retention/"


def at_desk(browser: Browser, server: Server, cast: Cast) -> Page:
    """The data protection officer, signed in."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=server.base_url)
    name, value = settings.SESSION_COOKIE_NAME, cast.session("norfolk", "officer4")
    context.add_cookies([{"name": name, "value": value, "url": server.base_url}])
    context.set_default_timeout(20_000)
    return context.new_page()


def to(page: Page, name: str, *, presses: int = 60) -> None:
    """Reach a control by the Tab key alone."""
    for _press in range(presses):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "() => { const one = document.activeElement; return (one.labels?.[0]?.innerText || one.innerText || '').trim() }"
        )
        if here.startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def looked_at(page: Page, name: str) -> None:
    """No fault that axe finds; nothing wider than the screen; a picture."""
    axe_clean(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, f"desk-retention-{name}", whole=True)


def test_keeping_by_keyboard(browser: Browser, server: Server, cast: Cast) -> None:
    """Given records due, decided, held; a hold is placed, the schedule changed and a disposal approved without a mouse."""
    due, decided, held = (
        aged(closed(cast, outcome=one)) for one in (Outcome.ATTENDED, Outcome.SPOKEN_TO, Outcome.ATTENDED)
    )
    asked(cast, decided)
    dpo = cast.officer("norfolk", 4)
    with scoped(dpo.scope):
        place_hold(
            by=dpo, record=held, reason=HoldReason.PROCEEDINGS, review_on=timezone.localdate() - timedelta(days=1)
        )
    page = at_desk(browser, server, cast)
    page.goto(HOME)
    expect(page.get_by_text("review is due")).to_be_visible()
    looked_at(page, "overview")

    page.goto(f"{HOME}records/{due.pk}/")
    looked_at(page, "record")
    to(page, "Criminal, family or civil proceedings")
    page.keyboard.press("Space")
    to(page, "Put under hold")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose a date.").first).to_be_visible()
    looked_at(page, "record-refused")
    page.get_by_label("Review on").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    to(page, "Put under hold")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Lift this hold")).to_be_visible()

    page.goto(f"{HOME}schedule/")
    looked_at(page, "schedule")
    page.get_by_label(str(RuleForm().fields["keep_months"].label)).fill("84")
    page.get_by_label("Look at this line again on").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="72 → 84 months")).to_be_visible()
    looked_at(page, "schedule-meaning")
    to(page, "Set it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="84", exact=True)).to_be_visible()

    page.goto(HOME)
    to(page, "Approve")
    page.keyboard.press("Enter")
    expect(page.get_by_text("approved by Officer 4")).to_be_visible()


def test_a_copy_for_the_person_by_keyboard(browser: Browser, server: Server, cast: Cast) -> None:
    """Given a request; entries are masked and cleared without a mouse; each state is readable by everybody."""
    record = closed(cast)
    dpo = cast.officer("norfolk", 4)
    with scoped(dpo.scope):
        access = open_access(by=dpo, record=record)
    page = at_desk(browser, server, cast)
    page.goto(f"{HOME}find/")
    page.get_by_label("Reference or phone number").fill(record.reference)
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 found")).to_be_visible()
    looked_at(page, "find")
    page.goto(f"{HOME}access/{access.pk}/")
    expect(page.get_by_text("Do not release without the data protection officer")).to_be_visible()
    looked_at(page, "access")
    boxes = page.locator("textarea")
    first = boxes.first.input_value()
    boxes.first.fill(f"{first} and more")
    to(page, "Keep this", presses=5)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only add [[ and ]]").first).to_be_visible()
    expect(page.locator("textarea").first).to_have_value(f"{first} and more")  # nothing typed is lost
    looked_at(page, "access-refused")
    for number in range(boxes.count()):
        boxes.nth(number).fill(f"[[{first}]]" if number == 0 else boxes.nth(number).input_value())
        to(page, "Keep this", presses=5)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    to(page, "Clear for release")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cleared by Officer 4")).to_be_visible()
    looked_at(page, "access-cleared")
    with page.expect_download() as download:
        to(page, "Take the copy out")
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "document.txt"
    assert "█████" in download.value.path().read_text()
