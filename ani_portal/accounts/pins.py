"""PINs of pharmacy staff: short, so peppered, slow to try, and slower with each failure."""

import hashlib
import hmac
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# OWASP's second choice for Argon2id: a tablet's staff wait, many pharmacies share one server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

PIN = RegexValidator(r"^\d{4,8}$", _("A PIN is four to eight digits."))


def not_obvious(pin: str) -> None:
    """Neither one digit over and over nor a row of them; ValidationError otherwise."""
    if is_easy(pin):
        raise ValidationError(_("Too easy to guess. Choose digits that are not all the same or in a row."))


# Two free slips, then each wrong PIN doubles the wait. It never stops the alarm, which asks for no PIN.
FREE_FAILURES = 3
LONGEST_WAIT = timedelta(minutes=15)
# So many in a row, and that PIN is locked at that tablet until the manager unlocks it or a new one is set.
LOCK_AFTER = 10


def is_easy(pin: str) -> bool:
    """Whether it is one digit over and over, or a row of them."""
    return len(set(pin)) == 1 or pin in "0123456789" or pin in "9876543210"


def hash_pin(pin: str) -> str:
    """The stored form of `pin`."""
    return _HASHER.hash(_peppered(pin))


def check_pin(pin: str, stored: str) -> bool:
    """Whether `pin` is the one that `stored` was made from; takes the same time when there is none."""
    try:
        return _HASHER.verify(stored or _NOBODYS, _peppered(pin)) and bool(stored)
    except (VerifyMismatchError, InvalidHashError):
        return False


def wait_after(failures: int) -> timedelta:
    """How long to wait after that many wrong PINs in a row."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(seconds=5 * 2 ** min(failures - FREE_FAILURES, 16)), LONGEST_WAIT)


def _peppered(pin: str) -> bytes:
    return hmac.digest(settings.PIN_PEPPER.encode(), pin.encode(), hashlib.sha256)


_NOBODYS = _HASHER.hash(b"nobody has this one")
