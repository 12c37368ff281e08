"""Signing in as one of the cast: the second factor's secret, its next code, and a session as both steps leave it."""

import base64
import hashlib
import time
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from ani_portal.access.roles import using_role
from ani_portal.accounts.factors import code_at, step_now
from ani_portal.accounts.hashed_sessions import SessionStore
from ani_portal.accounts.models import User

_used: dict[tuple[str, str], int] = {}


def totp_secret(email: str) -> str:
    """The secret of a cast member's authenticator app, base32."""
    return base64.b32encode(hashlib.sha256(email.encode()).digest()[:20]).decode()


def next_code(place: str, email: str) -> str:
    """A code that this person has not used yet at `place` (a server or database). Three fit into a minute; then it waits."""
    while True:
        now = step_now()
        # A code of the step before is good for the rest of this one only.
        first = now - 1 if 30 - time.time() % 30 > 12 else now
        step = max(_used.get((place, email), 0) + 1, first)
        if step <= now + 1:
            _used[place, email] = step
            return code_at(totp_secret(email), step)
        time.sleep(0.5)


def session_of(email: str, *, second_factor: bool = True) -> str:
    """The secret of a new session of this person, for the cookie named by settings.SESSION_COOKIE_NAME."""
    with using_role("owner"):
        user = User.objects.get(email=email)
        records: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "email": email}]
        if second_factor:
            records.append({"method": "mfa", "at": time.time(), "type": "totp"})
        session = SessionStore()
        session.update(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                AUTHENTICATION_METHODS_SESSION_KEY: records,
                _AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user.pk),
            }
        )
        session.create()
        return session.secret
