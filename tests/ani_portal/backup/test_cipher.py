"""A backup file opens whole and unchanged, or not at all."""

from io import BytesIO

import pytest

from ani_portal.backup.cipher import CHUNK, NotOurs, decrypt, encrypt, parse_key

KEY = b"b" * 32


def _sealed(plain: bytes, kind: str = "data") -> bytes:
    out = BytesIO()
    pieces = [plain[place : place + 300_000] for place in range(0, len(plain), 300_000)]
    assert encrypt(pieces, out, key=KEY, kind=kind) == len(plain)
    return out.getvalue()


def _opened(sealed: bytes, key: bytes = KEY, kind: str = "data") -> bytes:
    return b"".join(decrypt(BytesIO(sealed), key=key, kind=kind))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_any_size_comes_back(size: int) -> None:
    """And none of it stands in the file."""
    plain = bytes(range(256)) * (size // 256 + 1)
    sealed = _sealed(plain[:size])
    assert _opened(sealed) == plain[:size]
    assert plain[:64] not in sealed


def test_nothing_else_opens() -> None:
    """Another key or kind, a changed byte, a cut at or inside a chunk, chunks left out or in another order."""
    sealed = _sealed(b"x" * (2 * CHUNK + 5))
    chunk = 4 + CHUNK + 16
    first, second, last = sealed[24 : 24 + chunk], sealed[24 + chunk : 24 + 2 * chunk], sealed[24 + 2 * chunk :]
    head = sealed[:24]
    assert head + first + second + last == sealed
    for wrong in (
        b"", b"no backup", head, head + first, head + first + second, head + last, head + first + last,
        head + second + first + last, sealed + last, sealed[:-1], sealed[:30] + b"\x00" + sealed[31:],
        head[:-1] + b"z" + sealed[24:],
    ):  # fmt: skip
        with pytest.raises(NotOurs):
            _opened(wrong)
    with pytest.raises(NotOurs):
        _opened(sealed, key=b"c" * 32)
    with pytest.raises(NotOurs):
        _opened(sealed, kind="vault")


def test_a_key_is_spelled_exactly() -> None:
    """And its fault names none of it."""
    for wrong in ("", "short", "A" * 40):
        with pytest.raises(NotOurs):
            parse_key(wrong)
