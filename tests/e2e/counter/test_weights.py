"""What the screens weigh over the wire, and that nothing on them jumps."""

from typing import Any

from playwright.sync_api import Browser

from tests.e2e.server import Server

from .tablet import DANGER, Tablet

FIRST, LATER = 100 * 1024, 15 * 1024


def test_first_screen_100_kb_later_15_kb_and_no_shift(browser: Browser, server: Server, watched: None) -> None:
    """Bytes as the browser received them: the first screen with its style and program, then each screen after it."""
    tablet = Tablet(browser, server, "norfolk tablet")
    session = tablet.context.new_cdp_session(tablet.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    weights: dict[str, int] = {}

    def answered(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]

    def loaded(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "?")
        weights[address] = weights.get(address, 0) + int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", loaded)
    tablet.page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries()"
        ".forEach(one => { if (!one.hadRecentInput) window.shift += one.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    tablet.page.goto("/counter/")
    tablet.page.wait_for_timeout(1000)
    first = sum(weights.values())
    assert tablet.page.evaluate("window.shift") < 0.01
    later: dict[str, int] = {}
    tablet.choose("AB")
    tablet.page.get_by_label("PIN").fill("246810")
    for answer, heading in (
        ("Continue", DANGER), ("Yes, now", "Has 999"), ("By me", "What would"), ("Police now", "Do they agree"),
        ("Yes, they agree", "connected"), ("Not known", "How may they"), ("Skip", "Where are they"),
        ("Skip", "In their own words"), ("Skip", "What you were told"), ("Skip", "Support"), ("Continue", "Reference"),
    ):  # fmt: skip
        weights.clear()
        tablet.choose(answer)
        tablet.at(heading)
        later[heading] = max(weights.values(), default=0)
    print(f"first screen {first / 1024:.1f} KB, later at most {max(later.values()) / 1024:.1f} KB")
    assert first <= FIRST, first
    assert max(later.values()) <= LATER, later
