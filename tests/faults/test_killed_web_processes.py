"""`kill -9` of the web processes loses nothing that was accepted and makes nothing twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from requests.enums import Danger
from requests.models import CodewordRequest, Entry
from tests.cast import Cast
from tests.e2e.conftest import Counter, browser
from tests.e2e.server import Server

__all__ = ["browser"]


@pytest.fixture
def two_workers(cast: Cast, urls: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """The real server with two workers."""
    running = Server(urls, workers=2, log=tmp_path / "server.log").start()
    yield running
    running.stop()


def test_the_page_goes_on_by_itself_and_nothing_is_lost(browser: Browser, two_workers: Server, cast: Cast) -> None:
    """Given an alert that was received; when every web process is killed; then the next answer arrives, and once."""
    counter = Counter(browser, two_workers, "norfolk tablet")
    counter.begin()
    counter.choose("Yes, now")
    counter.sees("Nobody has read it yet")
    for answer, then in (("By me", "What would they like?"), ("Police now", "Do they agree")):
        two_workers.kill_workers()
        counter.choose(answer)
        counter.sees(then)
    two_workers.kill_workers()
    counter.choose("Yes, they agree")
    expect(counter.page.get_by_text("Do they agree that police are told?")).to_have_count(0, timeout=20_000)
    (record,) = CodewordRequest.objects.using("owner").all()
    assert record.danger == Danger.YES and record.wish == "police_now" and record.agreed_at is not None
    assert list(Entry.objects.using("owner").values_list("kind", flat=True)).count("rung_999") <= 1
