"""Signing in, both steps, and how long an unknown person waits for the same answer."""

import re
import time
from typing import Any

import httpx

from ani_portal.engine.server import Engine
from benchmarks.harness import keep, spread
from tests.cast import FORCES, PASSWORD
from tests.e2e.server import Server
from tests.sign_in import next_code

PEOPLE = [f"{force}.officer{number}@example.org" for force in FORCES for number in (1, 2, 3)]
FORM = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def run(engine: Engine) -> None:
    """Six people, each in a browser of their own, one after the other: guessing is slowed down, haste is not measured."""
    first: list[float] = []
    second: list[float] = []
    unknown: list[float] = []
    server = Server(engine.urls(), workers=2).start()
    try:
        for number, email in enumerate(PEOPLE):
            with httpx.Client(base_url=server.base_url, headers={"Origin": server.base_url}) as nobody:
                unknown.append(
                    _step(nobody, "/sign-in/", {"login": f"nobody{number}@example.org", "password": PASSWORD})
                )
            with httpx.Client(base_url=server.base_url, headers={"Origin": server.base_url}) as browser:
                first.append(_step(browser, "/sign-in/", {"login": email, "password": PASSWORD}))
                code = next_code(server.base_url, email)
                second.append(_step(browser, "/sign-in/code/", {"code": code}))
                # In, or the figures mean nothing.
                browser.get("/triage/").raise_for_status()
    finally:
        server.stop()
    keep("sign-in", {"password": spread(first), "code": spread(second), "unknown person": spread(unknown)})


def _step(browser: httpx.Client, path: str, fields: dict[str, Any]) -> float:
    page = browser.get(path)
    token = FORM.search(page.text)
    if token is None:
        raise RuntimeError(f"{path} showed no form")
    started = time.perf_counter()
    browser.post(path, data={**fields, "csrfmiddlewaretoken": token[1]})
    return time.perf_counter() - started
