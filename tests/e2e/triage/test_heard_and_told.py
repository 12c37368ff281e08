"""What an officer hears and is told by itself: the alarm until somebody acknowledges, who won, whose claim lapsed, who
declined; and the line that the tablet shows."""

import time
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from requests.clocks import run
from requests.enums import Danger
from tests.cast import Cast
from tests.e2e.conftest import Counter
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.requests.steps import a_record_with_everything, started
from tests.requests.triage.desk_steps import claimed, offered, opened
from tests.requests.triage.test_passing_whole import left
from tests.requests.triage.test_watch import as_owner

from .desks import desk_of, fit_to_be_seen

# The browser's own notifications, and what each was given: everything that another program of the machine can see.
NOTES = """
window.shown = [];
window.Notification = class extends Notification {
  constructor(...given) { super(...given); window.shown.push(JSON.stringify(given)); }
};
"""

SOUNDED = "times => Number(document.querySelector('[data-armed]').dataset.sounded ?? 0) >= times"


def may_notify(page: Page) -> None:
    """Its officer has allowed notifications."""
    page.context.grant_permissions(["notifications"])
    page.add_init_script(NOTES)


def test_it_sounds_until_somebody_opens_it_and_the_notification_says_nothing(
    browser: Browser, server: Server, cast: Cast
) -> None:
    """Given an armed page that has the focus; an alert sounds again and again, and is quiet once a colleague has opened it."""
    page = desk_of(browser, server, cast, prepare=may_notify)
    page.wait_for_selector("[data-live-state=live]")
    page.get_by_role("button", name="Alarm is off: arm it").click()
    page.wait_for_selector("[data-armed=yes]")
    record = started(cast.recorder("norfolk"), Danger.YES)
    page.locator(f"[data-row='{record.pk}']").wait_for()
    page.wait_for_function("() => Number(document.querySelector('[data-armed]').dataset.sounded) >= 3", timeout=20_000)
    assert page.evaluate("document.hasFocus()")
    page.wait_for_function("() => window.shown.length > 0")
    notes = page.evaluate("window.shown.join()")
    assert "Something is waiting" in notes
    for planted in (record.reference, str(record.pk), cast.pharmacy("norfolk").name, "danger", "alert", "ANI"):
        assert planted.lower() not in notes.lower(), planted
    page.get_by_role("button", name="Quiet for a minute").click()
    sounded = page.locator("[data-armed]").get_attribute("data-sounded")
    time.sleep(5)  # more than one turn of the alarm
    expect(page.locator("[data-armed]")).to_have_attribute("data-sounded", str(sounded))
    second = started(cast.recorder("norfolk", "CD"), Danger.YES)  # what is new is heard all the same
    expect(page.locator("[data-armed]")).not_to_have_attribute("data-sounded", str(sounded), timeout=20_000)
    opened(cast.officer("norfolk", 2), record)
    opened(cast.officer("norfolk", 2), second)
    expect(page.locator("[data-loud]")).to_have_attribute("data-loud", "")
    sounded = page.locator("[data-armed]").get_attribute("data-sounded")
    time.sleep(5)  # more than one turn of the alarm
    expect(page.locator("[data-armed]")).to_have_attribute("data-sounded", str(sounded))


def test_no_page_of_the_desk_is_deaf(browser: Browser, server: Server, cast: Cast) -> None:
    """Given a page that waits to be opened, or asks why one looks, or shows what is kept; what comes sounds there."""
    record = started(cast.recorder("norfolk"), Danger.YES)
    page = desk_of(browser, server, cast, part="officer3", path=f"/triage/records/{record.pk}/")
    page.get_by_role("heading", name="Nobody has opened this yet").wait_for()
    page.wait_for_selector("[data-live-state=live]")
    page.get_by_role("button", name="Alarm is off: arm it").click()
    page.wait_for_function(SOUNDED, arg=2)
    fit_to_be_seen(page, "unopened")
    claimed(cast.officer("norfolk"), record)
    expect(page.locator("[data-loud]")).to_have_attribute("data-loud", "")
    for path, heading in ((f"records/{record.pk}/", "You do not hold this record"), ("retention/", "Retention")):
        page.evaluate("sessionStorage.removeItem('armed')")  # whether it goes on by itself is the browser's to say
        page.goto(f"/triage/{path}")
        page.get_by_role("heading", name=heading, exact=True).wait_for()
        page.wait_for_selector("[data-live-state=live]")
        page.get_by_role("button", name="Alarm is off: arm it").click()
        page.wait_for_selector("[data-armed=yes]")
        before = int(page.locator("[data-armed]").get_attribute("data-sounded") or 0)
        new = started(cast.recorder("norfolk", "CD"), Danger.YES)
        page.wait_for_function(SOUNDED, arg=before + 2)
        fit_to_be_seen(page, path.split("/")[0] + "-heard")
        opened(cast.officer("norfolk"), new)
        expect(page.locator("[data-loud]")).to_have_attribute("data-loud", "")


def test_a_page_connects_before_it_is_live_or_late(browser: Browser, server: Server, cast: Cast) -> None:
    """Neither colour before it is known: live with the first beat, late only when none came for eight seconds."""

    def without_feed(page: Page) -> None:
        page.route("**/live/desk", lambda route: route.abort())
        page.clock.install()

    page = desk_of(browser, server, cast, prepare=without_feed)
    page.get_by_text("Connecting…").wait_for()
    page.clock.run_for(6_000)
    expect(page.locator("[data-live]")).to_have_attribute("data-live-state", "connecting")
    picture(page, "desk-connecting-1366")
    page.clock.run_for(3_000)
    expect(page.locator("[data-live]")).to_have_attribute("data-live-state", "stale")
    page.clock.run_for(7_000)
    expect(page.locator("[data-live]")).to_have_attribute("data-live-state", "dead")


def test_who_won_whose_claim_lapsed_and_what_the_tablet_shows(browser: Browser, server: Server, cast: Cast) -> None:
    """Two see *Claim*; the second is told who was first. It is read, spoken about and let lapse: the tablet says each."""
    counter = Counter(browser, server, "norfolk tablet")
    counter.begin()
    counter.choose("Yes, now")
    counter.sees("Nobody has read it yet")
    first, second = (desk_of(browser, server, cast, part=part) for part in ("officer1", "officer2"))
    first.get_by_role("button", name="Open").first.click()
    first.get_by_role("button", name="Claim", exact=True).wait_for()
    second.goto(first.url)
    second.get_by_label("Covering for a colleague").check()
    second.get_by_role("button", name="Look at it").click()
    second.get_by_role("button", name="Claim", exact=True).wait_for()
    first.get_by_role("button", name="Claim", exact=True).click()
    first.get_by_text("held by Officer 1").first.wait_for()
    second.get_by_role("button", name="Claim", exact=True).click()
    second.get_by_text("Officer 1 claimed it first and holds it.").wait_for()
    fit_to_be_seen(second, "claimed-first")

    first.get_by_role("button", name="Officers are on the way.").click()
    counter.sees("Officers are on the way.")

    second.goto("/triage/")
    second.wait_for_selector("[data-live-state=live]")
    expect(second.locator("[data-loud]")).to_have_attribute("data-loud", "")
    as_owner(
        "update requests_codewordrequest set claimed_at = now() - interval '2 hours', acted_at = now() - interval '2 hours'"
    )
    assert run(now=timezone.now() + timedelta(seconds=1)) > 0
    first.get_by_text("Your claim lapsed without an action").wait_for()
    second.wait_for_function("() => document.querySelector('[data-loud]').dataset.loud")
    second.locator("[data-row]", has_text="nobody holds it").wait_for()
    fit_to_be_seen(second, "lapsed")
    counter.sees("No officer has it now")


def test_a_declined_offer_comes_back(browser: Browser, server: Server, cast: Cast) -> None:
    """With its reason, told on the page that is open; the other force's queue is empty again, and it is still ours."""
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    left(record)
    offered(by, record, cast.force("cheshire").pk)
    ours = desk_of(browser, server, cast)
    theirs = desk_of(browser, server, cast, "cheshire")
    theirs.get_by_label("Decline, because").select_option(label="Nobody here can take it on now")
    theirs.get_by_role("button", name="Decline").click()
    expect(theirs.locator("[data-offer]")).to_have_count(0)
    theirs.get_by_text("Nothing waiting.").wait_for()
    ours.get_by_text("The other force declined").wait_for()
    fit_to_be_seen(ours, "declined")
    ours.get_by_role("link", name="Show it").click()
    ours.get_by_text("held by Officer 1").first.wait_for()
    ours.locator(".entry", has_text="declined. Nobody here can take it on now").wait_for()


def test_a_supervisor_pauses_the_desk_and_ends_the_pause(browser: Browser, server: Server, cast: Cast) -> None:
    """Said on every page of the desk until when, and to the tablet before the tap; nobody else is offered it."""
    supervisor = desk_of(browser, server, cast, part="officer3")
    supervisor.get_by_role("button", name="15 minutes").click()
    supervisor.get_by_text("The desk is paused until").wait_for()
    fit_to_be_seen(supervisor, "paused")
    officer = desk_of(browser, server, cast)
    officer.get_by_text("The desk is paused until").wait_for()
    expect(officer.get_by_role("button", name="15 minutes")).to_have_count(0)
    counter = Counter(browser, server, "norfolk tablet")
    counter.choose("Urgent help")
    counter.sees("No officer is watching now")
    supervisor.get_by_role("button", name="End the pause").click()
    expect(supervisor.get_by_text("The desk is paused until")).to_have_count(0)
