"""The whole way in by keyboard alone: asking, a list, a tablet, people, settings, readiness, support lines."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from ani_portal.access.roles import using_role
from pharmacies.models import Application, RegisterUpload, SupportService, Tablet
from pharmacies.register import uploads
from tests.cast import Cast
from tests.e2e.pictures import picture
from tests.e2e.server import Server

from .hands import Hands, skipped

OWN = b"Where;Ref;Street;Town;Post code;Tel\n" + b"".join(
    b"Made-up %d;FZZ%02d;%d Nowhere Road;Norwich;NR2 1LD;01603 000009\n" % (n, n, n) for n in range(3)
)


def in_days(days: int) -> date:
    """A day so far from today."""
    return timezone.localdate() + timedelta(days=days)


def newest() -> RegisterUpload:
    """The file that was given last."""
    with using_role("owner"):
        return RegisterUpload.objects.latest("made_at")


@pytest.mark.usefixtures("places")
def test_a_list_is_given_matched_looked_at_and_applied(browser: Browser, server: Server, cast: Cast) -> None:
    """The file's window, the columns by their letters, a row looked for, Apply."""
    walk = Hands(browser, server, cast.email("norfolk", "coordinator"))
    walk.open("/onboarding/")
    walk.follow("Registers")
    walk.follow("Read the file", "button")
    expect(walk.page.get_by_role("alert")).to_be_visible()
    walk.give_file("The file", OWN, "shops.csv")
    walk.date("The day it is of", in_days(-3))
    walk.follow("Read the file", "button")
    uploads.read_upload(newest().pk)
    walk.page.reload()
    walk.check()
    for label, begins in (("ODS code", "Ref"), ("Name", "Where"), ("Address", "Street"), ("Postcode", "Post")):
        walk.choose(re.compile(label), begins)
    walk.follow("Read the file", "button")
    uploads.read_upload(newest().pk)
    walk.page.get_by_role("button", name="Apply").wait_for()  # the page renewed itself
    walk.say(**{"Code,_name_or_postcode": "FZZ02"})
    walk.enter()
    expect(walk.page.get_by_role("row", name=re.compile("FZZ02"))).to_be_visible()
    expect(walk.page.get_by_role("row", name=re.compile("FZZ01"))).to_have_count(0)
    walk.follow("Apply", "button")
    uploads.apply_upload(newest().pk)
    walk.page.get_by_text("Written", exact=True).wait_for()
    walk.check()


def test_a_pharmacy_asks_and_is_let_in(browser: Browser, server: Server, cast: Cast) -> None:
    """Found, declared, asked; a fault loses nothing. The coordinator rings, approves."""
    site = cast.pharmacy("norfolk")
    with using_role("owner"):
        type(site).objects.filter(pk=site.pk).update(participation="registered", phone="01603000001")
    shop = Hands(browser, server)
    shop.open("/join/")
    shop.say(**{"ODS_code,_name_and_place,_or_postcode": site.ods_code or ""})
    shop.enter()
    shop.follow(re.compile(site.postcode))
    shop.say(Your_name="Made-up Pharmacist")
    shop.follow("Ask to join", "button")
    expect(shop.page.get_by_role("alert")).to_be_visible()
    expect(shop.page.get_by_label("Your name")).to_have_value("Made-up Pharmacist")
    shop.tick(shop.page.get_by_label("This is our pharmacy"), "this is our pharmacy")
    shop.say(What_you_do_there="superintendent", **{"E-mail_at_work": "shop@example.org"})
    for group in shop.page.get_by_role("group").all():
        shop.tick(group.get_by_label("Yes"), "yes")
    shop.follow("Ask to join", "button")
    expect(shop.page.get_by_text("They will ring")).to_be_visible()

    walk = Hands(browser, server, cast.email("norfolk", "coordinator"))
    walk.open("/onboarding/")
    assert skipped(walk.page)
    walk.follow("Joining")
    walk.follow(re.compile(site.postcode))
    walk.follow(re.compile("I rang this number"), "button")
    walk.follow(re.compile("Approve"), "button")
    with using_role("owner"):
        assert Application.objects.get().state == "approved"


def test_a_tablet_is_set_up(browser: Browser, server: Server, cast: Cast) -> None:
    """A code is made at the desk and typed at the tablet; both by keyboard."""
    site = cast.pharmacy("norfolk")
    walk = Hands(browser, server, cast.email("norfolk", "coordinator"))
    walk.open(f"/onboarding/pharmacies/{site.pk}/")
    walk.follow("Set up a tablet")
    walk.say(**{"Where_will_it_stand?": "Made-up corner"})
    walk.follow("Make a code", "button")
    code = walk.page.locator("[data-code]").inner_text()
    tablet = Hands(browser, server, tablet=True)
    tablet.open("/counter/enrol/")
    tablet.to(tablet.page.get_by_label(re.compile("[Cc]ode")), "code")
    tablet.page.keyboard.type(code)
    tablet.on("Set up")
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.get_by_role("heading", name="Who is using this?")).to_be_visible()
    with using_role("owner"):
        assert Tablet.objects.filter(pharmacy=site, name="Made-up corner", revoked_at__isnull=True).exists()
    walk.follow("Done")
    expect(walk.page.get_by_text("Made-up corner").first).to_be_visible()


def test_people_of_a_pharmacy_and_of_the_force_are_invited(browser: Browser, server: Server, cast: Cast) -> None:
    """Found by its code, somebody for its tablet; then an officer, with a fault on the way."""
    walk = Hands(browser, server, cast.email("norfolk", "coordinator"))
    walk.open("/onboarding/")
    site = cast.pharmacy("norfolk")
    walk.say(**{"Name,_place,_postcode_or_ODS_code": site.ods_code or ""})
    walk.enter()
    walk.follow(f"{site.name}, {site.postcode}")
    walk.follow("Invite somebody")
    walk.say(Name="Made-up Locum")
    walk.follow("Invite", "button")
    expect(walk.page.get_by_role("heading", name="Made-up Locum is invited")).to_be_visible()
    walk.follow("Done")
    expect(walk.page.get_by_text("Withdraw the invitation of Made-up Locum")).to_be_visible()
    walk.open("/onboarding/force/people/")
    walk.follow(re.compile("Invite"))
    walk.say(Name="Made-up Officer")
    walk.follow("Invite", "button")
    expect(walk.page.get_by_role("alert")).to_be_visible()
    walk.say(**{"E-mail": "officer@example.org"})
    walk.follow("Invite", "button")
    expect(walk.page.get_by_text("Made-up Officer").first).to_be_visible()


def test_settings_are_changed_and_their_history_read(browser: Browser, server: Server, cast: Cast) -> None:
    """A fault leads to its box; then saved; how long records are kept; a grade."""
    walk = Hands(browser, server, cast.email("norfolk", "coordinator"))
    walk.open("/onboarding/")
    walk.follow("Your force")
    walk.follow("Change settings")
    walk.say(Duty_mailbox="no address")
    walk.follow("Save", "button")
    walk.on(re.compile("^Duty mailbox: "), "link")
    walk.page.keyboard.press("Enter")
    assert walk.page.evaluate("document.activeElement.name") == "duty_email"
    walk.page.keyboard.press("Control+A")
    walk.page.keyboard.type("duty@example.org")
    walk.follow("Save", "button")
    expect(walk.page.get_by_text(re.compile("Duty mailbox: .* → duty@example.org"))).to_be_visible()
    walk.say(Grade="C", What_it_is_called="Made-up grade")
    walk.follow("Add or change the grade", "button")
    expect(walk.page.get_by_text("C · Made-up grade")).to_be_visible()
    walk.follow("How long closed records are kept")
    walk.choose("How it ended", "Drill")
    walk.say(**{"Keep_for_(months)": "24"})
    walk.date("Look at this line again on", in_days(300))
    walk.follow("See what it means", "button")
    walk.follow("Set it", "button")
    expect(walk.page.get_by_role("row", name=re.compile("Drill 24 yes"))).to_be_visible()
    walk.say(**{"Keep_for_(months)": "24"})
    walk.date("Look at this line again on", in_days(300))
    walk.follow("See what it means", "button")
    picture(walk.page, "onboarding-retention-meaning", whole=True)
    walk.follow("Ask for the shorter time", "button")
    expect(walk.page.get_by_text("Waits for a supervisor")).to_be_visible()
    picture(walk.page, "onboarding-retention-asked", whole=True)


def test_the_board_leads_to_what_is_wrong(browser: Browser, server: Server, cast: Cast) -> None:
    """From failing to its pharmacy, and back to end a tablet's access."""
    site = cast.pharmacy("norfolk")
    walk = Hands(browser, server, cast.email("norfolk", "coordinator"))
    walk.open("/onboarding/")
    walk.follow("Readiness")
    walk.follow(re.compile(f"{site.ods_code} {re.escape(site.name)}"))
    expect(walk.page.get_by_role("heading", level=1)).to_contain_text(site.name)
    walk.follow("Readiness")
    walk.follow(re.compile(rf"^End access of Room\s*, {re.escape(site.name)}"), "button")
    with using_role("owner"):
        assert Tablet.objects.filter(pharmacy=site, revoked_at__isnull=False, name="Room").exists()


def test_a_support_line_is_added_and_changed(browser: Browser, server: Server, cast: Cast) -> None:
    """Whom it is for by the arrows, its days as they are typed; a fault on the way."""
    walk = Hands(browser, server, cast.email("norfolk", "coordinator"))
    walk.open("/onboarding/")
    walk.follow("Support lines")
    walk.follow("Add a line")
    walk.say(Name="Made-up line", Number="01632 960 001", Who_answers_for_this_entry="Made-up Coordinator")
    walk.follow("Save", "button")
    expect(walk.page.get_by_role("alert")).to_be_visible()
    walk.choose("Who may be shown it", "For people")
    walk.say(Where_it_was_confirmed="its own site")
    walk.date("Last verified on", in_days(-1))
    walk.date("To be looked at again on", in_days(200))
    walk.follow("Save", "button")
    walk.follow("Made-up line")
    walk.say(Hours="weekdays")
    walk.follow("Save", "button")
    with using_role("owner"):
        assert SupportService.objects.get(name="Made-up line").hours == "weekdays"
