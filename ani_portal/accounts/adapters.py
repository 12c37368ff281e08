"""How allauth behaves here."""

import base64
import ipaddress
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from ani_portal.access.scope import Kind, Scope, running_log, scoped
from ani_portal.audit.log import Actor

from .models import User

KNOWN = "known browser"  # the salt of the cookie that says: this person signed in from here before
KNOWN_FOR = 400 * 24 * 60 * 60  # seconds; browsers keep no cookie longer


def note_sign_in(event: str, user: User | None) -> None:
    """Log what happened at the door, in the system's chain: it belongs to no force, and no flood of it delays an alarm."""
    actor = Actor("person", str(user.pk)) if user else Actor("unknown", "-")
    if (running := running_log()) is not None:
        running.note(event, by=actor, force=None)
        return
    with scoped(Scope(Kind.PUBLIC)) as log:
        log.note(event, by=actor, force=None)


def _known_cookie() -> str:
    return "__Host-known" if settings.OVER_TLS else "known"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations: nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """None: they would name a person in a cookie."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Failures are counted per account and place: per browser where the person signed in before, else per network.
        # So a stranger's failures never stop the person at their own desk, whatever the stranger does.
        email = str(credentials.get("email", "")).strip().lower()
        return f"{email} {place_of(request, email)}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A row of the log, known person or not: the same work for both."""
        email = str(credentials.get("email", "")).strip().lower()
        note_sign_in("signin.failed", User.objects.filter(email=email).first())

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """A row of the log, and the mark of a known browser."""
        answer: HttpResponse = super().post_login(request, user, **more)
        note_sign_in("signin.done", user)
        answer.set_cookie(
            _known_cookie(), signing.dumps(user.email, salt=KNOWN), max_age=KNOWN_FOR,
            secure=settings.OVER_TLS, httponly=True, samesite="Strict",
        )  # fmt: skip
        return answer


def known_here(request: HttpRequest, email: str) -> bool:
    """Whether this browser carries the mark of a person who signed in from it before."""
    try:
        marked: str = signing.loads(request.COOKIES.get(_known_cookie(), ""), salt=KNOWN, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return False
    return marked == email


def place_of(request: HttpRequest, email: str) -> str:
    """Where somebody tries from: "known" in a browser where that person signed in before, else the network."""
    if known_here(request, email):
        return "known"
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    bits = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def slow_down(user: User) -> Callable[[], None]:
    """Count a try of the second step by account and place, five in five minutes; call what is returned if it was right.

    From places that are not known, sixty an hour in all besides: codes are short. Nobody's failures stop the person in
    their own browser.
    """
    request, place = context.request, place_of(context.request, user.email)
    limits = [("5/300s/key", f"second step {user.pk} {place}")]
    if place != "known":
        limits.append(("60/h/key", f"second step {user.pk} from anywhere"))
    for rate, key in limits:
        if not ratelimit.consume(request, app="account", action="second_step", config={"second_step": rate}, key=key):
            raise get_adapter().validation_error("too_many_login_attempts")

    def clear() -> None:
        for rate, key in limits:
            ratelimit.clear(request, app="account", action="second_step", config={"second_step": rate}, key=key)

    return clear


class FactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted: a stolen database is no second factor."""

    def encrypt(self, text: str) -> str:
        """The stored form of a secret."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of a stored form."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"second factors").derive(settings.PIN_PEPPER.encode())
    return Fernet(base64.urlsafe_b64encode(key))
