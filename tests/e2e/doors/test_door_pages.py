"""Every page of the doors in its states: axe, 768 to 1920 pixels, a picture, and by keyboard alone."""

from playwright.sync_api import Browser, Page, expect

from ani_portal.access.roles import using_role
from ani_portal.accounts.factors import code_at, remove_all, step_now
from ani_portal.accounts.models import User
from ani_portal.audit.models import AnchorSent
from tests.ani_portal.doors.ages import age
from tests.cast import PASSWORD, PIN, Cast
from tests.e2e.conftest import Counter
from tests.e2e.counter.tablet import AXE, SMALL
from tests.e2e.onboarding.test_pages import fits
from tests.e2e.onboarding.walk import RULES, Walk
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.sign_in import next_code

from .people import opened


def reach(page: Page, name: str, role: str) -> None:
    """Go on with the Tab key until the focus is on what has this role and name."""
    target = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    for _step in range(60):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


def _seen(walk: Walk, name: str) -> None:
    """Axe, the widths, and a picture."""
    walk.check()
    fits(walk, name)
    walk.picture(f"door-{name}")


def test_signing_in_for_the_first_time_page_by_page(browser: Browser, server: Server, cast: Cast) -> None:
    """Wrong first, then right: sign-in, setting a factor up, recovery codes."""
    email = cast.email("norfolk", "officer2")
    with using_role("owner"):
        remove_all(User.objects.get(email=email))
    walk = Walk(browser, server)
    walk.open("/sign-in/?next=/triage/")
    _seen(walk, "sign-in")
    walk.fill(Email=email, Password="not the password")
    walk.press("Sign in")
    _seen(walk, "sign-in-wrong")
    walk.fill(Email=email, Password=PASSWORD)
    walk.press("Sign in")
    _seen(walk, "set-up")
    secret = "".join(walk.page.locator("code.key").inner_text().split())
    walk.fill(Code="000000")
    walk.press("Continue")
    _seen(walk, "set-up-wrong")
    walk.fill(Code=code_at(secret, step_now()))
    walk.press("Continue")
    _seen(walk, "recovery-codes")
    walk.press("I have kept them")
    assert walk.page.url.endswith("/triage/")


def test_ones_own_account_page_by_page(browser: Browser, server: Server, cast: Cast) -> None:
    """Own sessions, a passkey, a new password with its faults, asked again, locked, twelve hours, signing out."""
    email = cast.email("norfolk", "officer1")
    page = opened(browser, server, cast, "norfolk", "officer1", "/account/")
    walk = Walk(browser, server)
    for _place in range(2):
        walk.page.context.clear_cookies()
        walk.page.goto("/sign-in/?next=/account/")
        walk.fill(Email=email, Password=PASSWORD)
        walk.press("Sign in")
        walk.fill(Code=next_code(server.base_url, email))
        walk.press("Continue")
    expect(walk.page.get_by_text("Chrome, Linux")).to_have_count(2)
    walk.page.get_by_role("button", name="New recovery codes").click()
    walk.page.get_by_role("heading", name="Your recovery codes").wait_for()
    walk.open("/account/")
    _seen(walk, "account")
    walk.open("/account/passkeys/add/")
    _seen(walk, "passkey")
    walk.open("/account/password/")
    for label in ("New password", "New password confirmation"):
        walk.page.get_by_label(label, exact=True).fill("short")
    walk.press("Change the password")
    _seen(walk, "password-weak")
    key = next(one["value"] for one in walk.page.context.cookies() if one["name"] == "session")
    for state, more in (
        ("again", {"old": 6 * 60}),
        ("locked", {"idle": 15 * 60 + 1}),
        ("ended", {"old": 12 * 3600 + 5}),
    ):
        age(key, **more)
        walk.open("/account/password/" if state == "again" else "/account/")
        assert "/account/again/" in walk.page.url
        _seen(walk, state)
    page.goto("/sign-out/")
    page.evaluate(AXE)
    assert page.evaluate("async (rules) => (await axe.run(document, {runOnly: rules})).violations.length", RULES) == 0
    picture(page, "door-sign-out")


def _axe_in_dialog(page: Page) -> None:
    page.evaluate(AXE)
    found = page.evaluate(
        "async (rules) => (await axe.run(document, {runOnly: rules})).violations.map(one => one.id + one.nodes[0].html)",
        RULES,
    )
    assert found == []


def test_the_countdown_and_the_lock_by_keyboard_alone(browser: Browser, server: Server, cast: Cast) -> None:
    """The warning takes the focus and Enter answers it; the lock takes it too, and gives it back."""
    page = opened(browser, server, cast, "norfolk", "officer1", "/triage/")
    page.wait_for_selector("[data-live-state=live]")
    page.clock.fast_forward("14:10")
    stay = page.get_by_role("button", name="I am here")
    expect(stay).to_be_focused()
    expect(page.get_by_role("timer")).to_be_visible()
    _axe_in_dialog(page)
    page.wait_for_selector("[data-live-state=live]")  # the clock leapt, and the feed had to catch up
    picture(page, "door-countdown")
    page.keyboard.press("Enter")
    expect(stay).to_be_hidden()
    page.clock.fast_forward("15:05")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(page.get_by_label("Your password")).to_be_focused()
    _axe_in_dialog(page)
    page.wait_for_selector("[data-live-state=live]")
    picture(page, "door-locked-overlay")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Locked")).to_be_hidden()


def test_signing_in_by_keyboard_alone(browser: Browser, server: Server, cast: Cast) -> None:
    """Tab, letters, Enter: both steps, and out again."""
    email = cast.email("norfolk", "coordinator")
    walk = Walk(browser, server)
    page = walk.page
    page.goto("/sign-in/?next=/onboarding/")
    reach(page, "Email", "textbox")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _seen(walk, "second-step")
    reach(page, "Code", "textbox")
    page.keyboard.type("000000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _seen(walk, "second-step-wrong")
    page.locator("[name=code]").press("ControlOrMeta+a")
    page.keyboard.type(next_code(server.base_url, email))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/onboarding/")


def test_the_auditors_page_with_its_mark(browser: Browser, server: Server, cast: Cast) -> None:
    """Without one ever, after one that failed, filtered, with a fault in a box, and reached by keyboard."""
    walk = Walk(browser, server, cast.email("norfolk", "auditor"))
    walk.open("/audit/")
    expect(walk.page.get_by_text("No signed mark has ever left.")).to_be_visible()
    _seen(walk, "log")
    with using_role("owner"):
        AnchorSent.objects.create()
    walk.open("/audit/")
    expect(walk.page.get_by_text("The last signed mark left")).to_be_visible()
    assert "tell the operator" not in walk.page.content()
    _seen(walk, "log-with-its-mark")
    walk.open("/audit/?since=nonsense")
    expect(walk.page.get_by_role("alert").first).to_be_visible()
    reach(walk.page, "Look", "button")


def test_a_locum_is_vouched_for(browser: Browser, server: Server, cast: Cast) -> None:
    """On the tablet: large enough to touch, wrong first, and then a tile for one shift."""
    shop = Counter(browser, server, "norfolk tablet")
    shop.page.get_by_role("button", name="Somebody else").tap()
    shop.page.get_by_role("button", name="A colleague vouches for me").tap()
    shop.page.get_by_role("heading", name="Here for one shift").wait_for()

    def seen(name: str) -> None:
        _axe_in_dialog(shop.page)
        assert shop.page.evaluate(SMALL) == []
        picture(shop.page, f"counter-{name}")

    seen("vouch")
    for pin, name in (("1357", "vouch-wrong"), (PIN, "vouch-done")):
        shop.page.get_by_label("Your own name").fill("Made-up Locum")
        shop.page.get_by_label("Your initials").fill("LO")
        shop.page.get_by_label("A PIN of your own for this shift").fill("97531")
        shop.page.get_by_role("radio", name="AB").check()
        shop.page.get_by_label("Your colleague’s PIN").fill(pin)
        shop.still()
        shop.page.get_by_role("button", name="Continue").tap()
        if name == "vouch-wrong":
            expect(shop.page.get_by_text("That PIN is not right.").first).to_be_visible()
            expect(shop.page.get_by_label("Your own name")).to_have_value("Made-up Locum")
            seen(name)
    shop.sees("Is anyone in danger right now?")
