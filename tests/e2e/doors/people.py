"""Somebody with a session, over HTTP or in a browser."""

import httpx
from playwright.sync_api import Browser, Page

from tests.cast import Cast
from tests.e2e.server import Server

_open: list[httpx.Client] = []


def client_of(server: Server, **cookies: str) -> httpx.Client:
    """An HTTP client that the end of the test closes."""
    client = httpx.Client(base_url=server.base_url, cookies=cookies)
    _open.append(client)
    return client


def close_all() -> None:
    """Close every client of the test that ends."""
    while _open:
        _open.pop().close()


class Signed:
    """Somebody signed in, over HTTP, with forms that carry their token."""

    def __init__(self, server: Server, cast: Cast, short: str, part: str) -> None:
        self.email = cast.email(short, part)
        self.key = cast.session(short, part)
        self.client = client_of(server, session=self.key)
        self.origin = server.base_url

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        """A form of our own page."""
        if "form" not in self.client.cookies:
            self.client.get("/account/again/")
        head = {"Origin": self.origin, "X-CSRFToken": (self.client.cookies.get("form") or "")} | headers
        return self.client.post(path, data=data or {}, headers=head)


def opened(
    browser: Browser, server: Server, cast: Cast, short: str, part: str, path: str, host: str = "127.0.0.1"
) -> Page:
    """A browser of somebody signed in, at `path`."""
    base = server.base_url.replace("127.0.0.1", host)
    context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=base)
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "session", "value": cast.session(short, part), "url": base, "httpOnly": True}])
    page = context.new_page()
    page.clock.install()
    page.goto(path)
    return page
