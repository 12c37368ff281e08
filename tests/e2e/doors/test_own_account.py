"""One's own account: passkeys, password, sessions."""

import httpx
import pytest
from playwright.sync_api import Browser, expect

from ani_portal.accounts.sessions import browser_of
from tests.ani_portal.doors.ages import age
from tests.cast import PASSWORD, Cast
from tests.e2e.server import Server
from tests.sign_in import next_code

from .people import Signed, client_of, opened


def test_a_passkey_is_added_and_opens_the_second_step(browser: Browser, server: Server, cast: Cast) -> None:
    """With the browser's own virtual authenticator, on localhost, as passkeys need a name."""
    page = opened(browser, server, cast, "norfolk", "officer1", "/account/passkeys/add/", host="localhost")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip
    page.get_by_label("What is it called?").fill("key on my ring")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/account/")
    expect(page.get_by_text("key on my ring").first).to_be_visible()
    page.context.clear_cookies()
    page.goto("/triage/")
    page.get_by_label("Email").fill(cast.email("norfolk", "officer1"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/triage/")


def _sign_in(server: Server, email: str) -> httpx.Client:
    client = client_of(server)
    client.get("/sign-in/")
    for path, data in (
        ("/sign-in/", {"login": email, "password": PASSWORD}),
        ("/sign-in/code/", {"code": next_code(server.base_url, email)}),
    ):
        head = {"Origin": server.base_url, "X-CSRFToken": client.cookies["form"]}
        assert client.post(path, data=data, headers=head).status_code == 302
    return client


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("something else " * 9, ("something else " * 9)[:60]),
    ],
)
def test_a_place_is_named_in_words(said: str, words: str) -> None:
    """A person has to know which of the places is not theirs."""
    assert browser_of(said) == words


def test_sessions_are_listed_and_ended(server: Server, cast: Cast) -> None:
    """Given two places where somebody is signed in; each lists both, and ending one ends it at once."""
    email = cast.email("norfolk", "officer1")
    one, two = _sign_in(server, email), _sign_in(server, email)
    assert one.get("/account/").text.count("Since ") == 2
    page = two.get("/account/").text
    number = page.split('name="number" value="')[1].split('"')[0]
    head = {"Origin": server.base_url, "X-CSRFToken": two.cookies["form"]}
    stranger = Signed(server, cast, "cheshire", "officer1")
    assert stranger.post("/account/sessions/end/", {"number": number}).status_code == 404
    age(two.cookies["session"], old=6 * 60)
    assert two.post("/account/sessions/end/", data={"number": number}, headers=head).status_code == 423
    assert one.get("/triage/").status_code == 200
    age(two.cookies["session"])
    assert two.post("/account/sessions/end/", data={"number": number}, headers=head).status_code == 302
    assert one.get("/triage/").status_code == 302
    assert two.get("/triage/").status_code == 200


def test_a_new_password_is_checked_and_ends_other_sessions(server: Server, cast: Cast) -> None:
    """Short, common and similar ones are refused; the others who are signed in are not any more."""
    email = cast.email("norfolk", "officer2")
    here, there = _sign_in(server, email), _sign_in(server, email)
    here.get("/account/password/")
    for weak in ("short", "password1234", "norfolk.officer2", "123456789012345"):
        head = {"Origin": server.base_url, "X-CSRFToken": here.cookies["form"]}
        data = {"new_password1": weak, "new_password2": weak}
        assert here.post("/account/password/", data=data, headers=head).status_code == 422, weak
    good = "lantern otter quay 7"
    head = {"Origin": server.base_url, "X-CSRFToken": here.cookies["form"]}
    data = {"new_password1": good, "new_password2": good}
    assert here.post("/account/password/", data=data, headers=head).status_code == 302
    assert here.get("/triage/").status_code == 200
    assert there.get("/triage/").status_code == 302
