"""Making a session older than it is."""

import time

from ani_portal.access.roles import using_role
from ani_portal.accounts.hashed_sessions import SessionStore, key_of


def age(key: str, *, idle: float = 0, old: float = 0) -> None:
    """Let nobody have touched the session for `idle` seconds, and its sign-in be `old` seconds ago."""
    with using_role("owner"):
        session = SessionStore(key_of(key))
        now = time.time()
        session["touched_at"] = now - idle
        session["began_at"] = now - max(idle, old)
        for record in session["account_authentication_methods"]:
            record["at"] = now - max(idle, old)
        session.save()
