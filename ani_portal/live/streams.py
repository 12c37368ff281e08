"""Server-sent events: a small ASGI application beside Django. A stream costs a queue, no thread and no connection."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from ani_portal.access.headers import fixed_headers

from .hub import BEAT, CHANGED, READY, STOP, Hub
from .who import topic_of

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]

PREFIX = "/live/"
ASK_AGAIN_SECONDS = 30.0  # whoever lost their access is out at the latest after this
# The browser's wait before it reconnects, in milliseconds.
RETRY = b"retry: 2000\n\n"

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    *((name.lower().encode(), value.encode()) for name, value in fixed_headers(secure=settings.OVER_TLS).items()),
]

# Looking up who asks is a few short queries; they have threads and connections of their own.
_lookups = ThreadPoolExecutor(max_workers=2, thread_name_prefix="stream")


class Streams:
    """Answers /live/desk and /live/tablet."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One stream, from the look-up of who asks to its end."""
        if scope["method"] != "GET":
            return await _refuse(send, 405)
        if self._taken >= settings.LIVE_MOST_STREAMS:
            return await _refuse(send, 503, (b"retry-after", b"5"))
        self._taken += 1  # before the look-up: many may come at once
        try:
            await self._answer(scope, receive, send)
        finally:
            self._taken -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            topic = await _topic(scope)
        except DatabaseError:
            return await _refuse(send, 503, (b"retry-after", b"5"))
        if topic is None:
            return await _refuse(send, 403)
        queue = self.hub.subscribe(topic)
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _event(send, RETRY + _named(READY if self.hub.listening else STOP + "ped"))
            await self._forward(scope, topic, queue, gone, send)
            with contextlib.suppress(Exception):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            self.hub.unsubscribe(topic, queue)

    async def _forward(
        self, scope: Scope, topic: str, queue: "asyncio.Queue[str]", gone: "asyncio.Future[None]", send: Send
    ) -> None:
        asked = time.monotonic()
        while not gone.done():
            getting: asyncio.Future[Any] = asyncio.ensure_future(queue.get())
            done, _pending = await asyncio.wait(
                [getting, gone], timeout=ASK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if getting not in done:
                getting.cancel()
                if gone in done:
                    return
                # Nothing heard, not even a beat: keep the connection known to be open.
                await _event(send, b": still here\n\n")
                continue
            message = getting.result()
            if message == STOP:
                return
            if time.monotonic() - asked > ASK_AGAIN_SECONDS:
                asked = time.monotonic()
                if await _topic(scope) != topic:
                    await _event(send, _named("signed-out"))
                    return
            if message in (BEAT, CHANGED, READY):
                await _event(send, _named(message))


def _named(name: str) -> bytes:
    return f"event: {name}\ndata:\n\n".encode()


async def _event(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _refuse(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*HEADERS[1:], (b"content-type", b"text/plain"), (b"content-length", b"0"), *headers],
        }
    )
    await send({"type": "http.response.body", "body": b""})


async def _topic(scope: Scope) -> str | None:
    return await asyncio.get_running_loop().run_in_executor(_lookups, topic_of, scope)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
