"""After cover and finish nothing that was typed is anywhere in the browser, not in its back/forward cache either."""

import json

from playwright.sync_api import Page

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


def kept_in_the_back_forward_cache(tablet: Tablet) -> str:
    """Types, goes to another page of the server, and back by the browser's own button: what the page then holds."""
    typed(tablet)
    # Seen before any script of the page acts on coming back.
    tablet.page.evaluate(
        "addEventListener('pageshow', event => { window.cameBack = event.persisted + ' ' + document.body.outerHTML"
        " + [...document.querySelectorAll('textarea')].map(one => one.value); }, true)"
    )
    tablet.page.evaluate("history.replaceState = null; location.href = '/healthz'")
    tablet.page.wait_for_url("**/healthz")
    tablet.page.go_back(wait_until="commit")
    tablet.page.wait_for_timeout(500)
    return str(tablet.page.evaluate("window.cameBack ?? ''")) + tablet.page.content()


def test_the_back_button_finds_nothing(tablet: Tablet) -> None:
    """Given words typed; when the page is left and the browser goes back; then there is the cover and no word."""
    assert PLANTED not in kept_in_the_back_forward_cache(tablet)
    tablet.at(COVER)
