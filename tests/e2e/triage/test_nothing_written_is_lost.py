"""What an officer is writing outlives their own clicks, the queue's swaps and the loss of the record."""

from playwright.sync_api import Browser, expect

from requests.enums import Danger
from tests.cast import Cast
from tests.e2e.conftest import Desk
from tests.e2e.server import Server
from tests.requests.steps import a_record_with_everything, started
from tests.requests.triage.desk_steps import claimed, offered
from tests.requests.triage.test_passing_whole import left


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
