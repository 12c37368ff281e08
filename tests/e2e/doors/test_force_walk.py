"""Through a force's own sign-in and back, in a real browser at a real provider."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from ani_portal.access.roles import using_role
from ani_portal.accounts.models import Operator, User
from tests.cast import FORCES, PASSWORD, Cast
from tests.e2e.onboarding.test_pages import fits
from tests.e2e.onboarding.walk import Walk
from tests.e2e.server import Server

from .forces import LOGOUT, an_operator, confirm, write_down
from .provider import SECRET, Provider

CODE = FORCES["norfolk"]
ROLES = "desk = officer\nadmins = coordinator"


@pytest.fixture
def theirs(server: Server) -> Iterator[Provider]:
    """The force's provider; at another name than ours, so that the browser takes it for another site."""
    found = Provider(server.base_url, CODE, host="localhost").start()
    found.tell(
        people={
            "alice": {"email": "alice@example.org", "name": "Alice Made-up", "groups": ["desk"]},
            "bob": {"email": "bob@example.org", "name": "Bob Made-up", "groups": ["admins"]},
            "carol": {"email": "carol@example.org", "name": "Carol Made-up", "groups": []},
        },
        account="alice", amr=["pwd", "mfa"], acr=None, page=True,
    )  # fmt: skip
    yield found
    found.stop()


def _turned_on(walks: list[Walk], theirs: Provider) -> None:
    """Two people turn it on, each at their own page."""
    operator, coordinator = walks
    operator.open(f"/operator/forces/{CODE}/sign-in/")
    operator.picture("operator-provider")
    operator.press("Write it down")
    expect(operator.page.get_by_role("alert").first).to_be_visible()
    for name, value in (
        ("issuer", theirs.issuer), ("client_id", "portal"), ("secret", SECRET), ("claim", "groups"), ("roles", ROLES),
        ("factor_values", "mfa"),
    ):  # fmt: skip
        operator.page.locator(f"[name={name}]").fill(value)
    operator.press("Write it down")
    fits(operator, "operator")
    coordinator.open("/onboarding/force/people/")
    expect(coordinator.page.get_by_text(theirs.issuer)).to_be_visible()
    coordinator.press("It is right: turn it on")
    coordinator.picture("onboarding-people-with-a-provider")
    fits(coordinator, "people")


def _to_the_provider_and_back(page: Page, theirs: Provider) -> None:
    page.goto("/sign-in/")
    page.get_by_role("link", name="Sign in through Norfolk").click()
    page.wait_for_url(f"{theirs.issuer}/**")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/sign-in/force/.*/finish/"))


def test_an_officer_goes_through_their_force_and_is_signed_out_from_there(
    browser: object, server: Server, cast: Cast, theirs: Provider
) -> None:
    """Off until two people turned it on; in by the claim; out by the provider's word, page and all."""
    with using_role("owner"):
        user = User.objects.create_user("operator@example.org", PASSWORD, name="Made-up Operator")
        Operator.objects.create(user=user)
    operator = Walk(browser, server, user.email)  # type: ignore[arg-type]
    coordinator = Walk(browser, server, cast.email("norfolk", "coordinator"))  # type: ignore[arg-type]
    officer = Walk(browser, server)  # type: ignore[arg-type]
    officer.open("/sign-in/")
    assert officer.page.get_by_role("link", name="Sign in through").count() == 0
    _turned_on([operator, coordinator], theirs)

    officer.open("/sign-in/")
    officer.picture("door-sign-in-with-a-force")
    _to_the_provider_and_back(officer.page, theirs)
    expect(officer.page.get_by_role("heading", name="You are signed in")).to_be_visible()
    officer.check()
    officer.picture("door-force-opened")
    officer.page.goto("/triage/")
    officer.page.wait_for_selector("[data-live-state=live]")
    officer.open("/account/")
    expect(officer.page.get_by_text("Your force signs you in.")).to_be_visible()
    officer.open("/onboarding/")  # not their door: they read where theirs is
    assert "/account/parts/" in officer.page.url
    officer.page.goto("/triage/")
    officer.page.wait_for_selector("[data-live-state=live]")

    # The force signs them out: the page that is open hears nothing more, and the next one asks who is there.
    told = theirs.sign(sub="alice", jti="leaves", events=LOGOUT)
    assert (
        httpx.post(f"{server.base_url}/sign-in/force/{CODE}/log-out/", data={"logout_token": told}).status_code == 200
    )
    expect(officer.page.locator("[data-live-state=live]")).to_have_count(0, timeout=60_000)
    officer.page.goto("/triage/")
    officer.page.wait_for_url("**/sign-in/**")


def test_the_claim_decides_the_part_and_none_is_refused_in_words(
    browser: object, server: Server, cast: Cast, theirs: Provider
) -> None:
    """A coordinator comes to their own door; somebody whom the force gives no part reads why."""
    assert write_down(an_operator(), theirs, roles=ROLES).status_code == 302 and confirm(cast).status_code == 302
    theirs.tell(account="bob", page=True)
    bob = Walk(browser, server)  # type: ignore[arg-type]
    _to_the_provider_and_back(bob.page, theirs)
    bob.page.get_by_role("link", name="Go on").click()
    bob.open("/onboarding/")
    expect(bob.page.locator("h1")).to_be_visible()
    assert "/onboarding/" in bob.page.url
    theirs.tell(account="carol", page=True)
    carol = Walk(browser, server)  # type: ignore[arg-type]
    _to_the_provider_and_back(carol.page, theirs)
    expect(carol.page.get_by_text("Your force has given you no part here.")).to_be_visible()
    carol.check()
    fits(carol, "refused")
    carol.picture("door-force-refused")
    carol.open("/triage/")
    assert "/sign-in/" in carol.page.url
