"""Second factors: codes of an authenticator app, recovery codes, passkeys."""

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from .models import User

# RFC 6238, 5.2: one step either way for clocks that differ and people who type slowly.
STEPS_EITHER_WAY = 1
# How a session's records call a second factor: ours, or one for which the force's provider vouched.
SECOND = ("mfa", "sso")


def has_factor(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey; recovery codes alone are none."""
    return bool(_of(user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def code_at(secret: str, step: int) -> str:
    """The code of an authenticator's base32 `secret` in one step of 30 s since 1970."""
    return str(format_hotp_value(hotp_value(secret, step)))


def step_now() -> int:
    """The running step of codes."""
    return int(time.time()) // int(app_settings.TOTP_PERIOD)


def use_code(user: User, typed: str) -> Authenticator | None:
    """The factor whose code was typed, or None. Every code works once (RFC 6238, 5.2), whichever process is asked."""
    code = "".join(typed.split()).replace("-", "")
    with transaction.atomic():
        for factor in _of(user).exclude(type=Authenticator.Type.WEBAUTHN).select_for_update(no_key=True):
            if factor.type == Authenticator.Type.TOTP:
                if _use_step(factor, code):
                    return factor
            elif RecoveryCodes(factor).validate_code(code):
                return factor
    return None


def _use_step(factor: Authenticator, code: str) -> bool:
    secret, now = decrypt(factor.data["secret"]), step_now()
    for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
        if constant_time_compare(code, code_at(secret, step)):
            if step <= factor.data.get("last_step", 0):
                return False
            factor.data["last_step"] = step
            factor.save(update_fields=["data"])
            return True
    return False


def is_code_of(secret: str, typed: str) -> bool:
    """Whether `typed` is a code of a secret that is being enrolled."""
    code, now = "".join(typed.split()), step_now()
    return any(
        constant_time_compare(code, code_at(secret, step))
        for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1)
    )


def add_totp(user: User, secret: str) -> Authenticator:
    """Give the person an authenticator app with this base32 secret, in place of one they had."""
    _of(user).filter(type=Authenticator.Type.TOTP).delete()
    factor: Authenticator = TOTP.activate(user, secret).instance
    return factor


def new_recovery_codes(user: User) -> list[str]:
    """Fresh recovery codes, each good for one sign-in, in place of the old ones. Shown once."""
    _of(user).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def factors_of(user: User) -> dict[str, Any]:
    """What the person's own page shows of their factors."""
    found = list(_of(user).order_by("created_at"))
    recovery = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "totp": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(RecoveryCodes(recovery).get_unused_codes()) if recovery else 0,
    }


def remove_passkey(user: User, number: int) -> bool:
    """Take one passkey away, unless it is the last factor; whether that was done."""
    found = _of(user).filter(pk=number, type=Authenticator.Type.WEBAUTHN)
    others = _of(user).exclude(pk=number).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(others.exists() and found.delete()[0])


def remove_all(user: User) -> int:
    """Take every factor away: the next sign-in asks to set one up again. How many there were."""
    count, _by_model = _of(user).delete()
    return int(count)


def passed(request: HttpRequest) -> bool:
    """Whether this session was opened, or raised since, with a second factor."""
    from allauth.account.internal.flows.login import get_authentication_records

    user: Any = request.user
    return any(record.get("method") in SECOND for record in get_authentication_records(request, user))


def _of(user: User) -> Any:
    return Authenticator.objects.filter(user_id=user.pk)
