"""The desk in a real browser: armed, heard, worked by keyboard, readable by everybody."""

import json
import re
from uuid import uuid4

import psycopg
from playwright.sync_api import Browser, Page, expect

from ani_portal.access.scope import scoped
from ani_portal.engine.server import SUPERUSER, Engine
from requests import actions
from requests.enums import Danger, EntryKind
from requests.watch import is_watched
from tests.cast import Cast
from tests.e2e.conftest import Desk
from tests.e2e.pictures import picture
from tests.e2e.server import ROOT, Server
from tests.requests.steps import a_record_with_everything, started

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def axe_clean(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe can find."""
    page.evaluate(AXE)  # as the browser's own console would: the page's policy stays as strict as it is
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    assert not found, json.dumps([(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])


def wide(page: Page, name: str) -> None:
    """Pictures at the desk's width and the wall's."""
    for width, height in ((1366, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        picture(page, f"desk-{name}-{width}", whole=True)
    page.set_viewport_size({"width": 1366, "height": 900})


def test_armed_heard_and_worked_without_a_mouse(browser: Browser, server: Server, cast: Cast) -> None:
    """Arming makes the queue watched; what arrives sounds until it is opened; every step by keyboard."""
    by = cast.officer("norfolk")
    desk = Desk(browser, server, cast.email("norfolk", "officer1"))
    page = desk.page
    expect(page.get_by_text("Nobody watches this queue now")).to_be_visible()
    expect(page.get_by_text("Nothing waiting.")).to_be_visible()
    axe_clean(page)
    wide(page, "queue-empty")
    page.keyboard.press("a")
    page.wait_for_selector("[data-armed=yes]")
    expect(page.locator("[data-armed]")).to_have_attribute("data-sounded", "1")
    with scoped(by.scope):
        assert is_watched(by.force_id)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    axe_clean(page)
    page.keyboard.press("Escape")

    record = a_record_with_everything(cast, "norfolk")
    started(cast.recorder("norfolk", "CD"), Danger.YES)
    page.locator("[data-row]").first.wait_for()
    expect(page.locator("[data-armed]")).to_have_attribute(
        "data-sounded", re.compile("^([3-9]|[0-9]{2,})$"), timeout=20_000
    )
    expect(page).to_have_title("(2) Desk")
    assert "ANI" not in page.title() and record.reference not in page.title()
    axe_clean(page)
    wide(page, "queue")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/triage/records/{record.pk}/")
    page.keyboard.press("c")
    page.get_by_text("held by Officer 1").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("half a note that must sur")
    recorder = cast.recorder("norfolk")
    contact = {"ring": "not_safe", "text": "safe", "number": "07700 900123", "times": "after six"}
    with scoped(recorder.scope):
        for kind, value in ((EntryKind.OBSERVED, {"text": "Made-up: arrived late"}), (EntryKind.SAFE_CONTACT, contact)):
            actions.add_entry(by=recorder, record=record, key=uuid4(), kind=kind, value=value)
    page.get_by_text("Made-up: arrived late").wait_for()
    expect(page.locator(".contact--some")).to_be_visible()
    page.keyboard.type("vive")
    expect(page.get_by_label("Note", exact=True)).to_have_value("half a note that must survive")
    axe_clean(page)
    wide(page, "record")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".entry--police", has_text="half a note that must survive").wait_for()
    page.goto("/triage/hand-over/")
    axe_clean(page)
    wide(page, "hand-over")


def test_a_page_says_not_live_when_it_is_not_and_comes_back(
    browser: Browser, server: Server, cast: Cast, engine: Engine, database: str
) -> None:
    """The listener's connection killed again and again, then the web process replaced: never live when it is not, and
    what arrived meanwhile is there within ten seconds of the feed's return."""
    desk = Desk(browser, server, cast.email("norfolk", "officer1"))
    page = desk.page
    with psycopg.connect(engine.url(SUPERUSER, database), autocommit=True) as owner:
        killed = owner.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where query ilike '%pg_notify%'"
            " and datname = current_database() and pid <> pg_backend_pid()"
        ).fetchone()
    assert killed and killed[0] >= 1
    started(cast.recorder("norfolk"), Danger.YES)
    page.locator("[data-row]").first.wait_for(timeout=10_000)
    page.wait_for_selector("[data-live-state=live]", timeout=10_000)

    server.stop()
    page.wait_for_selector("[data-live-state=stale], [data-live-state=dead]", timeout=20_000)
    page.wait_for_selector("[data-live-state=dead]", timeout=20_000)
    assert page.title().startswith("NOT LIVE")
    picture(page, "desk-not-live-1366")
    axe_clean(page)
    started(cast.recorder("norfolk", "CD"), Danger.YES)
    server.start()
    page.wait_for_selector("[data-live-state=live]", timeout=10_000)
    expect(page.locator("[data-row]")).to_have_count(2, timeout=10_000)
