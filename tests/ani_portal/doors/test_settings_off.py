"""Every setting that protects, found by its name and turned off in turn: the portal is seen to behave otherwise."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connections
from django.http import HttpRequest
from django.test import Client, override_settings

import ani_portal.settings as source
from ani_portal.access.roles import using_role
from ani_portal.accounts.factors import add_totp, code_at, step_now
from ani_portal.accounts.models import User
from tests.cast import PASSWORD, Cast
from tests.sign_in import totp_secret

NAMED = re.compile(
    r"^(DEBUG|ALLOWED_HOSTS|OVER_TLS|MIDDLEWARE|X_FRAME_OPTIONS|CONTENT_SECURITY_POLICY|PASSWORD_HASHERS|DEVICE_COOKIE_NAME"
    r"|DATABASE_ROUTERS|FILE_UPLOAD_HANDLERS|(SECURE|SESSION|CSRF|ACCOUNT|MFA|AUTH|AUTHENTICATION|DATA_UPLOAD)_[A-Z_]+)$"
)
# As in a real service; the tests themselves run with those of a try-out.
REAL: dict[str, Any] = {
    "OVER_TLS": True, "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_NAME": "__Host-session", "CSRF_COOKIE_NAME": "__Host-form", "DEVICE_COOKIE_NAME": "__Host-device",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False, "ALLOWED_HOSTS": ["testserver"],
}  # fmt: skip
# What protects nothing by itself, or cannot be seen from a page; test_settings.py holds the values of those that protect.
NOT_SEEN = {
    "ACCOUNT_LOGIN_METHODS": "which name one signs in with",
    "ACCOUNT_LOGOUT_REDIRECT_URL": "a place to go",
    "ACCOUNT_SIGNUP_FIELDS": "nobody signs up",
    "ACCOUNT_EMAIL_VERIFICATION": "addresses come by invitation",
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": "no mail is sent by that part",
    "ACCOUNT_USER_MODEL_EMAIL_FIELD": "a name",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": "a name",
    "ACCOUNT_PREVENT_ENUMERATION": "held by value, and by the times in test_sign_in_guessing.py",
    "AUTH_USER_MODEL": "a name",
    "DATABASE_ROUTERS": "which role a process works as: test_rings.py",
    "MFA_TOTP_ISSUER": "a word in the app",
    "MFA_SUPPORTED_TYPES": "what may be enrolled; held by value",
    "MFA_PASSKEY_LOGIN_ENABLED": "no address of ours leads there; held by value",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": "asked of a browser: tests/e2e/doors/test_own_account.py; held by value",
    "AUTHENTICATION_BACKENDS": "who looks at the password; held by value, and tried by every sign-in of the tests",
    "CSRF_FAILURE_VIEW": "the words of a refusal",
    "MFA_FORMS": "ours keeps a code's step in the database: e2e/doors/test_second_factor.py; held by value",
    "SECURE_CONTENT_TYPE_NOSNIFF": "access/headers.py says it on every answer: e2e/doors/test_headers.py; held by value",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "access/headers.py says it on every answer: e2e/doors/test_headers.py; by value",
    "SECURE_REFERRER_POLICY": "access/headers.py says it on every answer: e2e/doors/test_headers.py; held by value",
    "SESSION_ENGINE": "our middleware opens our own sessions whatever this says: test_stolen_sessions.py",
    "SECURE_SSL_HOST": "Django's default",
}
# Pieces of the chain that carry words or convenience, not a ring.
HARMLESS = ("whitenoise", "HtmxMiddleware", "MessageMiddleware", "WordsMiddleware", "UserSessionsMiddleware",
            "SurfaceMiddleware", "CorrelationMiddleware")  # fmt: skip
# Headers that differ from answer to answer.
PASSING = ("x-correlation-id", "x-request-id", "content-length", "expires", "date", "last-modified")
OFF: dict[str, list[Any]] = {
    "ALLOWED_HOSTS": [["*"]], "SESSION_ENGINE": ["django.contrib.sessions.backends.db"], "SESSION_COOKIE_AGE": [10**9],
    "DATA_UPLOAD_MAX_MEMORY_SIZE": [None], "DATA_UPLOAD_MAX_NUMBER_FIELDS": [None], "SECURE_HSTS_SECONDS": [0, 3600],
    "PASSWORD_HASHERS": [["django.contrib.auth.hashers.MD5PasswordHasher"]], "ACCOUNT_RATE_LIMITS": [False],
    "MFA_ADAPTER": ["allauth.mfa.adapter.DefaultMFAAdapter"],
    "ACCOUNT_ADAPTER": ["allauth.account.adapter.DefaultAccountAdapter"], "X_FRAME_OPTIONS": ["SAMEORIGIN"],
    "SECURE_REFERRER_POLICY": [None, "unsafe-url"], "SECURE_CROSS_ORIGIN_OPENER_POLICY": [None, "unsafe-none"],
    "CSRF_TRUSTED_ORIGINS": [["https://elsewhere.example"]],
    "FILE_UPLOAD_HANDLERS": [["django.core.files.uploadhandler.MemoryFileUploadHandler"]],
    "ACCOUNT_SESSION_REMEMBER": [True], "DEBUG": [True],
}  # fmt: skip


def _offs(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if name in OFF:
        yield from ((f"{name} = {other!r}", other) for other in OFF[name])
    elif name == "CONTENT_SECURITY_POLICY":
        for directive in value["DIRECTIVES"]:
            kept = {one: said for one, said in value["DIRECTIVES"].items() if one != directive}
            yield f"{name} without {directive}", {"DIRECTIVES": kept}
    elif isinstance(value, list):
        for one in value:
            if not any(word in str(one) for word in HARMLESS):
                yield f"{name} without {one}", [other for other in value if other != one]
    elif isinstance(value, bool):
        yield f"{name} = {not value}", not value
    elif isinstance(value, str):
        yield f"{name} = ''", "Lax" if name.endswith("SAMESITE") else value.replace("__Host-", "")


PROTECTING = [
    (said, name, other)
    for name in sorted(dir(source))
    if NAMED.match(name) and name not in NOT_SEEN
    for said, other in _offs(name, REAL.get(name, getattr(source, name)))
]


def _seen(cast: Cast) -> dict[str, Any]:
    """What can be seen of the portal from outside."""
    cache.clear()
    email = cast.email("norfolk", "officer1")
    found: dict[str, Any] = {}
    client = Client(headers={"host": "testserver"})
    page = client.get("/sign-in/", secure=True)
    found["headers"] = {name: re.sub(r"nonce-[^']+", "nonce", value) for name, value in page.headers.items()
                        if name.lower() not in PASSING}  # fmt: skip
    found["plain"] = client.get("/sign-in/", secure=False).status_code
    found["host"] = Client().get("/sign-in/", secure=True, headers={"host": "elsewhere.example"}).status_code
    found["debug"] = "DEBUG" in client.get("/nothing/", secure=True).content.decode()
    strict = Client(enforce_csrf_checks=True)
    forged = strict.post("/sign-in/", {"login": email}, secure=True)
    found["forged"] = forged.status_code, b"csrf" in forged.content.lower()
    strict.get("/sign-in/", secure=True)
    token = next((one.value for name, one in strict.cookies.items() if "form" in name), "")
    said = {"X-CSRFToken": token, "Origin": "https://elsewhere.example"}
    found["origin"] = strict.post("/sign-in/", {"login": email}, secure=True, headers=said).status_code
    found["wide"] = client.post("/sign-in/", {f"f{n}": "x" for n in range(3_100)}, secure=True).status_code
    found["long"] = client.post("/sign-in/", {"login": "x" * 600_000}, secure=True).status_code
    client.post("/sign-in/", {"login": email, "password": PASSWORD}, secure=True)
    code = code_at(totp_secret(email), step_now())  # each look ends with a new factor, which has used none
    client.post("/sign-in/code/", {"code": code}, secure=True)
    found["in"] = client.get("/triage/", secure=True).status_code
    found["cookies"] = {
        name: (one["secure"], one["httponly"], one["samesite"], bool(one["max-age"]), one["max-age"] == 10**9)
        for name, one in client.cookies.items() if one.value
    }  # fmt: skip
    other = Client()
    other.post("/sign-in/", {"login": email, "password": PASSWORD}, secure=True)
    other.post("/sign-in/code/", {"code": code}, secure=True)  # the same code again
    found["code twice"] = other.get("/triage/", secure=True).status_code
    stranger = Client(REMOTE_ADDR="10.9.9.9")
    tries = [stranger.post("/sign-in/", {"login": email, "password": "wrong"}, secure=True) for _turn in range(7)]
    found["slowed"] = b"Too many" in tries[-1].content or tries[-1].status_code == 429
    found["known"] = "known" in str(client.cookies)
    with using_role("owner"):
        session = next((one.value for name, one in client.cookies.items() if "session" in name), "")
        with connections["owner"].cursor() as cursor:
            cursor.execute("select count(*) from django_session where session_key = %s", [session])
            found["session in the clear"] = cursor.fetchone()
            cursor.execute("select max(expire_date) > now() + interval '3 days' from django_session")
            found["sessions stay"] = cursor.fetchone()
        user = User.objects.get(email=email)
        kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
        add_totp(user, totp_secret(email))
        found["factor in the clear"] = kept == totp_secret(email) or (
            Authenticator.objects.get(user=user, type="totp").data["secret"] == totp_secret(email)
        )
        found["weak"] = [_codes(word, user) for word in ("Ab3$", "password1234", "norfolk.officer1@x", "928374650192")]
    found["hash"] = make_password("x").split("$")[0]
    request = HttpRequest()
    found["uploads"] = [type(one).__name__ for one in request.upload_handlers]
    with override_settings(ROOT_URLCONF="tests.ani_portal.forgotten_urls"):
        found["forgotten"] = Client().get("/forgotten/", secure=True).status_code
    found["device"] = settings.DEVICE_COOKIE_NAME
    return found


def _codes(word: str, user: User) -> list[str]:
    try:
        validate_password(word, user)
    except ValidationError as fault:
        return sorted(str(one.code) for one in fault.error_list)
    return []


def _turn_off(cast: Cast, which: list[tuple[str, str, Any]]) -> None:
    with override_settings(**REAL):
        whole = _seen(cast)
        assert whole["in"] == 200 and whole["plain"] == 301 and whole["host"] == 400 and whole["forged"][0] == 403
        assert _seen(cast) == whole, "two looks at the same settings differ"
        unnoticed = []
        for said, name, other in which:
            with override_settings(**{name: other}):
                try:
                    seen: Any = _seen(cast)
                except Exception as fault:
                    seen = repr(fault)
            if seen == whole:
                unnoticed.append(said)
    assert not unnoticed, unnoticed


def test_some_protecting_settings_turned_off_are_noticed(cast: Cast) -> None:
    """The short form: each twelfth of them."""
    assert len(PROTECTING) > 45
    _turn_off(cast, PROTECTING[::12])


@pytest.mark.long
def test_each_protecting_setting_turned_off_is_noticed(cast: Cast) -> None:
    """In turn, in one process; what is seen differs, or nothing works at all."""
    _turn_off(cast, PROTECTING)


@pytest.mark.parametrize("name", NOT_SEEN)
def test_what_is_left_out_says_why(name: str) -> None:
    assert len(NOT_SEEN[name]) > 4
