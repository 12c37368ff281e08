"""One commit wakes every open page of a force: an armed page that is seen goes first, the others do not stand in its way."""

from playwright.sync_api import Browser, Page, expect

from requests.enums import Danger
from tests.cast import Cast
from tests.e2e.server import Server
from tests.requests.steps import started

from .desks import desk_of

# The longest that chance can choose; and when the page heard of a change and when it then asked.
NOTES = """
Math.random = () => 0.999;
window.heardAt = [];
window.askedAt = [];
const listen = EventSource.prototype.addEventListener;
EventSource.prototype.addEventListener = function (kind, then, ...more) {
  return listen.call(this, kind, (event) => {
    if (kind === "changed") window.heardAt.push(performance.now());
    then(event);
  }, ...more);
};
addEventListener("DOMContentLoaded", () =>
  document.body.addEventListener("changed", () => window.askedAt.push(performance.now())));
"""
# From the first time that it heard to the first time that it asked after that, in milliseconds.
WAITED = """() => {
  const at = window.heardAt[0];
  const asked = window.askedAt.find((one) => one > at);
  return at && asked ? asked - at : 0;
}"""


def waited(page: Page) -> float:
    """How long this page let others go first."""
    return float(page.wait_for_function(WAITED, timeout=20_000).json_value())


def test_an_armed_page_reads_at_once_and_the_others_a_moment_later(
    browser: Browser, server: Server, cast: Cast
) -> None:
    """Both show the row; nothing is armed on the second."""
    first, second = (
        desk_of(browser, server, cast, part=part, prepare=lambda page: page.add_init_script(NOTES))
        for part in ("officer1", "officer2")
    )
    first.get_by_role("button", name="Alarm is off: arm it").click()
    first.wait_for_selector("[data-armed=yes]")
    for page in (first, second):
        page.wait_for_selector("[data-live-state=live]")
    first.wait_for_timeout(1500)  # that it was armed is heard, and read, by then
    for page in (first, second):
        page.evaluate("window.heardAt.length = window.askedAt.length = 0")
    record = started(cast.recorder("norfolk"), Danger.YES)
    # Of the two, not of the clock: a busy machine makes both wait.
    assert waited(first) + 100 < waited(second) and waited(second) > 400
    for page in (first, second):
        expect(page.locator(f"[data-row='{record.pk}']")).to_be_visible()
        page.context.close()
