"""Words planted in every field of the real screens are found nowhere but in what a person may read.

The screens are walked as they are, whatever questions there come to be: every box is filled, every answer given.
"""

import re
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ani_portal.engine.place import programs
from ani_portal.engine.server import SUPERUSER, Engine
from requests.counter.steps import STEPS
from tests.cast import PIN, Cast

from .conftest import QUIET, Desk
from .needles import hits, hits_in, needles
from .server import Server

BIRD = "KANARI Zoë"
NUMBER = "07700 900456"
LOOKED_FOR = ["KANARI", "Zoë 7", NUMBER, "7700900456"]
ANSWERS = ("yes", "by_me", "police_now", "alone")
BOXES = "textarea:visible, input[type=text]:visible, input[type=tel]:visible, input:not([type]):visible"


def test_the_search_finds_what_is_there() -> None:
    """Or the rest would prove nothing: each way of writing, at each offset."""
    for content in (
        f"x{BIRD}y".encode(), BIRD.encode("utf-16"), BIRD.encode().hex().encode(), b"%20KANARI+Zo",
        *(b64encode(b"z" * offset + BIRD.encode() + b"tail") for offset in range(3)),
    ):  # fmt: skip
        assert hits(content, ["KANARI"]), content
    assert not hits(b"nothing of the kind", LOOKED_FOR)
    assert all(len(one) >= 6 for one in needles("KANARI"))


@pytest.fixture
def tablet(browser: Browser, server: Server, tmp_path: Path) -> BrowserContext:
    """A tablet whose browser keeps its profile where we can look at it."""
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path / "profile"), executable_path="/usr/bin/chromium", args=QUIET, base_url=server.base_url,
        viewport={"width": 768, "height": 1024},
    )  # fmt: skip
    context.add_cookies(
        [{"name": "device", "value": "norfolk tablet", "url": server.base_url, "sameSite": "Strict", "httpOnly": True}]
    )
    context.set_default_timeout(20_000)
    return context


def fill(page: Page, scope: str = "main") -> list[str]:
    """A canary in every box; the names of the boxes."""
    names: list[str] = []
    for box in page.locator(scope).locator(BOXES).all():
        name, longest = box.get_attribute("name") or "", int(box.get_attribute("maxlength") or 4000)
        if box.get_attribute("readonly") is not None:
            continue
        box.fill(NUMBER if name in ("number", "phone") else f"{BIRD} 7{len(names)} {name}"[:longest])
        names.append(name)
    for box in page.locator(scope).locator("input[type=checkbox]:visible").all():
        box.check()
    return names


def go_on(page: Page) -> None:
    """Give the answer that leads furthest, or continue."""
    form = page.locator("main form:has(input[name=step])").first
    for value in ANSWERS:
        answer = form.locator(f"button[value={value}]:visible")
        if answer.count():
            answer.first.click()
            return
    form.locator("button[type=submit]:not([name=skip]):visible").first.click()


def walk(page: Page) -> tuple[list[str], list[str]]:
    """From the cover to the receipt; which questions were asked and which boxes filled."""
    page.goto("/counter/")
    page.get_by_role("button", name="AB").click()
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Is anyone in danger right now?").wait_for()
    asked: list[str] = []
    filled: list[str] = []
    for _screen in range(2 * len(STEPS)):
        step = page.locator("main input[name=step]")
        if not step.count():
            break
        asked.append(step.first.get_attribute("value") or "")
        filled += fill(page)
        before = page.locator("main input[name=key]").first.get_attribute("value")
        go_on(page)
        page.wait_for_function(
            "key => document.querySelector('main input[name=key]')?.value !== key", arg=before, timeout=20_000
        )
    page.get_by_role("button", name=re.compile("Finish")).first.wait_for()
    return asked, filled


def stores(page: Page) -> str:
    """Everything that a page can put away in the browser."""
    return str(
        page.evaluate(
            """async () => JSON.stringify([
                Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, location.href, document.title,
                await indexedDB.databases(), history.state, window.name,
                await Promise.all((await caches.keys()).map(async name => [name,
                    await Promise.all((await (await caches.open(name)).keys()).map(async one =>
                        [one.url, await (await (await caches.open(name)).match(one)).text()]))])),
            ])"""
        )
    )


def test_canaries(
    browser: Browser, server: Server, cast: Cast, tablet: BrowserContext, engine: Engine, database: str, tmp_path: Path
) -> None:
    """Every box of every question, two real errors with words in scope, an officer who reads and types; then the search."""
    page = tablet.new_page()
    asked, filled = walk(page)
    assert {"danger", "rung", "wish", "agree", "words"} <= set(asked)
    assert len(filled) >= 2
    desk = Desk(browser, server, cast.email("norfolk", "officer1"))
    desk.page.get_by_role("button", name=re.compile("Open")).first.click()
    expect(desk.page.get_by_text(BIRD).first).to_be_visible()  # it was kept, and the officer can read it
    officer_boxes = fill(desk.page)
    assert not hits(stores(page).encode() + stores(desk.page).encode(), LOOKED_FOR)

    with connections["owner"].cursor() as cursor:
        # Two errors while words are in hand: the database refuses, and the key does not open.
        cursor.execute("revoke insert on requests_entry from ani_app")
        broken_page(page)
        cursor.execute("grant insert on requests_entry to ani_app")
        cursor.execute("update vault.record_key set wrapped = decode(repeat('00', 60), 'hex')")
        broken_page(page)
    call_command("backup", verbosity=0)

    tablet.close()
    found: dict[str, list[str]] = {}
    found["the profile"] = hits_in(tmp_path / "profile", LOOKED_FOR)
    log = (tmp_path / "server.log").read_bytes()
    assert log.count(b"ERROR") >= 2  # the errors did happen
    found["the server's log"] = hits(log, LOOKED_FOR)
    found["the database's log"] = hits((engine.folder / "log.txt").read_bytes(), LOOKED_FOR)
    found["the backup"] = hits_in(tmp_path / "backups", LOOKED_FOR)
    found["pg_dump"] = hits(dump(engine, database), LOOKED_FOR)
    assert {place: where for place, where in found.items() if where} == {}
    print(f"asked {asked}; filled {filled}; at the desk {officer_boxes}")


def broken_page(page: Page) -> None:
    """A submission with words in it that ends in an error of ours; the page is loaded anew afterwards."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status >= 500):
        page.evaluate(
            """async ([words]) => {
                const body = new URLSearchParams({
                    step: 'words', own_words: words, observed: words, key: crypto.randomUUID(),
                    record: document.querySelector('main input[name=record]').value,
                    sitting: document.body.dataset.token || document.querySelector('input[name=sitting]').value,
                });
                await fetch('/counter/answer/', {method: 'POST', body});
            }""",
            [f"{BIRD} 7 in an error"],
        )


def dump(engine: Engine, database: str) -> bytes:
    """All of the database in plain SQL, as its superuser: sessions, jobs and the log included."""
    done = subprocess.run(
        [programs() / "pg_dump", "--inserts", engine.url(SUPERUSER, database)], capture_output=True, check=True
    )
    assert (
        b"requests_entry" in done.stdout and b"procrastinate_jobs" in done.stdout and b"django_session" in done.stdout
    )
    return done.stdout
