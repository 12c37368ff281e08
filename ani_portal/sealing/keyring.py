"""Master keys: they wrap each record's own key, each force's fingerprint key, and nothing else.

Written as `name:base64url-of-32-bytes`, several separated by commas or line ends; the first wraps, all unwrap. Rotation
puts a new one in front. They come from MASTER_KEYS, or from the file that MASTER_KEYS_FILE names, which is read again
when it changes: so a running service learns a new key without a restart.
"""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

NONCE = 12  # bytes, as AES-GCM wants it
KEY = 32


class SealBroken(Exception):
    """A sealed value does not open: it was changed, moved, or its key is gone. Says nothing about the content."""


class KeyService(Protocol):
    """What a key service must do, so that one outside (KEY_SERVICE) can take the local one's place."""

    @property
    def current(self) -> str:
        """The name of the master key that wraps now."""
        ...

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

    @property
    def current(self) -> str:
        """See KeyService."""
        return next(iter(self.keys))

    def wrap(self, key: bytes, context: bytes) -> tuple[str, bytes]:
        """See KeyService."""
        return self.current, encrypt(self.keys[self.current], key, context)

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
    """The keys that `text` spells, or ImproperlyConfigured without any of it in the message."""
    keys: dict[str, bytes] = {}
    for part in text.replace("\n", ",").split(","):
        if not part.strip():
            continue
        name, found, value = part.strip().partition(":")
        try:
            key = base64.urlsafe_b64decode(value)
        except (binascii.Error, ValueError):
            key = b""
        if not found or not name or len(name) > 40 or name in keys or len(key) != KEY:
            raise ImproperlyConfigured("Master keys must be name:key pairs, each key 32 bytes in base64url.")
        keys[name] = key
    if not keys:
        raise ImproperlyConfigured("There is no master key: docs/operations.md says how to make one.")
    return LocalKeys(keys)


@lru_cache(maxsize=4)
def _parsed(text: str) -> LocalKeys:
    return parse(text)


@lru_cache(maxsize=4)
def _read(path: str, changed: int, size: int) -> LocalKeys:
    return parse(Path(path).read_text())


def local_keys() -> LocalKeys:
    """The master keys of the environment, or of the file it names as that file is now."""
    if settings.MASTER_KEYS:
        return _parsed(settings.MASTER_KEYS)
    try:
        now = os.stat(settings.MASTER_KEYS_FILE)
    except OSError as error:
        raise ImproperlyConfigured("MASTER_KEYS_FILE names a file that cannot be read.") from error
    return _read(settings.MASTER_KEYS_FILE, now.st_mtime_ns, now.st_size)


def key_service() -> KeyService:
    """The key service in use: the local one, or what KEY_SERVICE names."""
    if settings.KEY_SERVICE:
        found: KeyService = import_string(settings.KEY_SERVICE)()
        return found
    return local_keys()


def add_key(path: Path, name: str) -> None:
    """Put a fresh master key in front of those in the file at `path`; whoever reads it sees the old or the new file."""
    text = path.read_text().strip()
    if name in parse(text).keys:
        raise ImproperlyConfigured(f"There is a master key called {name!r} already.")
    fresh = f"{name}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY)).decode()}"
    parse(f"{fresh},{text}")
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(f"{fresh},{text}\n")
    os.replace(draft, path)
