"""Who asks for a stream, and what they may listen to: the same cookies and rules as for a page."""

from io import BytesIO
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse

from ani_portal.access.permissions import Door, Permission
from ani_portal.access.principals import Principal, resolve
from ani_portal.access.refusals import NotSignedIn
from ani_portal.access.scope import scoped
from ani_portal.access.surfaces import door_of_host
from ani_portal.accounts.hashed_sessions import open_session

from .notify import force_topic, tablet_topic

# Each stream's path, the door it belongs to, and the permission it needs.
STREAMS = {
    "/live/desk": (Door.TRIAGE, Permission.SEE_QUEUE),
    "/live/tablet": (Door.COUNTER, Permission.USE_TABLET),
}


def _never(request: HttpRequest) -> HttpResponse:
    raise AssertionError("only the request's side of the middleware is used")


_authentication = AuthenticationMiddleware(_never)


def topic_of(scope: dict[str, Any]) -> str | None:
    """The topic that the asker of an ASGI `scope` may listen to, or None."""
    found = STREAMS.get(scope["path"])
    if found is None:
        return None
    door, permission = found
    close_old_connections()
    try:
        request = ASGIRequest(scope, BytesIO())
        if door_of_host(request.get_host()) not in (None, door):
            return None
        # The feed goes on while the page is locked: it says only that something changed.
        request.feed = True  # type: ignore[attr-defined]
        open_session(request)
        _authentication.process_request(request)
        try:
            with scoped(read_only=True):
                principal = resolve(door, request)
        except NotSignedIn:
            return None
        if principal is None or not principal.may(permission):
            return None
        return _topic(door, principal)
    finally:
        close_old_connections()


def _topic(door: Door, principal: Principal) -> str:
    if door is Door.TRIAGE or principal.scope.pharmacy is None:
        return force_topic(principal.force_id)
    return tablet_topic(principal.scope.pharmacy)
