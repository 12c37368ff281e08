"""Never *live* when it is not: a restarted database, a laptop that slept; and back by itself within ten seconds."""

import time

from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from requests.enums import Danger
from tests.ani_portal.doors.ages import age
from tests.cast import PASSWORD, Cast
from tests.e2e.server import Server
from tests.requests.steps import started

from .desks import desk_of


def unlock(page: Page) -> None:
    """Its officer is back."""
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Open again").click()


def test_a_laptop_that_slept_for_an_hour(browser: Browser, server: Server, cast: Cast) -> None:
    """Its clock jumps, its stream is gone, something came meanwhile: it wakes locked and not live, says that something waits
    within ten seconds, and shows it to who gives the password."""
    page = desk_of(browser, server, cast, prepare=lambda page: page.clock.install())
    page.wait_for_selector("[data-live-state=live]")
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    page.context.set_offline(True)
    record = started(cast.recorder("norfolk"), Danger.YES)
    server.kill_workers()  # the stream's other end is gone, as after an hour it would be
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    age(cookies[settings.SESSION_COOKIE_NAME], idle=3600)  # the hour went by on the server too
    time.sleep(1)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    page.clock.fast_forward(3_600_000)
    page.wait_for_selector("[data-live-state=dead]", timeout=5_000)
    assert page.title().startswith("NOT LIVE")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(page.locator("[data-row]:visible")).to_have_count(0)
    page.context.set_offline(False)
    woken = time.monotonic()
    page.wait_for_selector("[data-live-state=live]", timeout=10_000)
    expect(page.locator("[data-idle-waiting]")).to_have_text("Something is waiting.", timeout=10_000)
    print(f"FIGURE asleep for an hour: live and caught up {time.monotonic() - woken:.1f} s after the network was back")
    unlock(page)
    page.locator(f"[data-row='{record.pk}']").wait_for()
