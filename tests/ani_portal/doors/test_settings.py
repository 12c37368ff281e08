"""Settings fail loudly and closed, and each one that protects is held by a test."""

import json
import subprocess
import sys

import pytest

from tests.e2e.server import ROOT

from .production import SETTINGS, environment

NEEDED = ("SECRET_KEY", "PIN_PEPPER", "MASTER_KEYS")

# What a production process says of itself, setting by setting. Turning one off fails here, by its name.
EXPECTED = {
    "DEBUG": False,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Strict",
    "SESSION_COOKIE_NAME": "__Host-session",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_SAMESITE": "Strict",
    "CSRF_COOKIE_NAME": "__Host-form",
    "DEVICE_COOKIE_NAME": "__Host-device",
    "CSRF_TRUSTED_ORIGINS": [],
    "CSRF_FAILURE_VIEW": "ani_portal.errors.stale_form",
    "SESSION_ENGINE": "ani_portal.accounts.hashed_sessions",
    "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
    "ACCOUNT_ADAPTER": "ani_portal.accounts.adapters.AccountAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "X_FRAME_OPTIONS": "DENY",
    "SECURE_PROXY_SSL_HEADER": None,
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_RATE_LIMITS": {"login": "60/m/ip", "login_failed": "30/m/ip,5/300s/key"},
    "MFA_ADAPTER": "ani_portal.accounts.adapters.FactorAdapter",
    "MFA_FORMS": {
        "authenticate": "ani_portal.accounts.forms.SecondFactorForm",
        "authenticate_webauthn": "ani_portal.accounts.forms.PasskeyFactorForm",
    },
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "MFA_PASSKEY_LOGIN_ENABLED": False,
    "EMAIL_USE_TLS": True,
}


def _run(code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", *code.split(" ", 1)] if code.startswith("-c ") else
        [sys.executable, "-W", "ignore", "manage.py", *code.split()],
        cwd=ROOT, env=environment(**changes), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_deploy_check_is_clean() -> None:
    """Not one warning, with the settings of a real service."""
    done = _run("check --deploy --fail-level WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_secret_stops_the_process_and_says_which(name: str, tmp_path: object) -> None:
    """Nothing is made up in its place. (A try-out's kept secrets are not looked at where there are none.)"""
    code = (
        "-c import os, pathlib; os.environ['DJANGO_SETTINGS_MODULE']='ani_portal.settings';"
        "pathlib.Path.exists = lambda self, **more: False; import django; django.setup()"
    )
    done = _run(code, **{name: ""})
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


def test_no_host_is_answered_unless_named() -> None:
    """An empty ALLOWED_HOSTS is refused by the check, not filled."""
    assert _run("check --deploy --fail-level WARNING", ALLOWED_HOSTS="").returncode != 0


def test_every_protecting_setting_is_on() -> None:
    """Each by its name; also that demo data and the embedded server are out of reach."""
    code = (
        "-c import os, json; os.environ['DJANGO_SETTINGS_MODULE']='ani_portal.settings'; import django; django.setup();"
        "from django.conf import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {list(EXPECTED)!r}}}))"
    )
    done = _run(code)
    assert json.loads(done.stdout) == EXPECTED
    refused = _run("demo")
    assert refused.returncode != 0
    assert "try-out" in refused.stderr
    assert set(NEEDED) <= set(SETTINGS)
