"""Sessions of which the database keeps only a keyed hash: a stolen copy of it opens none.

The browser's cookie holds a secret. The session's key, here and in every table, is the HMAC of that secret under SECRET_KEY:
whoever reads the tables learns no cookie, and whoever writes to them cannot plant a session of their own.
"""

import hmac
import secrets
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from ani_portal.access.surfaces import door_of_host


def key_of(secret: str) -> str:
    """The key under which the session of a cookie's value is kept: 160 bits in hex, as wide as the column."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"session|" + secret.encode(), "sha256").hex()[:40]


def cookie_name(request: HttpRequest) -> str:
    """The name of the session's cookie at the door that is asked: one of its own where the door has its own host."""
    door = door_of_host(request.get_host()) if settings.DOOR_HOSTS else None
    return f"{settings.SESSION_COOKIE_NAME}-{door}" if door else str(settings.SESSION_COOKIE_NAME)


class SessionStore(DatabaseStore):
    """A session by its key; `secret` is what its cookie holds, known only while the browser's own request runs."""

    secret = ""
    left = ""  # the key of a session that is to be deleted as soon as that may be written

    def flush(self) -> None:
        """End the session. Noticed in a page's read-only transaction, its row goes after the answer."""
        if self.session_key and _is_read_only():
            self.left = self.session_key
            self.clear()
            self._session_key = None
        else:
            super().flush()

    def _get_new_session_key(self) -> str:
        self.secret = secrets.token_urlsafe(24)  # 192 bits: no need to look whether it is taken
        return key_of(self.secret)


def _is_read_only() -> bool:
    if not connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('transaction_read_only') = 'on'")
        return bool((cursor.fetchone() or (False,))[0])


class SessionMiddleware:
    """Opens the session of the cookie, and keeps it after the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        open_session(request)
        return _keep(request, self.get_response(request))


def open_session(request: HttpRequest) -> None:
    """Give the request its session, by its cookie; nothing is read before it is needed."""
    secret = request.COOKIES.get(cookie_name(request), "")
    session = SessionStore(key_of(secret) if secret else None)
    session.secret = secret
    request.session = session


def _keep(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    session: Any = request.session
    name, same_site = cookie_name(request), cast(Any, settings.SESSION_COOKIE_SAMESITE)
    if session.left:
        session.delete(session.left)
    if session.is_empty():
        if name in request.COOKIES:
            response.delete_cookie(name, samesite=same_site)
            patch_vary_headers(response, ("Cookie",))
        return response
    if session.accessed:
        patch_vary_headers(response, ("Cookie",))
    if not session.modified or response.status_code == 500:
        return response
    try:
        session.save()
    except UpdateError as gone:
        raise SessionInterrupted("The session was ended in another window.") from gone
    ends = None if session.get_expire_at_browser_close() else session.get_expiry_age()
    response.set_cookie(
        name,
        session.secret,
        max_age=ends,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=settings.SESSION_COOKIE_HTTPONLY,
        samesite=same_site,
    )
    return response
