"""Words planted in every field of the real screens are found nowhere but in what a person may read.

The screens are walked as they are, whatever questions there come to be: every box is filled, every answer given.
"""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ani_portal.engine.server import Engine
from tests.cast import Cast

from .canary import BIRD, LOOKED_FOR, dump, fill, kept, sit_down, stores, walk
from .conftest import Desk
from .needles import hits, hits_in, needles
from .server import Server


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
    return kept(browser, server, tmp_path / "profile", "norfolk tablet")


def test_canaries(
    browser: Browser, server: Server, cast: Cast, tablet: BrowserContext, engine: Engine, database: str, tmp_path: Path
) -> None:
    """Every box of every question, two real errors with words in scope, an officer who reads and types; then the search."""
    page = tablet.new_page()
    sit_down(page)
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
