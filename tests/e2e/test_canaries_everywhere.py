"""The other ways by which words come in: at the tablet after the questions, at the desk, for the person who asks."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django import Settings

from ani_portal.access.roles import using_role
from ani_portal.engine.server import Engine
from pharmacies.models import ForceSettings
from requests.clocks import run
from requests.enums import EntryKind
from requests.mail import deliver
from requests.models import CodewordRequest, Entry
from tests.cast import PASSWORD, Cast
from tests.sign_in import next_code
from tests.smtp import Post, post_office

from .canary import BIRD, LOOKED_FOR, NUMBER, dump, fill, go_on, kept, sit_down, stores, walk
from .needles import hits, hits_in
from .server import Server

TOKEN = "a token of the tests"


@pytest.fixture
def server(cast: Cast, urls: dict[str, str], tmp_path: Path) -> Server:
    """With its figures on."""
    return Server(urls, log=tmp_path / "server.log", more={"METRICS_TOKEN": TOKEN}).start()


def at(page: Page, step: str) -> None:
    """Wait for a question."""
    page.locator(f"main input[name=step][value={step}]").first.wait_for(state="attached")


def choose(box: Locator) -> None:
    """Tick it, wherever its design puts the real box."""
    box.evaluate("one => { one.checked = true; one.dispatchEvent(new Event('change', { bubbles: true })) }")


def receipt(page: Page) -> None:
    """Wait for the receipt."""
    page.get_by_role("button", name=re.compile("Finish")).first.wait_for()


def after_the_questions(page: Page) -> None:
    """Add to the record, ring 999 again, take words back, leave something half typed under the cover."""
    page.get_by_role("button", name="Add something").click()
    at(page, "add")
    assert len(fill(page)) == 3
    go_on(page)
    receipt(page)
    page.get_by_role("button", name="999 has been rung").click()
    at(page, "again")
    assert len(fill(page)) == 2
    choose(page.locator("main input[name=rung]").first)
    go_on(page)
    receipt(page)
    page.get_by_text("Typed into the wrong record?").click()
    with page.expect_response("**/take-back/"):
        page.get_by_role("button", name=re.compile("^Take back")).first.click()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_timeout(300)
    receipt(page)
    page.get_by_role("button", name="Add something").click()
    at(page, "add")
    fill(page)
    page.get_by_role("button", name="Cover").first.click()
    page.get_by_role("heading", name="Who is using this?").wait_for()


def against_their_will(page: Page) -> None:
    """A second person who does not want police; words where only a reason of the closed list may be."""
    sit_down(page)
    page.get_by_role("button", name="Another person").first.click()
    at(page, "danger")
    page.locator("button[value=no]").click()
    at(page, "wish")
    page.locator("button[value=support]").click()
    at(page, "support")
    page.locator("button[value=override]").first.click()
    at(page, "override")
    for name in ("reason", "told"):
        page.locator(f"input[name={name}]").first.evaluate("(one, words) => { one.value = words }", BIRD)
        choose(page.locator(f"input[name={name}]").first)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 422):
        page.get_by_role("button", name="Tell police without their agreement").click()
    page.goto("/counter/")


def under_a_typed_name(page: Page) -> None:
    """Somebody without a PIN, in a drill: a name of their own, and the whole way."""
    page.get_by_role("button", name="Practise").click()
    page.get_by_role("button", name="Somebody else").click()
    page.locator("main input[name=name]:visible").fill(f"{BIRD} 7 name")
    page.get_by_role("button", name="Continue").click()
    asked, _filled = walk(page)
    assert "words" in asked


def from_paper(page: Page) -> None:
    """Printed, filled in by hand, keyed in."""
    page.goto("/counter/paper/")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Print one form").click()
    serial = popup.value.locator(".serial").inner_text()
    popup.value.close()
    sit_down(page)
    page.get_by_role("button", name="Another person").first.click()
    page.get_by_role("button", name="Key in a paper form").first.click()
    page.get_by_label("Number from its top right corner").fill(serial)
    before = timezone.localtime() - timedelta(hours=1)
    page.get_by_label("The day it happened").fill(before.date().isoformat())
    page.get_by_label("The time").fill(f"{before:%H:%M}")
    page.get_by_role("button", name="Continue").click()
    asked, filled = walk(page)
    assert "words" in asked and "own_words" in filled


def sign_in(context: BrowserContext, server: Server, email: str) -> Page:
    """An officer in a browser of their own."""
    page = context.new_page()
    page.goto("/sign-in/?next=/triage/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(next_code(server.base_url, email))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/triage/**")
    return page


def press(page: Page, form: str) -> None:
    """Fill what a form of the desk has, choose the first of each choice, and send it."""
    found = page.locator(f"form[action$='/{form}/']").first
    found.evaluate("one => one.closest('details')?.setAttribute('open', '')")
    for box in found.locator("textarea, input[type=text]").all():
        box.fill(f"{BIRD} 7 {form}")
    for name in {one.get_attribute("name") for one in found.locator("input[type=radio]").all()}:
        choose(found.locator(f"input[name='{name}']").first)
    for tick in found.locator("input[type=checkbox]").all():
        choose(tick)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status < 500):
        found.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def at_the_desk(page: Page, record: CodewordRequest) -> None:
    """Search, open, break the glass, every form of the record's page, the hand-over."""
    for words in (f"{BIRD} 7 sought", NUMBER):
        page.goto("/triage/")
        box = page.locator("input[name=what]").first
        box.fill(words)
        box.press("Enter")
        page.wait_for_load_state()
    page.goto(f"/triage/records/{record.pk}/")
    page.get_by_role("button", name=re.compile("Open")).first.click()
    page.get_by_role("link", name=re.compile("restricted|Read", re.I)).first.click()
    press(page, "restricted")
    expect(page.get_by_text(BIRD).first).to_be_visible()
    press(page, "claim")
    for form in ("note", "assess", "incident", "crime", "line", "help"):
        page.goto(f"/triage/records/{record.pk}/")
        press(page, form)
    page.goto("/triage/hand-over/")
    press(page, "hand-over-note")
    page.goto("/triage/hand-over/")
    press(page, "prepare")
    page.goto(f"/triage/records/{record.pk}/")
    with page.expect_popup() as popup:
        page.get_by_role("button", name=re.compile("^Print")).click()
    popup.value.wait_for_load_state()
    popup.value.close()


def for_the_person(page: Page, record: CodewordRequest) -> None:
    """Find by number, review, mask, clear, take the copy out."""
    page.goto("/triage/retention/find/")
    page.get_by_label("Reference or phone number").fill(NUMBER)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=record.reference).click()
    page.get_by_role("button", name="Begin a copy").click()
    page.wait_for_url("**/access/**")
    copy = page.url
    page.get_by_role("link", name="Read restricted words").click()
    press(page, "restricted")
    page.goto(copy)
    for number in range(page.locator("textarea").count()):
        box = page.locator("textarea").nth(number)
        box.fill(f"[[{box.input_value()}]]" if number % 2 else box.input_value())
        with page.expect_navigation():
            box.locator("xpath=ancestor::form").get_by_role("button", name="Keep this").click()
    page.get_by_role("button", name="Clear for release").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the copy out").click()
    assert download.value.suggested_filename == "document.txt"
    assert BIRD in download.value.path().read_text()
    download.value.delete()


@pytest.fixture
def post(settings: Settings, cast: Cast) -> Iterator[Post]:
    """A real mail server that keeps what it gets."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with using_role("owner"):
        ForceSettings.objects.update(duty_email="duty@example.org", reason_to_look=False)
    with post_office() as office:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", office.port, False
        yield office


def test_words_by_every_other_way(
    browser: Browser, server: Server, cast: Cast, engine: Engine, database: str, tmp_path: Path, post: Post
) -> None:
    """Nowhere but sealed: not in the database, its log, ours, the mail, the figures, the browsers, the backup."""
    tablet = kept(browser, server, tmp_path / "tablet", "norfolk tablet")
    desk, dpo = (kept(browser, server, tmp_path / name) for name in ("desk", "dpo"))
    page = tablet.new_page()
    sit_down(page)
    walk(page)
    after_the_questions(page)
    against_their_will(page)
    under_a_typed_name(page)
    from_paper(page)
    run(now=timezone.now() + timedelta(minutes=3))
    with using_role("owner"):
        first = CodewordRequest.objects.filter(is_drill=False, paper_serial="", restricted_at__isnull=False).earliest(
            "started_at"
        )
    officer = sign_in(desk, server, cast.email("norfolk", "officer1"))
    at_the_desk(officer, first)
    other = sign_in(dpo, server, cast.email("norfolk", "officer4"))
    for_the_person(other, first)
    deliver(now=timezone.now())
    figures = httpx.get(f"{server.base_url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    call_command("backup", verbosity=0)

    with using_role("owner"):
        kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {
        EntryKind.OWN_WORDS, EntryKind.OBSERVED, EntryKind.CORRECTION, EntryKind.SAFE_CONTACT, EntryKind.RECORDER,
        EntryKind.NOTE, EntryKind.RATIONALE, EntryKind.HAND_OVER, EntryKind.RUNG_999, EntryKind.TOLD, EntryKind.WHERE,
    } <= kinds  # fmt: skip
    assert post.mails and figures.status_code == 200
    found = {"stores": hits("".join(stores(one) for one in (page, officer, other)).encode(), LOOKED_FOR)}
    found["addresses"] = hits("".join(one.url + one.title() for one in (page, officer, other)).encode(), LOOKED_FOR)
    for context in (tablet, desk, dpo):
        context.close()
    server.halt()
    for name in ("tablet", "desk", "dpo", "backups", "ledger"):
        found[name] = hits_in(tmp_path / name, LOOKED_FOR)
    found["the server's log"] = hits((tmp_path / "server.log").read_bytes(), LOOKED_FOR)
    found["the database's log"] = hits((engine.folder / "log.txt").read_bytes(), LOOKED_FOR)
    found["mail"] = hits("".join(to + text for to, text in post.mails).encode(), LOOKED_FOR)
    found["figures"] = hits(figures.content, LOOKED_FOR)
    found["pg_dump"] = hits(dump(engine, database), LOOKED_FOR)
    assert {place: where for place, where in found.items() if where} == {}
