"""A password alone opens nothing."""

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from ani_portal.access.roles import using_role
from ani_portal.accounts.factors import code_at, remove_all, step_now
from ani_portal.accounts.models import User
from tests.cast import PASSWORD, Cast
from tests.e2e.server import Server
from tests.sign_in import next_code

DOORS = {"officer1": "/triage/", "supervisor": "/triage/", "coordinator": "/onboarding/"}


def _sign_in(browser: Browser, server: Server, email: str, door: str) -> Page:
    context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=server.base_url)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(door)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def test_the_first_sign_in_sets_it_up(browser: Browser, server: Server, cast: Cast) -> None:
    """Given somebody without a factor; they set one up, see recovery codes once, and land where they wanted to go."""
    email = cast.email("norfolk", "officer2")
    with using_role("owner"):
        remove_all(User.objects.get(email=email))
    page = _sign_in(browser, server, email, "/triage/")
    page.get_by_role("heading", name="Set up your second step").wait_for()
    page.goto("/triage/")  # nothing else answers before
    page.get_by_role("heading", name="Set up your second step").wait_for()
    secret = "".join(page.locator("code.key").inner_text().split())
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("That code is not right").first).to_be_visible()
    page.get_by_label("Code").fill(code_at(secret, step_now()))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    codes = page.locator("ul.codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url("**/triage/")

    again = _sign_in(browser, server, email, "/triage/")
    again.get_by_label("Code").fill(codes[0])
    again.get_by_role("button", name="Continue").click()
    again.wait_for_url("**/triage/")
    third = _sign_in(browser, server, email, "/triage/")
    third.get_by_label("Code").fill(codes[0])  # each is good for one time
    third.get_by_role("button", name="Continue").click()
    expect(third.get_by_text("was used before").first).to_be_visible()


def test_a_code_works_once(browser: Browser, server: Server, cast: Cast) -> None:
    """Given a code that was used; a second sign-in with it is refused, in the same half minute."""
    email = cast.email("norfolk", "officer1")
    code = next_code(server.base_url, email)
    first = _sign_in(browser, server, email, "/triage/")
    first.get_by_label("Code").fill(code)
    first.get_by_role("button", name="Continue").click()
    first.wait_for_url("**/triage/")
    second = _sign_in(browser, server, email, "/triage/")
    second.get_by_label("Code").fill(code)
    second.get_by_role("button", name="Continue").click()
    expect(second.get_by_text("was used before").first).to_be_visible()


@pytest.mark.parametrize("part", ["officer1", "officer3", "coordinator"])
def test_a_password_alone_opens_no_page_and_no_stream(server: Server, cast: Cast, part: str) -> None:
    """Every door, with a session that has only the first step."""
    half = {"session": cast.session("norfolk", part, second_factor=False)}
    whole = {"session": cast.session("norfolk", part)}
    door = "/onboarding/" if part == "coordinator" else "/triage/"
    assert httpx.get(server.base_url + door, cookies=whole).status_code == 200
    answer = httpx.get(server.base_url + door, cookies=half)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/set-up/")
    assert httpx.get(server.base_url + "/live/desk", cookies=half).status_code == 403
    # Who has a factor cannot set up another one with the password alone: they are signed out instead.
    answer = httpx.get(server.base_url + "/sign-in/set-up/", cookies=half)
    assert answer.headers["Location"].startswith("/sign-in/?")
    assert httpx.get(server.base_url + door, cookies=half).headers["Location"].startswith("/sign-in/?")
