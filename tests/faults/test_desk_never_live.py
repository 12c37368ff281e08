"""A queue in a browser, and the database behind it restarted: never *live* when it is not, and back by itself."""

import time

import pytest
from django.db import connections

from requests.enums import Danger
from tests.cast import Cast
from tests.conftest import ALIASES
from tests.e2e.conftest import _shared
from tests.e2e.triage.desks import desk_of, fit_to_be_seen
from tests.requests.steps import started

from .hurting import Faults

# Notes each change of what the page says of itself, by the machine's own clock.
WATCH = """
window.said = [];
const bar = document.querySelector("[data-live]");
const note = () => window.said.push([bar.dataset.liveState, performance.timeOrigin + performance.now()]);
note();
new MutationObserver(note).observe(bar, { attributes: true, attributeFilter: ["data-live-state"] });
"""


@pytest.mark.long
def test_the_database_is_restarted(faults: Faults) -> None:
    """Away for 25 seconds: late, then not live; back, it is live and shows what came, within ten seconds, without a reload."""
    cast, world = Cast(), faults.world
    page = desk_of(_shared(), world.server, cast)
    page.wait_for_selector("[data-live-state=live]")
    page.evaluate(WATCH)
    for alias in ALIASES:
        connections[alias].close()
    world.engine.stop()
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
        world.engine.start()
    record = started(cast.recorder("norfolk"), Danger.YES)
    back = time.monotonic()
    page.wait_for_selector("[data-live-state=live]", timeout=10_000)
    page.locator(f"[data-row='{record.pk}']").wait_for(timeout=10_000)
    print(f"FIGURE database restarted: live and caught up after {time.monotonic() - back:.1f} s")
    page.context.close()
