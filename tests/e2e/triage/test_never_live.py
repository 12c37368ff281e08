"""Never *live* when it is not: a restarted database, a laptop that slept; and back by itself within ten seconds."""

import time

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from ani_portal.engine.server import Engine
from requests.enums import Danger
from tests.cast import PASSWORD, Cast
from tests.conftest import ALIASES
from tests.e2e.server import Server
from tests.requests.steps import started

from .desks import desk_of, fit_to_be_seen

# Notes each change of what the page says of itself, by the machine's own clock.
WATCH = """
window.said = [];
const bar = document.querySelector("[data-live]");
const note = () => window.said.push([bar.dataset.liveState, performance.timeOrigin + performance.now()]);
note();
new MutationObserver(note).observe(bar, { attributes: true, attributeFilter: ["data-live-state"] });
"""


@pytest.mark.long
def test_the_database_is_restarted(browser: Browser, server: Server, cast: Cast, engine: Engine) -> None:
    """Away for 25 seconds: late, then not live; back, it is live and shows what came, within ten seconds, without a reload."""
    page = desk_of(browser, server, cast)
    page.wait_for_selector("[data-live-state=live]")
    page.evaluate(WATCH)
    for alias in ALIASES:
        connections[alias].close()
    engine.stop()
    try:
        stopped = time.time()
        page.wait_for_selector("[data-live-state=dead]", timeout=25_000)
        fit_to_be_seen(page, "database-away")
        assert page.title().startswith("NOT LIVE")
        states = page.evaluate("window.said")
        # The last beat was at most three seconds old; eight seconds after it the page no longer says live.
        assert all(state != "live" or at / 1000 - stopped < 9 for state, at in states), states
        time.sleep(5)
        assert page.locator("[data-live-state=dead]").count() == 1
    finally:
        engine.start()
    record = started(cast.recorder("norfolk"), Danger.YES)
    back = time.monotonic()
    page.wait_for_selector("[data-live-state=live]", timeout=10_000)
    page.locator(f"[data-row='{record.pk}']").wait_for(timeout=10_000)
    print(f"FIGURE database restarted: live and caught up after {time.monotonic() - back:.1f} s")


def unlock(page: Page) -> None:
    """Its officer is back."""
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Open again").click()


def test_a_laptop_that_slept_for_an_hour(browser: Browser, server: Server, cast: Cast) -> None:
    """Its clock jumps, its stream is gone, something came meanwhile: it wakes locked and not live, says that something waits
    within ten seconds, and shows it to who gives the password."""
    page = desk_of(browser, server, cast, prepare=lambda page: page.clock.install())
    page.wait_for_selector("[data-live-state=live]")
    page.evaluate(WATCH)
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    page.context.set_offline(True)
    record = started(cast.recorder("norfolk"), Danger.YES)
    server.kill_workers()  # the stream's other end is gone, as after an hour it would be
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
