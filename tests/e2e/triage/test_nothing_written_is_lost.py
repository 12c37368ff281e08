"""What an officer is writing outlives their own clicks and the queue's swaps."""

import re

from playwright.sync_api import Browser, expect

from requests.enums import Danger
from tests.cast import Cast
from tests.e2e.conftest import Desk
from tests.e2e.server import Server
from tests.requests.steps import a_record_with_everything, started
from tests.requests.triage.desk_steps import claimed, offered
from tests.requests.triage.test_passing_whole import left


def test_other_buttons_leave_what_is_written(browser: Browser, server: Server, cast: Cast) -> None:
    """And a second alert is heard meanwhile, with the record open."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    desk = Desk(browser, server, cast.email("norfolk", "officer1"))
    page = desk.page
    page.keyboard.press("a")
    page.wait_for_selector("[data-armed=yes]")
    page.goto(f"/triage/records/{record.pk}/")
    page.get_by_label("Note", exact=True).fill("half a note")
    page.get_by_label("Threat").fill("half a reason")
    page.get_by_role("button", name="Officers sent").click()
    page.locator(".entry", has_text="Officers sent").first.wait_for()
    expect(page.get_by_label("Note", exact=True)).to_have_value("half a note")
    page.get_by_label("Incident number", exact=True).fill("<123>")
    page.get_by_role("button", name="Add the incident number").click()
    page.locator(".govuk-error-summary").first.wait_for()
    page.get_by_role("button", name=re.compile("MARAC")).first.click()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)
    expect(page.get_by_label("Incident number", exact=True)).to_have_value("<123>")  # refused, and still there
    expect(page.get_by_label("Threat")).to_have_value("half a reason")
    expect(page.get_by_label("Note", exact=True)).to_have_value("half a note")

    started(cast.recorder("norfolk", "CD"), Danger.YES)
    expect(page).to_have_title("(1) Desk", timeout=20_000)


def test_a_list_that_is_open_stays_under_the_hand(browser: Browser, server: Server, cast: Cast) -> None:
    """What arrives meanwhile is counted; its row comes when the list is left, and the choice stays."""
    record = claimed(cast.officer("cheshire"), a_record_with_everything(cast, "cheshire"))
    left(record)
    offered(cast.officer("cheshire"), record, cast.force("norfolk").pk)
    page = Desk(browser, server, cast.email("norfolk", "officer1")).page
    choice = page.get_by_label("Decline, because")
    choice.select_option(index=1)
    chosen = choice.input_value()
    choice.focus()
    started(cast.recorder("norfolk"), Danger.YES)
    expect(page).to_have_title("(2) Desk", timeout=20_000)
    expect(choice).to_be_focused()
    expect(page.locator("[data-row]")).to_have_count(0)
    page.keyboard.press("Tab")
    page.locator("[data-row]").wait_for(timeout=20_000)
    expect(choice).to_have_value(chosen)
    expect(page.get_by_role("button", name="Decline")).to_be_focused()
