"""From nothing to a first record received, in real browsers, the steps counted: a new force, and a single shop in it."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from ani_portal.access.roles import using_role
from ani_portal.accounts.models import User
from pharmacies.enums import ForceCheck, ForceSource
from pharmacies.models import Coordinator, Officer, Pharmacy, PoliceForce
from tests.cast import PASSWORD, Cast
from tests.sign_in import session_of

from .counter.tablet import AXE
from .pictures import picture
from .server import Server

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Walk:
    """Somebody's browser, and how many steps (pages sent or opened on purpose) they have made."""

    def __init__(self, browser: Browser, server: Server, email: str = "") -> None:
        context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=server.base_url)
        context.set_default_timeout(20_000)
        if email:
            name, value = settings.SESSION_COOKIE_NAME, session_of(email)
            context.add_cookies(
                [{"name": name, "value": value, "url": server.base_url, "sameSite": "Strict", "httpOnly": True}]
            )
        self.page: Page = context.new_page()
        self.steps = 0

    def open(self, path: str) -> None:
        """Open an address, and let axe look at it."""
        self.steps += 1
        self.page.goto(path)
        self.check()

    def press(self, name: str | re.Pattern[str], role: str = "button") -> None:
        """Press a button, or follow a link, and let axe look at what comes."""
        self.steps += 1
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.check()

    def check(self) -> None:
        """No violation that axe finds."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "async (rules) => (await axe.run(document, {runOnly: rules})).violations"
            ".map(one => one.id + ': ' + one.nodes[0].html)",
            RULES,
        )
        assert found == [], (self.page.url, found)


@pytest.fixture
def bungay(cast: Cast) -> Pharmacy:
    """A made-up pharmacy at a real place: Bungay, an NR postcode of Suffolk's."""
    with using_role("owner"):
        suffolk = PoliceForce.objects.get(ons_code="E23000025")
        for email, model, more in (
            ("suffolk.coordinator@example.org", Coordinator, {}),
            ("suffolk.officer1@example.org", Officer, {"display_name": "Officer 1"}),
        ):
            user = User.objects.create_user(email, PASSWORD, name="Suffolk")
            model.objects.create(user=user, force=suffolk, **more)
        return Pharmacy.objects.create(
            ods_code="FZZ35", name="Made-up Chemist", address="1 Nowhere Road, Bungay", postcode="NR35 1AX",
            phone="01986 000035", force=suffolk, force_source=ForceSource.POSTCODE,
        )  # fmt: skip


def test_a_new_force_and_a_single_shop_from_nothing_to_a_first_record(
    browser: Browser, server: Server, bungay: Pharmacy, cast: Cast
) -> None:
    """Suffolk opens without code; its shop joins; its alarm reaches Suffolk and not Norfolk. Aim: 12 steps for the shop."""
    coordinator = Walk(browser, server, "suffolk.coordinator@example.org")
    coordinator.open("/onboarding/force/")
    coordinator.press("Begin")
    for item in ForceCheck:
        coordinator.page.locator(f"#evidence-{item.value}").fill("folder 7")
        coordinator.press(re.compile(f"Done.*{re.escape(str(item.label))}"))
    coordinator.press("Go live")
    expect(coordinator.page.get_by_text("Live", exact=True)).to_be_visible()
    picture(coordinator.page, "onboarding-force")
    opening = coordinator.steps

    shop = Walk(browser, server)
    shop.open("/join/?q=NR35%201AX")
    picture(shop.page, "join-search")
    shop.press(re.compile("Made-up Chemist"), role="link")
    shop.page.get_by_label("This is our pharmacy").check()
    shop.page.get_by_label("Your name").fill("Made-up Pharmacist")
    shop.page.get_by_label("What you do there").fill("superintendent")
    shop.page.get_by_label("E-mail at work").fill("shop@example.org")
    for group in shop.page.get_by_role("group").all():
        group.get_by_label("Yes").check()
    picture(shop.page, "join-ask")
    shop.press("Ask to join")
    expect(shop.page.get_by_text("They will ring")).to_be_visible()
    picture(shop.page, "join-follow")

    coordinator.open("/onboarding/applications/")
    coordinator.press(re.compile("Made-up Chemist"), role="link")
    expect(coordinator.page.get_by_text("01986 000035")).to_be_visible()
    picture(coordinator.page, "onboarding-application")
    coordinator.press(re.compile("I rang this number"))
    coordinator.press(re.compile("Approve"))
    coordinator.press("Invite somebody", role="link")
    coordinator.page.get_by_label("Name").fill("Made-up Pharmacist")
    coordinator.press("Invite")
    link = coordinator.page.locator("[data-link]").inner_text()
    coordinator.press("Done", role="link")
    coordinator.press("Set up a tablet", role="link")
    coordinator.page.get_by_label("Where will it stand?").fill("Counter")
    coordinator.press("Make a code")
    picture(coordinator.page, "onboarding-code")
    code = coordinator.page.locator("[data-code]").inner_text()

    shop.open(link)
    shop.page.get_by_label("A PIN of your own").fill("2580")
    shop.page.get_by_label("The same PIN again").fill("2580")
    shop.press("Accept")
    shop.open(f"/counter/enrol/#{code}")
    expect(shop.page.get_by_label("code")).to_have_value(code)
    shop.page.get_by_role("button", name="Set up").click()
    shop.page.get_by_role("button", name="MP").click()
    shop.page.get_by_label("PIN").fill("2580")
    shop.page.get_by_role("button", name="Continue").click()
    shop.page.get_by_role("button", name="Yes, now").click()
    shop.page.get_by_text("Nobody has read it yet").first.wait_for()
    shop.steps += 4

    officer = Walk(browser, server, "suffolk.officer1@example.org")
    officer.page.goto("/triage/")
    officer.page.locator("[data-band=alert] [data-row]").wait_for()
    norfolk = Walk(browser, server, cast.email("norfolk", "officer1"))
    norfolk.page.goto("/triage/")
    expect(norfolk.page.locator("[data-row]")).to_have_count(0)

    assert opening <= 12, opening
    assert shop.steps <= 12, shop.steps
    assert coordinator.steps - opening <= 10, coordinator.steps - opening


def test_every_page_of_the_door_is_clean_from_768_to_1920(browser: Browser, server: Server, cast: Cast) -> None:
    """Axe on each page; nothing wider than the screen; reached by keyboard alone."""
    walk = Walk(browser, server, cast.email("norfolk", "coordinator"))
    site = cast.pharmacy("norfolk").pk
    pages = {
        "onboarding-pharmacies": "/onboarding/", "onboarding-pharmacy": f"/onboarding/pharmacies/{site}/",
        "onboarding-readiness": "/onboarding/readiness/", "onboarding-training": "/onboarding/people/",
        "onboarding-files": "/onboarding/files/", "onboarding-directory": "/onboarding/directory/",
        "onboarding-settings": "/onboarding/force/settings/", "onboarding-owners": "/onboarding/owners/",
        "onboarding-details": f"/onboarding/pharmacies/{site}/details/", "find": "/find/?q=Norwich",
    }  # fmt: skip
    for name, path in pages.items():
        walk.open(path)
        picture(walk.page, name)
        for width in (768, 1920):
            walk.page.set_viewport_size({"width": width, "height": 1024})
            assert walk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
        walk.page.set_viewport_size({"width": 1366, "height": 900})
    walk.page.goto("/onboarding/")
    walk.page.keyboard.press("Tab")
    walk.page.keyboard.press("Enter")  # past the ways, to the page itself
    assert walk.page.evaluate("document.activeElement.id") == "main"
    walk.page.keyboard.press("Tab")
    walk.page.keyboard.type("Norwich")
    with walk.page.expect_navigation():
        walk.page.keyboard.press("Enter")
    expect(walk.page.locator("#q")).to_have_value("Norwich")
