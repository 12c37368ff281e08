"""What the screens weigh over the wire: the limits, and the benchmark that measures them."""

from playwright.sync_api import Browser

from benchmarks.weights import FIRST, LATER, weigh
from tests.e2e.server import Server

from .tablet import Tablet


def test_first_screen_100_kb_later_15_kb(browser: Browser, server: Server, watched: None) -> None:
    """Bytes as the browser received them: the cover with its style and program, then each screen after it."""
    found = weigh(Tablet(browser, server, "norfolk tablet").page)
    assert found.first <= FIRST, found
    assert len(found.later) == 13 and max(found.later.values()) <= LATER, found
