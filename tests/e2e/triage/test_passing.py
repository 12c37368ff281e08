"""Passing on, in the browser: to another force, by asking for help, to the next shift, to a colleague."""

import re

from playwright.sync_api import Browser, Page, expect

from ani_portal.access.scope import scoped
from requests import actions
from requests.enums import Danger
from tests.cast import Cast
from tests.e2e.server import Server
from tests.requests.steps import WORDS, a_record_with_everything, said, started
from tests.requests.triage.desk_steps import claimed
from tests.requests.triage.test_help import MORE
from tests.requests.triage.test_passing_whole import left

from .desks import desk_of, fit_to_be_seen


def another_force(page: Page) -> None:
    """Open that part of the record's page."""
    page.get_by_text("Another force", exact=True).click()


def test_help_and_then_a_transfer(browser: Browser, server: Server, cast: Cast) -> None:
    """While the person is there: not offered, but help asked, with one thing ticked. After they left: offered, accepted."""
    record = a_record_with_everything(cast, "norfolk")
    said(cast.recorder("norfolk"), record, MORE)
    claimed(cast.officer("norfolk"), record)
    theirs = desk_of(browser, server, cast, "cheshire")
    theirs.wait_for_selector("[data-live-state=live]")
    ours = desk_of(browser, server, cast, path=f"/triage/records/{record.pk}/")
    ours.get_by_label("Note", exact=True).fill("half a note")
    another_force(ours)
    passing = ours.locator("form", has=ours.get_by_role("button", name="Offer it"))
    passing.get_by_label("The person lives there").check()
    ours.get_by_role("button", name="Offer it").click()
    ours.get_by_text("still at the pharmacy, as far as is known").wait_for()
    help_form = ours.locator("form", has=ours.get_by_role("button", name="Ask for help"))
    assert help_form.locator("input[type=checkbox]:checked").count() == 0  # nothing is chosen for anybody
    help_form.get_by_label("The other person is there").check()
    help_form.get_by_label(re.compile("PLANTED-MORE")).check()
    fit_to_be_seen(ours, "help-asking")
    help_form.get_by_role("button", name="Ask for help").click()
    ours.locator("[data-help-asked]", has_text="nobody there has read it yet").wait_for()
    expect(ours.get_by_label("Note", exact=True)).to_have_value("half a note")

    row = theirs.locator("[data-row]", has_text="Norfolk asks for help")
    row.wait_for()
    fit_to_be_seen(theirs, "help-queue")
    row.get_by_role("button", name="Open").click()
    theirs.locator("[data-asked-by]", has_text=record.reference).wait_for()
    theirs.get_by_text(MORE).wait_for()
    assert WORDS not in theirs.content()
    fit_to_be_seen(theirs, "help-record")
    ours.locator("[data-help-asked]", has_text="read there, nobody has it").wait_for()
    fit_to_be_seen(ours, "help-asked")

    left(record)
    ours.reload()
    another_force(ours)
    passing = ours.locator("form", has=ours.get_by_role("button", name="Offer it"))
    passing.get_by_label("The person lives there").check()
    ours.get_by_role("button", name="Offer it").click()
    ours.get_by_role("button", name="Withdraw the offer").wait_for()
    theirs.goto("/triage/")
    theirs.get_by_text("OFFERED BY ANOTHER FORCE").wait_for()
    fit_to_be_seen(theirs, "offered-to-us")
    ours.goto("/triage/")
    fit_to_be_seen(ours, "offered-by-us")
    theirs.get_by_role("button", name="Accept").click()
    theirs.get_by_text(WORDS).first.wait_for()
    # Told where they are, without a reload; and the record is gone for the sender but for its stub.
    ours.get_by_text("The other force accepted").wait_for()
    expect(ours.locator("[data-row]")).to_have_count(0)
    assert ours.goto(f"/triage/records/{record.pk}/").status == 404  # type: ignore[union-attr]
    ours.goto("/triage/hand-over/")
    ours.get_by_text(re.compile(f"{record.reference} · Cheshire")).wait_for()


def test_a_shift_ends(browser: Browser, server: Server, cast: Cast) -> None:
    """Signing out leads to the sheet; two notes, neither lost by saving the other; the next officer reads and signs."""
    by = cast.officer("norfolk")
    first, second = (claimed(by, a_record_with_everything(cast, "norfolk")) for _turn in range(2))
    page = desk_of(browser, server, cast)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("heading", name="Before you sign out: hand over what you hold").wait_for()
    fit_to_be_seen(page, "hand-over-leaving")
    boxes = {record.pk: page.locator(f"[id='id_{record.pk}_next-text']") for record in (first, second)}
    boxes[second.pk].fill("unsaved and still here")
    boxes[first.pk].fill("her sister comes at three")
    page.get_by_role("button", name=f"Save the note {first.reference}").click()
    page.locator("[data-note]", has_text="her sister comes at three").wait_for()
    expect(boxes[second.pk]).to_have_value("unsaved and still here")
    page.get_by_role("button", name="My shift ends: prepare the sheet").click()
    page.get_by_text(f"Write a note for {second.reference} first").wait_for()
    expect(boxes[second.pk]).to_have_value("unsaved and still here")
    page.get_by_role("button", name=f"Save the note {second.reference}").click()
    page.locator("[data-note]", has_text="unsaved and still here").wait_for()
    page.get_by_role("button", name="My shift ends: prepare the sheet").click()
    page.get_by_text("Waits for the next officer to sign.").wait_for()

    following = desk_of(browser, server, cast, part="officer2", path="/triage/hand-over/")
    following.locator("[data-note]", has_text="Officer 1").first.wait_for()
    fit_to_be_seen(following, "hand-over-signing")
    following.get_by_role("button", name="I have read it and take on what Officer 1 holds").click()
    following.get_by_text("Officer 1 → Officer 2").wait_for()
    page.goto("/triage/hand-over/")
    page.get_by_text("You hold nothing.").wait_for()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(lambda url: "/triage/" not in url)
    assert page.goto("/triage/").url.find("/sign-in/") > 0  # type: ignore[union-attr]


def test_leaving_in_danger_is_possible_and_alarms(browser: Browser, server: Server, cast: Cast) -> None:
    """Out at once; a colleague's queue sounds for what belongs to nobody now."""
    record = claimed(cast.officer("norfolk"), a_record_with_everything(cast, "norfolk"))
    colleague = desk_of(browser, server, cast, part="officer2")
    colleague.wait_for_selector("[data-live-state=live]")
    expect(colleague.locator("[data-loud]")).to_have_attribute("data-loud", "")
    page = desk_of(browser, server, cast)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign out all the same").click()
    page.wait_for_url(lambda url: "/triage/" not in url)
    expect(colleague.locator("[data-loud]")).to_have_attribute("data-loud", str(record.pk))
    expect(colleague).to_have_title("(1) Desk")


def test_taken_over_and_given_while_the_page_is_open(browser: Browser, server: Server, cast: Cast) -> None:
    """Each is told on the page that is open, and what they write stays; nobody watching is said the same way."""
    by, second = cast.officer("norfolk"), cast.officer("norfolk", 2)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    page = desk_of(browser, server, cast, path=f"/triage/records/{record.pk}/")
    page.wait_for_selector("[data-live-state=live]")
    page.get_by_label("Note", exact=True).fill("half a note")
    expect(page.locator("[data-unwatched]")).to_have_count(1)
    with scoped(second.scope):
        actions.arm(by=second, page=record.pk)
    expect(page.locator("[data-unwatched]")).to_have_count(0)
    with scoped(second.scope):
        actions.take_over(by=second, record=record)
    page.get_by_text("Officer 2 took over the record that you held").wait_for()
    fit_to_be_seen(page, "taken-over")
    page.get_by_role("button", name="Seen").click()
    expect(page.get_by_text("took over the record that you held")).to_have_count(0)
    expect(page.get_by_label("Note", exact=True)).to_have_value("half a note")
    with scoped(second.scope):
        actions.disarm(by=second, page=record.pk)
    expect(page.locator("[data-unwatched]")).to_have_count(1)

    supervisor = desk_of(browser, server, cast, part="officer3", path=f"/triage/records/{record.pk}/")
    supervisor.get_by_label("Supervising").check()
    fit_to_be_seen(supervisor, "why")
    supervisor.get_by_role("button", name="Look at it").click()
    supervisor.get_by_label("Give it to").select_option(label="Officer 1")
    supervisor.get_by_role("button", name="Give it", exact=True).click()
    supervisor.get_by_text("held by Officer 1").first.wait_for()
    page.get_by_text("gave you a record").wait_for()


def test_the_last_of_two_tells_what_waits(browser: Browser, server: Server, cast: Cast) -> None:
    """A record that is open on one desk says so on another's queue; a supervisor's queue shows the red list."""
    record = started(cast.recorder("norfolk"), Danger.YES)
    page = desk_of(browser, server, cast)
    page.locator(f"#open-{record.pk}").click()
    page.wait_for_url(f"**/records/{record.pk}/")
    other = desk_of(browser, server, cast, part="officer2")
    other.get_by_text("open at Officer 1").wait_for()
    fit_to_be_seen(other, "queue-present")
