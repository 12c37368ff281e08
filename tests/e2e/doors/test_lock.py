"""Idle pages lock, ask again, and give back what was typed; feed and alarm go on."""

from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect

from ani_portal.access.scope import scoped
from requests.actions import start_record
from requests.enums import Danger
from tests.ani_portal.doors.ages import age
from tests.cast import PASSWORD, Cast
from tests.e2e.server import Server
from tests.sign_in import next_code

from .people import Signed, opened


def _alert(cast: Cast) -> str:
    by = cast.covered("norfolk")
    with scoped(by.scope):
        return str(start_record(by=by, key=uuid4(), danger=Danger.YES).pk)


def test_fifteen_idle_minutes_lock_the_page_but_not_its_feed(browser: Browser, server: Server, cast: Cast) -> None:
    """Given an open queue that nobody touches; it warns, hides its rows, still hears the next alert, and comes back."""
    page = opened(browser, server, cast, "norfolk", "officer1", "/triage/")
    page.wait_for_selector("[data-live-state=live]")
    page.clock.fast_forward("14:10")
    expect(page.get_by_role("heading", name="Are you there?")).to_be_visible()
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("heading", name="Are you there?")).to_be_hidden()
    page.clock.fast_forward("15:05")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(page.get_by_text("Nothing is waiting.")).to_be_visible()
    record = _alert(cast)
    expect(page.get_by_role("dialog", name="Locked").get_by_text("Something is waiting.")).to_be_visible()
    # The alarm needs to know which it has sounded for: an id, and nothing of the record.
    assert cast.pharmacy("norfolk").postcode not in page.content()
    expect(page.locator("[data-row]")).to_have_count(0)
    page.get_by_label("Your password").fill("not the password")
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_text("That password is not right.")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Open again").click()
    expect(page.locator(f'[data-row="{record}"]')).to_be_visible()


def test_tabs_share_the_lock_and_keep_what_was_typed(browser: Browser, server: Server, cast: Cast) -> None:
    """Given two tabs; presence in one keeps both open; a lock in one locks both; typed text is still there after."""
    first = opened(browser, server, cast, "norfolk", "coordinator", "/account/password/")
    first.get_by_label("New password", exact=True).fill("half a thought")
    second = first.context.new_page()  # one clock for all tabs of a browser
    second.goto("/account/")
    first.clock.fast_forward("10:00")
    second.keyboard.press("Tab")  # somebody is at the other tab
    first.clock.fast_forward("10:00")
    expect(first.get_by_role("heading", name="Are you there?")).to_be_hidden()
    first.clock.fast_forward("04:20")
    expect(first.get_by_role("heading", name="Are you there?")).to_be_visible()
    second.get_by_role("button", name="I am here").click()
    expect(first.get_by_role("heading", name="Are you there?")).to_be_hidden()
    first.clock.fast_forward("15:05")
    expect(first.get_by_role("heading", name="Locked")).to_be_visible()
    expect(second.get_by_role("heading", name="Locked")).to_be_visible()
    second.get_by_label("Your password").fill(PASSWORD)
    second.get_by_role("button", name="Open again").click()
    expect(first.get_by_role("heading", name="Locked")).to_be_hidden()
    expect(first.get_by_label("New password", exact=True)).to_have_value("half a thought")


def test_the_server_locks_too(server: Server, cast: Cast) -> None:
    """Without the page's help: a quarter of an hour after the last touch no page answers, and what was typed goes along."""
    person = Signed(server, cast, "norfolk", "officer1")
    assert person.get("/triage/").status_code == 200
    age(person.key, idle=14.5 * 60)
    assert (
        person.get("/triage/rows/", **{"HX-Request": "true"}).status_code == 200
    )  # the page by itself: nobody's presence
    age(person.key, idle=15 * 60 + 1)
    assert person.get("/triage/").headers["Location"] == "/account/again/?next=%2Ftriage%2F"
    rows = person.get("/triage/rows/", **{"HX-Request": "true"})
    assert rows.status_code == 200 and "data-band" not in rows.text
    stopped = person.post("/triage/information/acknowledge/", {"line": "typed before"})
    assert stopped.status_code == 423 and 'name="c:line" value="typed before"' in stopped.text
    wrong = person.post("/account/again/", {"password": "wrong", "next": "/triage/", "c:line": "typed before"})
    assert wrong.status_code == 422 and 'value="typed before"' in wrong.text
    again = person.post("/account/again/", {"password": PASSWORD, "next": "/triage/", "c:line": "typed before"})
    assert 'name="line" value="typed before"' in again.text
    assert person.get("/triage/").status_code == 200


def test_twelve_hours_are_the_end_but_never_silence_an_armed_page(server: Server, cast: Cast) -> None:
    """Both factors are asked then; the stream that was open, and a new one, go on."""
    person = Signed(server, cast, "norfolk", "officer2")
    age(person.key, old=12 * 3600 + 5)
    assert person.get("/triage/").status_code == 302
    with httpx.stream("GET", server.base_url + "/live/desk", cookies={"session": person.key}) as stream:
        assert stream.status_code == 200
    assert person.post("/account/again/", {"password": PASSWORD}).status_code == 422
    code = next_code(server.base_url, person.email)
    assert person.post("/account/again/", {"password": PASSWORD, "code": code}).status_code == 302
    assert person.get("/triage/").status_code == 200


@pytest.mark.parametrize("path", ["/account/password/", "/account/passkeys/add/"])
def test_what_is_dangerous_asks_again(server: Server, cast: Cast, path: str) -> None:
    """Given a sign-in of some minutes ago; a dangerous page asks for a fresh code first."""
    person = Signed(server, cast, "norfolk", "officer1")
    assert person.get(path).status_code == 200
    age(person.key, old=6 * 60)
    assert person.get(path).headers["Location"].startswith("/account/again/")
    codes = person.post("/account/recovery-codes/")
    assert codes.status_code == 423
    person.post("/account/again/", {"code": next_code(server.base_url, person.email)})
    assert person.get(path).status_code == 200
