"""The format of a backup file: AES-256-GCM in chunks, so that any size streams and no cut, swap or change goes unseen.

    8 bytes   "SEALED1\\n"
    16 bytes  salt; the file's own key is HKDF-SHA256(backup key, salt, "backup|" + kind)
    then for each chunk: 4 bytes length (big-endian), that many bytes of ciphertext with its tag

A chunk holds up to 1 MiB. Its nonce is its number (11 bytes, big-endian) and a last byte that is 1 for the last chunk
alone: chunks in another order, left out, or a file that ends early do not open. `kind` (data, vault) is part of the
key: one cannot be taken for the other.
"""

import base64
import binascii
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"SEALED1\n"
CHUNK = 1024 * 1024
_SALT, _KEY, _TAG = 16, 32, 16


class NotOurs(Exception):
    """A file is no backup of this kind, made with this key, whole and unchanged."""


def parse_key(text: str) -> bytes:
    """The 32 bytes that BACKUP_KEY spells in base64url."""
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY:
        raise NotOurs("BACKUP_KEY must be 32 bytes in base64url: docs/data-protection/keys-and-backups.md says how.")
    return key


def encrypt(pieces: Iterable[bytes], out: BinaryIO, *, key: bytes, kind: str) -> int:
    """Write `pieces` to `out` as a backup file; how many bytes they were."""
    salt = os.urandom(_SALT)
    cipher = _cipher(key, salt, kind)
    out.write(MAGIC + salt)
    total = number = 0
    held = b""
    for piece in pieces:
        total += len(piece)
        held += piece
        while len(held) > CHUNK:
            _write(out, cipher, number, held[:CHUNK], last=False)
            held, number = held[CHUNK:], number + 1
    _write(out, cipher, number, held, last=True)
    return total


def decrypt(source: BinaryIO, *, key: bytes, kind: str) -> Iterator[bytes]:
    """The pieces again; NotOurs at the first that does not fit, and at the end if the last one is missing."""
    head = source.read(len(MAGIC) + _SALT)
    if len(head) != len(MAGIC) + _SALT or not head.startswith(MAGIC):
        raise NotOurs("This is no backup file.")
    cipher = _cipher(key, head[len(MAGIC) :], kind)
    number, size = 0, source.read(4)
    while size:
        length = int.from_bytes(size, "big")
        if len(size) < 4 or not _TAG <= length <= CHUNK + _TAG:
            raise NotOurs("The file was cut short or changed.")
        body = source.read(length)
        size = source.read(4)
        try:
            yield cipher.decrypt(_nonce(number, last=not size), body, None)
        except InvalidTag as error:
            raise NotOurs("The file was cut short or changed, or it was made with another key.") from error
        number += 1
    if number == 0:
        raise NotOurs("The file was cut short.")


def _cipher(key: bytes, salt: bytes, kind: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY, salt, f"backup|{kind}".encode()).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _write(out: BinaryIO, cipher: AESGCM, number: int, plain: bytes, *, last: bool) -> None:
    body = cipher.encrypt(_nonce(number, last=last), plain, None)
    out.write(len(body).to_bytes(4, "big") + body)
