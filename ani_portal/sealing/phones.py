"""Keyed fingerprints of phone numbers: the only thing of a record's content that can be searched for.

A fingerprint is an HMAC of the normalised number under a key of one force's own, so that neither a stolen table nor
another force's key tells a number, and equal numbers in two forces look different.
"""

import hashlib
import hmac
import os
import re

from .keyring import KEY, SealBroken, key_service
from .models import ForceKey

# E.164 allows 15 digits; the shortest United Kingdom number with its 0 has 10.
_LONGEST, _SHORTEST = 15, 7


def normalise_phone(text: str) -> str:
    """`text` as +digits, a number of the United Kingdom taken for granted; empty if it is no number."""
    kept = re.sub(r"\(0\)", "", text)
    kept = re.sub(r"[^\d+]", "", kept)
    if kept.startswith("00"):
        kept = "+" + kept[2:]
    digits = kept.replace("+", "")
    if kept.startswith("+"):
        digits = "44" + digits[3:] if digits.startswith("440") else digits
    elif digits.startswith("0"):
        digits = "44" + digits[1:]
    elif digits.startswith("44") and len(digits) > 10:
        pass
    elif digits:
        digits = "44" + digits
    return f"+{digits}" if _SHORTEST + 2 <= len(digits) <= _LONGEST else ""


def wrapping(force_id: int) -> bytes:
    """What a force's fingerprint key is bound to."""
    return f"phones|{force_id}".encode()


def fingerprint(force_id: int, number: str) -> bytes | None:
    """The force's fingerprint of `number`, or None if that is no phone number. Makes the force's key on first use."""
    normal = normalise_phone(number)
    if not normal:
        return None
    row = ForceKey.objects.filter(force_id=force_id).first()
    if row is None:
        name, wrapped = key_service().wrap(os.urandom(KEY), wrapping(force_id))
        ForceKey.objects.bulk_create(
            [ForceKey(force_id=force_id, master_key=name, wrapped=wrapped)], ignore_conflicts=True
        )
        row = ForceKey.objects.filter(force_id=force_id).first()
    if row is None:
        raise SealBroken("this scope may not see the force's key")
    key = key_service().unwrap(row.master_key, bytes(row.wrapped), wrapping(force_id))
    return hmac.digest(key, normal.encode(), hashlib.sha256)
