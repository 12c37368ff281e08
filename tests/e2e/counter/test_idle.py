"""A covered tablet with nothing open costs the service next to nothing, and still notices at once that it is alone."""

import time

from playwright.sync_api import expect

from tests.cast import Cast
from tests.e2e.server import Server

from .tablet import Tablet

WATCH_SECONDS = 16


def test_a_cover_with_nothing_open_does_not_ask(tablet: Tablet, server: Server, cast: Cast) -> None:
    """Given a cover and a stream that is heard; when time passes; then no asking. When the network goes, it says so."""
    asked: list[float] = []
    tablet.page.on(
        "request", lambda one: asked.append(time.monotonic()) if one.url.endswith("/counter/live/") else None
    )
    tablet.page.wait_for_timeout(6_000)  # the stream is there, and the first beat
    before = len(asked)
    tablet.page.wait_for_timeout(WATCH_SECONDS * 1000)
    assert len(asked) == before
    tablet.context.set_offline(True)
    expect(tablet.page.locator("[data-no-connection]")).to_be_visible(timeout=20_000)
    tablet.context.set_offline(False)
    expect(tablet.page.locator("[data-no-connection]")).to_be_hidden(timeout=30_000)
    assert len(asked) > before


def test_a_cover_with_something_open_goes_on_asking(tablet: Tablet) -> None:
    """Given an alarm that nobody has read; when the tablet is covered; then it asks every few seconds."""
    tablet.begin()
    tablet.choose("Yes, now")
    tablet.page.get_by_role("button", name="Cover", exact=True).tap()
    tablet.page.get_by_text("not read yet").wait_for()
    with tablet.page.expect_request(lambda one: one.url.endswith("/counter/live/"), timeout=15_000):
        pass
    with tablet.page.expect_request(lambda one: one.url.endswith("/counter/live/"), timeout=15_000):
        pass
