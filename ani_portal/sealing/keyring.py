"""Master keys: they wrap each record's own key and nothing else.

MASTER_KEYS is `name:base64url-of-32-bytes`, several separated by commas; the first wraps, all unwrap. Rotation puts a
new one in front.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE = 12  # bytes, as AES-GCM wants it
KEY = 32


class SealBroken(Exception):
    """A sealed value does not open: it was changed, moved, or its key is gone. Says nothing about the content."""


class KeyService(Protocol):
    """What a key service must do, so that one outside can take the local one's place."""

    def wrap(self, key: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a record's key, bound to `context`; the name of the master key used, and the wrapped key."""
        ...

    def unwrap(self, name: str, wrapped: bytes, context: bytes) -> bytes:
        """The record's key again, or SealBroken."""
        ...


@dataclass(frozen=True)
class LocalKeys:
    """Master keys held by this process."""

    keys: dict[str, bytes]  # the first one wraps

    def wrap(self, key: bytes, context: bytes) -> tuple[str, bytes]:
        """See KeyService."""
        name = next(iter(self.keys))
        return name, encrypt(self.keys[name], key, context)

    def unwrap(self, name: str, wrapped: bytes, context: bytes) -> bytes:
        """See KeyService."""
        if name not in self.keys:
            raise SealBroken(f"master key {name!r} is not among those given")
        return decrypt(self.keys[name], wrapped, context)


def encrypt(key: bytes, plain: bytes, context: bytes) -> bytes:
    """AES-256-GCM under a fresh nonce: nonce, then ciphertext with its tag; `context` is authenticated with it."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def decrypt(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """What `encrypt` was given, or SealBroken."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal does not fit") from error


def parse(text: str) -> LocalKeys:
    """The keys that MASTER_KEYS spells, or ImproperlyConfigured without any of it in the message."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        name, found, value = part.strip().partition(":")
        try:
            key = base64.urlsafe_b64decode(value)
        except (binascii.Error, ValueError):
            key = b""
        if not found or not name or name in keys or len(key) != KEY:
            raise ImproperlyConfigured("MASTER_KEYS must be name:key pairs, each key 32 bytes in base64url.")
        keys[name] = key
    return LocalKeys(keys)


@lru_cache(maxsize=2)
def _parsed(text: str) -> LocalKeys:
    return parse(text)


def key_service() -> KeyService:
    """The key service in use."""
    return _parsed(settings.MASTER_KEYS)
