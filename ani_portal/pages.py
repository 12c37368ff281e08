"""Pages between the event loop and Django: one hop into a thread, one hop back.

a2wsgi crosses between the two for each piece of a request and of its answer, which costs a short request as much as
half of what it does. Small requests are whole before a thread takes them, so that a slow sender holds none; a larger one is
read piece by piece, as a2wsgi does it. Answers leave the thread whole, so that a slow reader holds none either: every page
of ours is in memory anyway, and the files beside them are small.
"""

import io
import time
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi.wsgi import WSGIMiddleware, WSGIResponder

Receive = Callable[[], Awaitable[Any]]
SMALL = 64 * 1024  # bytes; a form with all its fields


class Pages(WSGIMiddleware):
    """A WSGI application as an ASGI one."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)  # what is no request for a page is closed
            return
        scope["began"] = time.perf_counter()
        try:
            body = await _whole(scope, receive)
        except ConnectionResetError:
            return  # nobody waits for an answer
        responder = _Responder(self.app, self.executor, self.send_queue_size, body)
        await responder(scope, _to_the_end(receive), send)


class _Responder(WSGIResponder):
    """One request and its answer."""

    def __init__(self, app: Any, executor: Any, send_queue_size: int, body: bytes | None) -> None:
        super().__init__(app, executor, send_queue_size)
        self._body = body
        self._answer: list[Any] = []

    def wsgi(self, environ: Any, start_response: Any) -> None:
        """In the thread: with the body that is there already."""
        if self._body is not None:
            environ["wsgi.input"] = io.BytesIO(self._body)
        super().wsgi(environ, start_response)

    def send(self, message: Any) -> None:
        """In the thread: kept until the application is done."""
        self._answer.append(message)

    async def sender(self, send: Any) -> None:
        """In the loop: once it is done, all of it."""
        await super().sender(send)
        answer, self._answer = _joined(self._answer), []
        while answer:
            await send(answer.pop(0))  # kept once, and not by us, while a slow reader takes it


def _joined(messages: list[Any]) -> list[Any]:
    """The same answer with its pieces of body as one."""
    bodies = [one.get("body", b"") for one in messages if one["type"] == "http.response.body"]
    pieces = [piece for piece in bodies if piece]
    whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    joined = [one for one in messages if one["type"] != "http.response.body"]
    return [*joined, {"type": "http.response.body", "body": whole}] if bodies else joined


async def _whole(scope: dict[str, Any], receive: Receive) -> bytes | None:
    """The body, if its length is given and small; None otherwise."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    if not (length.isdigit() and 0 < int(length) <= SMALL):
        return None
    body, receive = bytearray(), _to_the_end(receive)
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _to_the_end(receive: Receive) -> Receive:
    """A request of which only the first part came is an error, not a shorter request.

    Otherwise its half would be kept, and the whole one, sent again under the same key, taken for a repeat.
    """
    ended = False

    async def more() -> Any:
        nonlocal ended
        message = await receive()
        if message["type"] == "http.disconnect" and not ended:
            raise ConnectionResetError("the rest of the request never came")
        ended = not message.get("more_body", False)
        return message

    return more
