"""One id for one request, in its log line, its rows of the log and its answer: how an on-call person finds the three together."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase

from .counts import count

HEADER = "X-Correlation-Id"
_SHAPE = re.compile(r"[0-9a-f-]{8,40}")
_current: ContextVar[str] = ContextVar("correlation", default="")

logger = logging.getLogger("ani_portal.requests")


def correlation() -> str:
    """The id of the request being answered, or nothing."""
    return _current.get()


class CorrelationMiddleware:
    """Gives each request its id and writes its line: method, route without ids, status, milliseconds. Nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        token = _current.set(given if _SHAPE.fullmatch(given) else uuid4().hex)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[HEADER] = _current.get()
            match, took = request.resolver_match, time.perf_counter() - started
            route = match.route if match else ""
            # Heartbeats are most of what is answered: beside them a slow page would not show.
            if route not in _NOT_COUNTED and not (route == _HEARTBEAT and response.status_code < 500):
                began = request.META.get("asgi.scope", {}).get("began", started)  # before it waited for a thread
                count(response.status_code, time.perf_counter() - began)
            logger.info(
                "%s %s %d",
                # Only what is known: the method is a word that anybody can send.
                request.method if request.method in _METHODS else "OTHER",
                "/" + match.route if match else "(no such address)",
                response.status_code,
                extra={"milliseconds": round(1000 * took, 1)},
            )
            return response
        finally:
            _current.reset(token)


# They say that something is down by answering 503, and mean it.
_NOT_COUNTED = {"healthz", "readyz", "metrics"}
_HEARTBEAT = "counter/heartbeat/"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
