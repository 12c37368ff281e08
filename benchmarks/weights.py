"""What the tablet's screens weigh over the wire, as a real browser received them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

from ani_portal.engine.server import Engine
from benchmarks.harness import keep
from tests.cast import PIN
from tests.e2e.conftest import launch
from tests.e2e.server import Server

# The limits that the issue sets, in bytes.
FIRST, LATER = 100 * 1024, 15 * 1024
# Each touch of a danger record, and the question it leads to.
TOUCHES = (
    ("Yes, now", "Has 999 been rung?"),
    ("By me", "What would they like?"),
    ("Police now", "Do they agree"),
    ("Yes, they agree", "connected with the person"),
    ("Not known", "How may they be reached?"),
    ("Skip", "Where are they"),
    ("Skip", "In their own words"),
    ("Skip", "What you were told"),
    ("Skip", "Support for them"),
    ("Continue", "Reference"),
)


@dataclass
class Weights:
    """Bytes over the wire by screen: the cover with its style and program, then each screen after it."""

    first: int = 0
    later: dict[str, int] = field(default_factory=dict)


class Scales:
    """Weighs what a page receives."""

    def __init__(self, page: Page) -> None:
        self.addresses: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.send("Network.setBypassServiceWorker", {"bypass": True})
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._loaded)

    def _answered(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["response"]["url"]

    def _loaded(self, event: dict[str, Any]) -> None:
        address = self.addresses.get(event["requestId"], "?")
        # What a screen asks for besides, every few seconds and whatever is on it, is not the screen's weight.
        if not address.endswith(("/live/", "/heartbeat/", "/offline.js")):
            self.bytes[address] = self.bytes.get(address, 0) + int(event["encodedDataLength"])

    def weigh(self) -> int:
        """All since the last time."""
        found = sum(self.bytes.values())
        self.bytes.clear()
        return found


def weigh(page: Page) -> Weights:
    """From the cover to the receipt of a danger record."""
    found, scales = Weights(), Scales(page)
    page.goto("/counter/")
    page.wait_for_timeout(1000)
    found.first = scales.weigh()

    def touch(answer: str, leads_to: str) -> None:
        page.locator("#main").get_by_role("button", name=answer).first.click()
        page.locator("h1").filter(has_text=leads_to).first.wait_for()
        page.wait_for_timeout(100)
        found.later[leads_to] = scales.weigh()

    touch("AB", "your PIN")
    page.get_by_label("PIN").fill(PIN)
    touch("Continue", "Is anyone in danger right now?")
    for answer, leads_to in TOUCHES:
        touch(answer, leads_to)
    page.get_by_role("button", name="Help", exact=True).click()
    page.locator("h1").filter(has_text="Help").first.wait_for()
    page.wait_for_timeout(100)
    found.later["Help"] = scales.weigh()
    return found


@contextmanager
def _tablet(engine: Engine) -> Iterator[Page]:
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        server = Server(engine.urls(), log=Path(folder) / "server.log").start()
        browser = launch(playwright)
        try:
            context = browser.new_context(viewport={"width": 768, "height": 1024}, base_url=server.base_url)
            context.add_cookies(
                [{"name": "device", "value": "norfolk tablet", "url": server.base_url, "sameSite": "Strict"}]
            )
            yield context.new_page()
        finally:
            browser.close()
            server.stop()


def run(engine: Engine) -> None:
    """Weigh each screen and compare with the limits."""
    with _tablet(engine) as page:
        found = weigh(page)
    heaviest = max(found.later, key=lambda one: found.later[one])
    keep(
        "weights",
        {
            "first_screen_bytes": found.first,
            "first_screen_limit": FIRST,
            "later_screen_bytes": found.later,
            "later_screen_limit": LATER,
            "heaviest_later": heaviest,
        },
    )
    if found.first > FIRST or found.later[heaviest] > LATER:
        sys.exit(f"Too heavy: first {found.first}, {heaviest} {found.later[heaviest]}")
