"""The bridge between the loop and Django's threads, with an application of a few lines and callers that misbehave."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ani_portal.pages import Pages

PIECE = b"x" * 65_536


def application(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Says how long the body was; /large answers in many pieces, as a file does."""
    length = len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    start_response("200 OK", [("X-Length", str(length))])
    return (PIECE for _piece in range(40)) if environ["PATH_INFO"] == "/large" else [b"small"]


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread: a browser that another test drives has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def ask(
    pages: Pages, path: str, send: Callable[[Any], Awaitable[None]], body: tuple[bytes, ...] = (), length: int = 0
) -> Coroutine[Any, Any, None]:
    """One request whose body comes in those pieces; after the last one its sender is gone."""
    coming = [{"type": "http.request", "body": piece, "more_body": True} for piece in body]
    coming.append({"type": "http.disconnect"})

    async def receive() -> Any:
        return coming.pop(0)

    headers = [(b"content-length", str(length).encode())] if length else []
    scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "http_version": "1.1", "headers": headers
    }  # fmt: skip
    return pages(scope, receive, send)


def test_who_reads_nothing_holds_no_thread() -> None:
    """Given two threads and four callers who take nothing of a large answer; when another asks, they are answered."""
    pages, taken = Pages(application, workers=2), list[Any]()

    async def stuck(_message: Any) -> None:
        await asyncio.sleep(3600)

    async def take(message: Any) -> None:
        taken.append(message)

    async def run() -> None:
        slow = [asyncio.ensure_future(ask(pages, "/large", stuck)) for _one in range(4)]
        await asyncio.sleep(0.5)
        await asyncio.wait_for(ask(pages, "/large", take), 5)
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    run_apart(run())
    assert [one["type"] for one in taken] == ["http.response.start", "http.response.body"]
    assert taken[1]["body"] == PIECE * 40


def test_a_body_is_whole_or_nothing() -> None:
    """In pieces: whole. Cut off: nobody is asked, small or large."""
    pages, taken = Pages(application, workers=1), list[Any]()

    async def take(message: Any) -> None:
        taken.append(message)

    async def run() -> None:
        await ask(pages, "/", take, (b"a" * 10, b"b" * 10), 30)
        assert taken == []

    run_apart(run())


def test_what_is_no_page_is_closed() -> None:
    """A websocket is told that there is none here."""
    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        told.append(message)

    run_apart(Pages(application, workers=1)({"type": "websocket", "path": "/"}, receive, send))
    assert told == [{"type": "websocket.close", "code": 1000}]
