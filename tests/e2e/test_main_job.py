"""From codeword to queue, in real browsers: the main job, both ways round."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.cast import Cast

from .conftest import Counter, Desk
from .pictures import picture
from .server import Server

OTHER = {"norfolk": "cheshire", "cheshire": "norfolk"}


@pytest.mark.parametrize("force", ["norfolk", "cheshire"])
def test_danger_now_reaches_the_queue_of_its_own_force(
    browser: Browser, server: Server, cast: Cast, force: str
) -> None:
    """Given a tablet and officers of both forces; when danger now is recorded; then that force alone sees it, at once."""
    desk = Desk(browser, server, cast.email(force, "officer1"))
    other = Desk(browser, server, cast.email(OTHER[force], "officer1"))
    counter = Counter(browser, server, f"{force} tablet")

    counter.begin()
    counter.choose("Yes, now")
    counter.sees("Nobody has read it yet")
    counter.sees("This does not replace 999")
    picture(counter.page, f"main-tablet{'' if force == 'norfolk' else '-cheshire'}")

    row = desk.page.locator("[data-band=alert] [data-row]")
    row.wait_for(timeout=3000)  # without a reload
    expect(row).to_contain_text("danger now")
    picture(desk.page, f"main-queue{'' if force == 'norfolk' else '-cheshire'}")
    record = row.get_attribute("data-row")

    desk.page.get_by_role("button", name=re.compile("Open")).click()
    desk.page.wait_for_url(f"**/triage/records/{record}/")
    counter.choose("By me")
    counter.sees("Read by an officer at")

    desk.page.get_by_role("button", name="Claim", exact=True).click()
    expect(desk.page.get_by_text("held by Officer 1")).to_be_visible()

    counter.choose("Police now")
    counter.choose("Yes, they agree")
    counter.choose("Not known")  # connected to police or pharmacy
    counter.choose("Skip")  # safe contact
    counter.choose("Skip")  # where
    counter.page.get_by_label("What they said, in their own words").fill("PLANTED words of nobody")
    counter.choose("Save and send")
    counter.choose("Skip")  # what staff were told
    counter.choose("Continue")  # support
    counter.sees("An officer is dealing with it.")
    expect(desk.page.get_by_text("PLANTED words of nobody")).to_be_visible()  # it arrives while the record is open

    expect(other.page.locator("[data-row]")).to_have_count(0)
    expect(other.page.get_by_text("Nothing waiting.")).to_be_visible()
    cookies = {cookie["name"]: cookie["value"] for cookie in other.context.cookies()}
    origin = {"Origin": server.base_url, "Referer": server.base_url}
    for path in ("", "open/", "entries/", "claim/", "unclaim/", "close/"):
        address = f"{server.base_url}/triage/records/{record}/{path}"
        page = httpx.get(address, cookies=cookies)
        assert page.status_code in (404, 405), path
        posted = httpx.post(
            address, cookies=cookies, headers=origin | {"X-CSRFToken": cookies["form"]}, data={"outcome": "attended"}
        )
        assert posted.status_code in (404, 405), path
        assert 404 in (page.status_code, posted.status_code)

    desk.page.get_by_role("textbox", name="Incident number").fill("123")
    desk.page.get_by_role("button", name="Add the incident number").click()
    desk.page.get_by_text("Incident number 123").wait_for()
    desk.page.locator("[name=close-outcome][value=attended]").check()
    desk.page.get_by_label("I have looked at the risk again, now").check()
    desk.page.get_by_role("button", name="Close", exact=True).click()
    desk.page.wait_for_url("**/triage/")
    expect(desk.page.get_by_text("Nothing waiting.")).to_be_visible()
    counter.sees("Police have finished")
    counter.choose("Finish and cover")
    expect(counter.page.get_by_role("heading", name="Who is using this?")).to_be_visible()
