"""Both registers through the page, in a real browser with the real worker: the progress seen, twice without change."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.cast import Cast
from tests.e2e.server import ROOT, Server
from tests.pharmacies.register.test_real_files import KINDS, MOST, SOURCE, contents, places

from .walk import Walk

pytestmark = pytest.mark.long

__all__ = ["contents", "places"]
# What the page says of how far it is, each time that changes.
SEEN = """() => {
    window.seen = new Set();
    const look = () => {
        const part = document.querySelector('#progress');
        const found = part?.textContent.match(/([0-9]+) of ([0-9]+) rows/);
        if (found) window.seen.add(found[0]);
    };
    new MutationObserver(look).observe(document.documentElement, {childList: true, subtree: true, characterData: true});
    look();
}"""


@pytest.fixture
def worker(urls: dict[str, str], tmp_path: Path) -> Iterator[None]:
    """The worker as it is started in service."""
    environment = os.environ | urls | {"DATABASE_URL": urls["DATABASE_WORKER_URL"], "ANI_TRYOUT": "1"}
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def counts(walk: Walk) -> set[str]:
    """What the page has said so far; nothing while it loads itself anew."""
    try:
        return set(walk.page.evaluate("[...(window.seen ?? [])]"))
    except Error:
        return set()


def watched(walk: Walk, until: str, seconds: float) -> tuple[float, set[str]]:
    """Wait until the page shows it; how long that took, and which numbers of rows were seen on the way."""
    began, seen = time.monotonic(), set[str]()
    walk.page.evaluate(SEEN)
    while not walk.page.locator(until).first.is_visible():
        assert time.monotonic() - began < seconds, walk.page.inner_text("main")
        seen |= counts(walk)
        time.sleep(0.1)
    return time.monotonic() - began, seen


@pytest.mark.usefixtures("places", "worker")
def test_both_registers_in_a_browser(
    browser: Browser, server: Server, cast: Cast, contents: dict[str, bytes], tmp_path: Path
) -> None:
    """Given, seen at work, applied, given again: nothing to apply."""
    walk = Walk(browser, server, cast.email("norfolk", "coordinator"))
    for kind, (_part, count, day) in KINDS.items():
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(contents[kind])
        for turn in ("first", "again"):
            walk.open("/onboarding/files/")
            walk.page.get_by_label("The file").set_input_files(path)
            walk.page.get_by_label("The day it is of").fill(day.isoformat())
            walk.press("Read the file")
            took, seen = watched(walk, ".totals", 6 * MOST)
            print(
                f"FIGURE {kind}, {count} rows, {SOURCE}, {turn}: dry run seen after {took:.1f} s, on the way {sorted(seen)}"
            )
            assert took < MOST and seen
            walk.check()
            shown = [int(text) for text in walk.page.locator(".totals b").all_inner_texts()]
            assert sum(shown) == count
            if turn == "again":
                expect(walk.page.get_by_text("There is nothing to apply")).to_be_visible()
                break
            refused = walk.page.get_by_role("heading", name="Not taken, and to be looked at")
            expect(refused).to_be_visible()
            walk.press("Apply")
            took, seen = watched(walk, ".totals", 6 * MOST)
            print(f"FIGURE {kind}: written after {took:.1f} s, on the way {sorted(seen)}")
            expect(walk.page.locator("#progress")).to_have_text(re.compile("Written"))
            assert seen
            walk.check()
