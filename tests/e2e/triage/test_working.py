"""Working on one record to its end, in the browser: graded, numbered, linked, closed, opened again, on paper, as CSV."""

import re
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import Browser, expect

from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from requests import actions
from requests.clocks import run
from requests.enums import EntryKind
from requests.models import InformationLine
from tests.cast import Cast
from tests.e2e.server import Server
from tests.requests.steps import WORDS, a_record_with_everything

from .desks import desk_of, fit_to_be_seen


def test_assessed_closed_and_opened_again(browser: Browser, server: Server, cast: Cast) -> None:
    """Each refusal is said beside its field; what was written stays; the pages that come of it are fit to be seen."""
    record, other = (a_record_with_everything(cast, "norfolk") for _turn in range(2))
    recorder = cast.recorder("norfolk")
    contact = {"ring": "safe", "text": "not_safe", "number": "07700 900123", "announce": "the surgery"}
    with scoped(recorder.scope):
        actions.add_entry(by=recorder, record=record, key=uuid4(), kind=EntryKind.SAFE_CONTACT, value=contact)
    page = desk_of(browser, server, cast, path=f"/triage/records/{record.pk}/")
    page.get_by_role("heading", name="Nobody has opened this yet").wait_for()
    fit_to_be_seen(page, "unopened")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="Claim").click()
    page.get_by_text("held by Officer 1").first.wait_for()

    page.get_by_label("Threat").fill("made-up reason")
    page.get_by_role("button", name="Save the grade").click()
    page.get_by_role("link", name="Check the force's systems first, then tick this.").wait_for()
    expect(page.get_by_label("Threat")).to_have_value("made-up reason")
    fit_to_be_seen(page, "record-refused")
    page.get_by_label("The force's systems were checked").check()
    page.get_by_label(re.compile("^B")).check()
    page.get_by_role("button", name="Save the grade").click()
    page.locator(".entry", has_text="made-up reason").wait_for()

    page.get_by_role("button", name=f"Link {other.reference}").click()
    page.get_by_role("button", name=f"Unlink {other.reference}").wait_for()
    closing = page.locator("form", has=page.get_by_role("button", name="Close", exact=True))
    closing.get_by_label("Nothing further needed").check()
    closing.get_by_label("No incident number, because").select_option(label="Its number is on a linked record")
    closing.get_by_label("I have looked at the risk again, now").check()
    page.get_by_role("button", name="Close", exact=True).last.click()
    page.get_by_text("again first: now that both are known").wait_for()
    page.get_by_role("button", name=f"Unlink {other.reference}").click()
    page.get_by_role("button", name=f"Link {other.reference}").wait_for()

    page.get_by_label("Incident number", exact=True).fill("1234")
    page.get_by_role("button", name="Add the incident number").click()
    page.locator(".entry", has_text="Incident number 1234").wait_for()
    page.get_by_role("button", name="Officers sent").click()
    page.locator(".entry", has_text="Officers sent").first.wait_for()
    page.get_by_text("Danger to life: open a channel that is not safe").click()
    page.get_by_label("There is danger to life").check()
    page.get_by_role("button", name="Open it").click()
    page.get_by_text("opened for danger to life").first.wait_for()
    expect(page.locator(".contact--some")).to_be_visible()
    fit_to_be_seen(page, "record-worked")

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Print (opens a new tab)").click()
    paper = opened.value
    paper.get_by_text(WORDS).first.wait_for()
    assert paper.locator(".paper > *").first.get_attribute("class").startswith("contact")  # type: ignore[union-attr]
    fit_to_be_seen(paper, "print")
    paper.emulate_media(media="print")
    expect(paper.locator(".contact").first).to_be_visible()
    paper.close()

    closing = page.locator("form", has=page.get_by_role("button", name="Close", exact=True))
    closing.get_by_label("Officers attended").check()
    closing.get_by_label("No incident number, because").select_option(label="there is one")
    closing.get_by_label("I have looked at the risk again, now").check()
    page.get_by_role("button", name="Close", exact=True).last.click()
    page.wait_for_url("**/triage/")
    page.goto(f"/triage/records/{record.pk}/")
    page.get_by_role("button", name="Open it again").wait_for()
    fit_to_be_seen(page, "record-closed")
    page.get_by_label("Something new is known").check()
    page.get_by_role("button", name="Open it again").click()
    page.get_by_text("held by Officer 1").first.wait_for()


def test_the_queue_is_found_in_filtered_and_taken_out(browser: Browser, server: Server, cast: Cast) -> None:
    """By keyboard; what has the form of no number gets nowhere; the sheet holds no word; information goes in one click."""
    record = a_record_with_everything(cast, "norfolk")
    force = cast.force("norfolk")
    with using_role("owner"):
        for _number in range(3):
            InformationLine.objects.create(force=force, day=timezone.localdate() - timedelta(days=1), wanted="support")
    run(now=timezone.now() + timedelta(minutes=3))
    page = desk_of(browser, server, cast, part="officer3")
    page.get_by_role("heading", name="Clocks that ran out").wait_for()
    fit_to_be_seen(page, "queue-late")
    page.get_by_role("button", name="Information read").click()
    expect(page.locator(".information li")).to_have_count(0)
    page.get_by_role("button", name="I have seen these").click()
    expect(page.locator(".red-list")).to_have_count(0)

    page.keyboard.press("/")
    page.keyboard.type("Mary Made-Up")
    page.keyboard.press("Enter")
    page.get_by_text("Not a name.").wait_for()
    assert "Mary" not in page.url
    fit_to_be_seen(page, "find-refused")
    page.locator("#what").fill(record.reference.replace("-", "").lower())
    page.keyboard.press("Enter")
    page.get_by_text("This is a part of the queue.").wait_for()
    expect(page.locator("[data-row]")).to_have_count(1)
    fit_to_be_seen(page, "queue-filtered")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    text = download.value.path().read_text()
    assert download.value.suggested_filename == "queue.csv"
    assert record.reference in text and "PLANTED" not in text
