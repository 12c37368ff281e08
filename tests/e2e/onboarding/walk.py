"""Somebody's browser on the way in: the steps counted, axe on every page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Browser, Page

from ani_portal.access.roles import using_role
from pharmacies import mailing
from pharmacies.models import RegisterUpload
from pharmacies.register import uploads
from tests.e2e.counter.tablet import AXE, SMALL
from tests.e2e.pictures import picture
from tests.e2e.server import Server
from tests.sign_in import session_of
from tests.smtp import Post

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Walk:
    """A browser, and how many steps (pages sent or opened on purpose) somebody has made in it."""

    def __init__(self, browser: Browser, server: Server, email: str = "", *, tablet: bool = False) -> None:
        size = {"width": 768, "height": 1024} if tablet else {"width": 1366, "height": 900}
        context = browser.new_context(viewport=size, base_url=server.base_url, locale="en-GB")  # type: ignore[arg-type]
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

    def touch(self, name: str) -> None:
        """Touch a button of the tablet."""
        self.steps += 1
        self.page.get_by_role("button", name=name).first.click()

    def picture(self, name: str) -> None:
        """All of the page, under this name in the docs."""
        picture(self.page, name, whole=True)

    def fill(self, **boxes: str) -> None:
        """Type into boxes, by their labels, _ for a space."""
        for label, text in boxes.items():
            self.page.get_by_label(label.replace("_", " ")).fill(text)

    def check(self) -> None:
        """No violation that axe finds."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "async (rules) => (await axe.run(document, {runOnly: rules})).violations"
            ".map(one => one.id + ': ' + one.nodes[0].html)",
            RULES,
        )
        assert found == [], (self.page.url, found)

    def give(self, content: bytes, name: str) -> None:
        """Give a register through the page, wait for its dry run, apply it; the worker's part is done here."""
        self.open("/onboarding/files/")
        self.page.get_by_label("The file").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": ContentFile(content).read()}
        )
        self.press("Read the file")
        with using_role("owner"):
            upload = RegisterUpload.objects.latest("made_at").pk
        uploads.read_upload(upload)
        self.page.get_by_role("button", name="Apply").wait_for()  # the page renews itself
        self.check()
        self.press("Apply")
        uploads.apply_upload(upload)
        self.page.locator(".totals").wait_for()  # it has loaded itself anew
        self.page.get_by_text("Written").wait_for()
        self.check()


def begin_turn(shop: Walk, code: str, own: str, initials: str, *, live: bool = True) -> None:
    """At a new tablet: enrol it with its code, set one's own PIN with another. Few touches."""
    shop.open(f"/counter/enrol/#{code}")
    shop.touch("Set up")
    if live:
        shop.touch("Somebody else")
    shop.touch("I have a code: set my own PIN")
    shop.page.get_by_role("heading", name="Set your own PIN").wait_for()
    shop.check()
    assert shop.page.evaluate(SMALL) == []
    picture(shop.page, "counter-own-pin", whole=True)
    shop.fill(Code_from_the_person=own, Your_initials=initials)
    shop.page.get_by_label("A PIN of four to eight digits").fill("2580")
    shop.page.get_by_label("The same PIN again").fill("2580")
    shop.touch("Set it")


def danger_now(shop: Walk, initials: str, *, beside: bool = False) -> None:
    """Tile, PIN, *yes, now*: received. `beside` an open one: another person."""
    shop.touch(initials)
    shop.page.get_by_label("PIN").fill("2580")
    shop.touch("Continue")
    if beside:
        shop.touch("Another person")
    shop.touch("Yes, now")
    shop.page.get_by_text("Nobody has read it yet").first.wait_for()


def mailed_link(post: Post, to: str) -> str:
    """The link in the newest mail to somebody, after the worker's round."""
    mailing.deliver(now=timezone.now())
    text = [text for address, text in post.mails if address == to][-1]
    found = re.search(r"/join/invitation/[\w-]+/", text)
    assert found, text
    return found[0]


@contextmanager
def counted(walk: Walk, most: int) -> Iterator[None]:
    """The block takes at most so many steps of this person."""
    before = walk.steps
    yield
    taken = walk.steps - before
    print(f"FIGURE {taken} steps (at most {most})")
    assert taken <= most, taken
