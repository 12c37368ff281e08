"""Words that are planted through the real screens, and the places where they are looked for afterwards."""

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from ani_portal.engine.place import programs
from ani_portal.engine.server import SUPERUSER, Engine
from requests.counter.steps import STEPS
from tests.cast import PIN

from .conftest import QUIET
from .server import Server

BIRD = "KANARI Zoë"
NUMBER = "07700 900456"
LOOKED_FOR = ["KANARI", "Zoë 7", NUMBER, "7700900456"]
ANSWERS = ("yes", "by_me", "police_now", "alone")
BOXES = "textarea:visible, input[type=text]:visible, input[type=tel]:visible, input:not([type]):visible"


def kept(browser: Browser, server: Server, folder: Path, secret: str = "") -> BrowserContext:
    """A browser that keeps its profile where we can look at it; with a tablet's secret, a tablet."""
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path="/usr/bin/chromium", args=QUIET, base_url=server.base_url,
        viewport={"width": 768, "height": 1024} if secret else {"width": 1366, "height": 900},
    )  # fmt: skip
    if secret:
        context.add_cookies(
            [{"name": "device", "value": secret, "url": server.base_url, "sameSite": "Strict", "httpOnly": True}]
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


def sit_down(page: Page) -> None:
    """From the cover to one's turn."""
    page.goto("/counter/")
    page.get_by_role("button", name="AB").click()
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Continue").click()
    page.locator("body[data-token], input[name=sitting]").first.wait_for(state="attached")


def walk(page: Page) -> tuple[list[str], list[str]]:
    """From the first question to the receipt; which questions were asked and which boxes filled."""
    page.locator("main input[name=step]").first.wait_for(state="attached")
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


def dump(engine: Engine, database: str) -> bytes:
    """All of the database in plain SQL, as its superuser: sessions, jobs and the log included."""
    done = subprocess.run(
        [programs() / "pg_dump", "--inserts", engine.url(SUPERUSER, database)], capture_output=True, check=True
    )
    assert (
        b"requests_entry" in done.stdout and b"procrastinate_jobs" in done.stdout and b"django_session" in done.stdout
    )
    return done.stdout
