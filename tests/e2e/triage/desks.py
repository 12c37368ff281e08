"""Officers' browsers for the desk's tests: signed in by their session, and what every page is held to."""

import json
from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.cast import Cast
from tests.e2e.pictures import picture
from tests.e2e.server import ROOT, Server

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def desk_of(
    browser: Browser, server: Server, cast: Cast, force: str = "norfolk", part: str = "officer1", path: str = "/triage/",
    prepare: Callable[[Page], object] = lambda page: None,
) -> Page:  # fmt: skip
    """The page that somebody of the cast opens; `prepare` is done to it before that."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 900}, base_url=server.base_url, accept_downloads=True
    )
    context.set_default_timeout(20_000)
    session = {"name": settings.SESSION_COOKIE_NAME, "value": cast.session(force, part), "url": server.base_url}
    context.add_cookies([session])  # type: ignore[list-item]
    page = context.new_page()
    prepare(page)
    page.goto(path)
    return page


def fit_to_be_seen(page: Page, name: str) -> None:
    """No violation of WCAG 2.2 AA that axe can find, nothing wider than the screen; pictures at the desk's and the wall's
    width."""
    page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", {"runOnly": RULES})["violations"]
    assert not found, json.dumps([(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    for width, height in ((1920, 1080), (1366, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
        picture(page, f"desk-{name}-{width}", whole=True)
