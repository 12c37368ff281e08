"""After cover and finish nothing that was typed is anywhere in the browser, not in its back/forward cache either."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.e2e.server import Server
from tests.e2e.wire import Wire

from .tablet import COVER, Tablet

PLANTED = "PLANTED-4711"

EVERYWHERE = """async () => {
    const found = {cookies: document.cookie, url: location.href, title: document.title, dom: document.documentElement.outerHTML};
    found.local = JSON.stringify({...localStorage});
    found.session = JSON.stringify({...sessionStorage});
    found.databases = JSON.stringify(await indexedDB.databases());
    found.caches = '';
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            found.caches += request.url + await (await cache.match(request)).text();
        }
    }
    found.state = JSON.stringify(history.state);
    return found;
}"""


def typed(tablet: Tablet) -> None:
    """Words on the screen, not yet saved."""
    tablet.begin()
    tablet.choose("Not sure")
    tablet.at("What would they like?")
    tablet.to_words()
    tablet.page.get_by_label("What they said, in their own words").fill(PLANTED)


def nothing_left(page: Page) -> None:
    """Fails where the planted words are still found."""
    for place, text in page.evaluate(EVERYWHERE).items():
        assert PLANTED not in text, place
    session = page.context.new_cdp_session(page)
    history = json.dumps(session.send("Page.getNavigationHistory"))
    assert PLANTED not in history
    assert {entry["title"] for entry in session.send("Page.getNavigationHistory")["entries"][1:]} <= {"Consultation"}
    assert PLANTED not in json.dumps(page.context.cookies())


def test_cover_and_finish_leave_no_trace_and_ask_no_other_host(tablet: Tablet) -> None:
    """Given words typed; when it is covered, taken up again, sent and finished; then they are found nowhere."""
    hosts: set[str] = set()
    tablet.page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    typed(tablet)
    tablet.choose("Cover")
    tablet.at(COVER)
    nothing_left(tablet.page)
    tablet.begin()
    tablet.choose("Person A")
    tablet.at("In their own words")
    tablet.choose("Save and send")
    tablet.to_told_receipt()
    tablet.choose("Finish and cover")
    tablet.at(COVER)
    nothing_left(tablet.page)
    tablet.page.reload()
    tablet.at(COVER)
    nothing_left(tablet.page)
    assert hosts == {tablet.server.base_url.split("/")[2]}


# Browsers disagree on whether a page marked *no-store* may go into the back/forward cache, and change their minds. So the
# page is served here without that mark: what keeps the words out must be the page itself.
MARK = "came back: "
KEPT = {b"no-store": b"no-cache"}
WITHOUT_ITS_WIPE = {b'"pagehide"': b'"pagehidX"', b'"visibilitychange"': b'"visibilitychangX"'}


@contextmanager
def kept_by_the_browser(browser: Browser, server: Server, change: dict[bytes, bytes]) -> Iterator[Tablet]:
    """Norfolk's tablet, behind a relay that changes what it is served."""
    assert all(len(old) == len(new) for old, new in change.items())
    wire = Wire(lambda: server.port, change)
    try:
        yield Tablet(browser, Server(server.urls, port=wire.port), "norfolk tablet")
    finally:
        wire.close()


def held_on_coming_back(tablet: Tablet) -> str:
    """Types, goes to another page of the server, and back by the browser's own button: what the page then holds."""
    page = tablet.page
    typed(tablet)
    why: list[str] = []
    session = tablet.context.new_cdp_session(page)
    session.send("Page.enable")
    session.on("Page.backForwardCacheNotUsed", lambda event: why.append(json.dumps(event["notRestoredExplanations"])))
    # Said before any script of the page acts on coming back, because then it goes to the cover.
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if MARK in message.text else None)
    page.evaluate(
        f"addEventListener('pageshow', event => console.log('{MARK}' + event.persisted + ' ' + document.body.outerHTML"
        " + [...document.querySelectorAll('textarea')].map(one => one.value)), true)"
    )
    page.evaluate("location.href = '/healthz'")
    page.wait_for_url("**/healthz")
    page.go_back(wait_until="commit")
    page.wait_for_url("**/counter/")
    for _wait in range(100):
        if said or why:
            break
        page.wait_for_timeout(100)
    held = " ".join(said)
    assert held.startswith(f"{MARK}true "), f"the browser did not keep the page, so this would prove nothing: {why}"
    return held + page.content()


def test_the_back_button_finds_nothing(browser: Browser, server: Server, watched: None) -> None:
    """Given words typed; when the page is left and the browser goes back to it; then it holds no word, and is the cover."""
    with kept_by_the_browser(browser, server, KEPT) as tablet:
        assert PLANTED not in held_on_coming_back(tablet)
        tablet.at(COVER)
        tablet.page.go_forward(wait_until="commit")
        tablet.page.go_back(wait_until="commit")
        tablet.at(COVER)
        tablet.page = tablet.context.new_page()  # a tab opened again
        tablet.page.goto("/counter/")
        tablet.at(COVER)
        nothing_left(tablet.page)


def test_the_back_button_finds_it_without_the_wipe(browser: Browser, server: Server, watched: None) -> None:
    """The control: given a page that does not wipe itself; then the same way finds the word, so the test above can fail."""
    with kept_by_the_browser(browser, server, KEPT | WITHOUT_ITS_WIPE) as tablet:
        assert PLANTED in held_on_coming_back(tablet)
