"""A real browser at a real server."""

import atexit
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.cast import PASSWORD, PIN, Cast
from tests.sign_in import next_code

from .server import ROOT, Server

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """The machine's Chromium, with the back/forward cache that Playwright would switch off."""
    path = next((one for one in CHROMIUM if Path(one).exists()), None)
    return playwright.chromium.launch(
        executable_path=path, timeout=30_000, args=QUIET, ignore_default_args=["--disable-back-forward-cache"]
    )


@cache
def _shared() -> Browser:
    """One browser for the process, whichever folder's tests ask first: two at once in one thread are refused."""
    playwright = sync_playwright().start()
    found = launch(playwright)
    atexit.register(playwright.stop)
    atexit.register(found.close)
    return found


@pytest.fixture(scope="session")
def browser() -> Browser:
    """One browser for the run; each test opens windows of its own in it."""
    return _shared()


@pytest.fixture
def server(cast: Cast, urls: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """The server on this test's database."""
    running = Server(urls, log=tmp_path / "server.log").start()
    yield running
    running.halt()
    print((tmp_path / "server.log").read_text()[-4000:])


@pytest.fixture(autouse=True)
def pictures_of_failures(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave a picture of every open page behind when a test fails."""
    failed = request.session.testsfailed
    yield
    if request.session.testsfailed > failed and "browser" in request.fixturenames:
        folder = ROOT / "var" / "failures"
        folder.mkdir(parents=True, exist_ok=True)
        for number, context in enumerate(request.getfixturevalue("browser").contexts):
            for page in context.pages:
                page.screenshot(path=folder / f"{request.node.name}-{number}.png")
    if "browser" in request.fixturenames:
        for context in request.getfixturevalue("browser").contexts:
            context.close()


class Desk:
    """An officer's browser."""

    def __init__(self, browser: Browser, server: Server, email: str) -> None:
        self.context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=server.base_url)
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.page.goto("/sign-in/?next=/triage/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_label("Code").fill(next_code(server.base_url, email))
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url("**/triage/")
        self.page.wait_for_selector("[data-live-state=live]")


class Counter:
    """A tablet in a pharmacy."""

    def __init__(self, browser: Browser, server: Server, secret: str) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 768, "height": 1024}, has_touch=True, base_url=server.base_url
        )
        self.context.add_cookies(
            [{"name": "device", "value": secret, "url": server.base_url, "sameSite": "Strict", "httpOnly": True}]
        )
        self.context.set_default_timeout(20_000)
        self.prepare()
        self.page: Page = self.context.new_page()
        self.page.goto("/counter/")

    def prepare(self) -> None:
        """What comes before the first page."""

    def begin(self, initials: str = "AB", pin: str = PIN) -> None:
        """Tile and PIN."""
        self.page.get_by_role("button", name=initials).tap()
        self.page.get_by_label("PIN").fill(pin)
        self.page.get_by_role("button", name="Continue").tap()
        self.page.get_by_role("heading", name="Is anyone in danger right now?").wait_for()

    def still(self) -> None:
        """Wait until the screen takes taps again: a new one, or one that has just moved, does not for a moment."""
        self.page.wait_for_selector("html:not([data-settling])", state="attached")

    def choose(self, answer: str) -> None:
        """Touch an answer."""
        self.still()
        self.page.get_by_role("button", name=answer).tap()

    def sees(self, text: str) -> None:
        """Wait until the screen says `text`."""
        self.page.get_by_text(text).first.wait_for()
