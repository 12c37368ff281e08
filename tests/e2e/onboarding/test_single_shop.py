"""From nothing to a first record received, in real browsers, the steps counted: a third force, and a single shop in it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from pharmacies.enums import FOUND_OUT, ForceCheck
from tests.cast import PASSWORD, Cast
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.pharmacies.register.files import ods_row, written
from tests.smtp import Post

from .walk import Walk, begin_turn, counted, danger_now, mailed_link

BUNGAY = ods_row(
    "FZZ35", name="MADE-UP CHEMIST", street="1 NOWHERE ROAD", town="BUNGAY", county="", postcode="NR35 1AX",
    phone="01986 000035", parent="",
)  # fmt: skip
OFFICERS = ("one@suffolk.example", "two@suffolk.example")


@pytest.mark.usefixtures("places")
def test_a_third_force_and_a_single_shop_from_nothing_to_a_first_record(
    browser: Browser, server: Server, cast: Cast, post: Post, operator: str
) -> None:
    """Suffolk opens without a line of code; its shop joins; its record reaches Suffolk and not Norfolk."""
    office = Walk(browser, server, operator)
    with counted(office, 3):
        office.open("/operator/")
        office.press("Bring Suffolk on", role="link")
        office.fill(Name="Made-up Coordinator")
        office.page.get_by_label("Work e-mail").fill("coordinator@suffolk.example")
        office.press("Bring it on")
        expect(office.page.locator("code.key")).to_be_visible()

    coordinator = Walk(browser, server, "coordinator@suffolk.example")
    with counted(coordinator, 24):
        _open_the_force(browser, server, coordinator, post)
        coordinator.give(written(BUNGAY).encode(), "register_2026q3.csv")

    shop = Walk(browser, server)
    with counted(shop, 3):
        _ask_to_join(shop)
    with counted(coordinator, 10):
        own, code = _answer(coordinator)

    tablet = Walk(browser, server, tablet=True)
    with counted(tablet, 12):
        begin_turn(tablet, code, own, "MP", live=False)
        tablet.page.get_by_text("No records are taken here now").wait_for()
        picture(tablet.page, "counter-getting-ready")
        tablet.touch("Practise")
        danger_now(tablet, "MP")
    officer = Walk(browser, server, OFFICERS[0])
    officer.page.goto("/triage/")
    officer.page.get_by_role("button", name=re.compile("Open")).first.click()
    officer.page.wait_for_url("**/triage/records/**")
    with counted(coordinator, 2):
        coordinator.open("/onboarding/force/")
        coordinator.press("Go live")
        expect(coordinator.page.get_by_text("Live", exact=True)).to_be_visible()
        picture(coordinator.page, "onboarding-force-live", whole=True)

    with counted(tablet, 6):
        tablet.page.get_by_text("Read by an officer at").first.wait_for()
        tablet.touch("Cover")
        danger_now(tablet, "MP", beside=True)
    officer.page.goto("/triage/")
    officer.page.locator("[data-band=alert] [data-row]", has_text="Made-Up Chemist").first.wait_for()
    norfolk = Walk(browser, server, cast.email("norfolk", "officer1"))
    norfolk.page.goto("/triage/")
    expect(norfolk.page.get_by_text("Nothing waiting.")).to_be_visible()
    expect(norfolk.page.locator("[data-row]")).to_have_count(0)


def _open_the_force(browser: Browser, server: Server, coordinator: Walk, post: Post) -> None:
    """Settings begun, two officers invited and named, six items said: only the drill is missing then."""
    coordinator.open("/onboarding/force/")
    coordinator.press("Begin")
    for item in ForceCheck:
        if item not in FOUND_OUT:
            coordinator.page.locator(f"#evidence-{item.value}").fill("folder 7")
            coordinator.press(re.compile(f"Done.*{re.escape(str(item.label))}"))
    coordinator.press("Go live")
    expect(coordinator.page.get_by_text("Not live yet. Still to be done:")).to_be_visible()
    for email in OFFICERS:
        coordinator.open("/onboarding/force/people/invite/")
        coordinator.fill(Name=f"Made-up {email[:3]}")
        coordinator.page.get_by_label("E-mail").fill(email)
        coordinator.press("Invite")
        picture(coordinator.page, "onboarding-invited-by-mail")
        them = Walk(browser, server)
        them.open(mailed_link(post, email))
        them.page.get_by_label("A password").fill(PASSWORD)
        picture(them.page, "join-invitation")
        them.press("Accept")
    coordinator.open("/onboarding/force/people/")
    for email in OFFICERS:
        coordinator.press(re.compile(f"^Name Made-up {email[:3]}"))
    picture(coordinator.page, "onboarding-people-named")


def _ask_to_join(shop: Walk) -> None:
    shop.open("/join/?q=NR35%201AX")
    picture(shop.page, "join-search")
    shop.press(re.compile("Made-Up Chemist"), role="link")
    shop.page.get_by_label("This is our pharmacy").check()
    shop.fill(Your_name="Made-up Pharmacist", What_you_do_there="superintendent")
    shop.page.get_by_label("E-mail at work").fill("shop@example.org")
    for group in shop.page.get_by_role("group").all():
        group.get_by_label("Yes").check()
    picture(shop.page, "join-ask", whole=True)
    shop.press("Ask to join")
    expect(shop.page.get_by_text("They will ring")).to_be_visible()
    picture(shop.page, "join-follow")


def _answer(coordinator: Walk) -> tuple[str, str]:
    """Ring, approve, invite, make a code for a tablet: the person's code and the tablet's."""
    coordinator.open("/onboarding/applications/")
    coordinator.press(re.compile("Made-Up Chemist"), role="link")
    expect(coordinator.page.get_by_text("01986 000035")).to_be_visible()
    picture(coordinator.page, "onboarding-application")
    coordinator.press(re.compile("I rang this number"))
    coordinator.press(re.compile("Approve"))
    coordinator.press("Invite somebody", role="link")
    coordinator.page.get_by_label("Name").fill("Made-up Pharmacist")
    coordinator.press("Invite")
    picture(coordinator.page, "onboarding-invited")
    own = coordinator.page.locator("[data-code]").inner_text()
    coordinator.press("Done", role="link")
    coordinator.press("Set up a tablet", role="link")
    coordinator.page.get_by_label("Where will it stand?").fill("Counter")
    coordinator.press("Make a code")
    picture(coordinator.page, "onboarding-code")
    return own, coordinator.page.locator("[data-code]").inner_text()
