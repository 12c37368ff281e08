"""A queue whose stream was refused becomes live again by itself."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.cast import Cast

from .server import Server


def test_a_queue_that_found_no_place_is_live_when_there_is_one(
    browser: Browser, cast: Cast, urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a full house (503); when the server comes back with room; then the open page is live without a reload."""
    monkeypatch.setenv("LIVE_MOST_STREAMS", "0")
    server = Server(urls, log=tmp_path / "server.log").start()
    context = browser.new_context(base_url=server.base_url)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cast.session("norfolk", "officer1"), "url": server.base_url}]
    )
    page = context.new_page()
    with page.expect_response("**/live/desk") as refused:
        page.goto("/triage/")
    assert refused.value.status == 503
    page.evaluate("window.sameDocument = true")
    server.stop()
    monkeypatch.setenv("LIVE_MOST_STREAMS", "9")
    server.start()
    page.wait_for_selector("[data-live-state=live]", timeout=40_000)
    assert page.evaluate("window.sameDocument") is True
    context.close()
    server.stop()
