"""Looking for words in any of the ways in which a computer writes them down."""

import base64
from pathlib import Path
from urllib.parse import quote, quote_plus


def needles(word: str) -> set[bytes]:
    """`word` in UTF-8, UTF-16 (both orders), hex (both cases), base64 at each offset, URL and JSON encoding."""
    found: set[bytes] = set()
    for plain in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        found |= {plain, plain.hex().encode(), plain.hex().upper().encode()}
        for offset in range(3):
            padded = base64.b64encode(b"\0" * offset + plain)
            # What the neighbours share bits with is cut off at both ends.
            middle = padded[(offset * 8 + 5) // 6 : (offset + len(plain)) * 8 // 6]
            found |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    found |= {quote(word).encode(), quote_plus(word).encode(), word.encode("unicode_escape"), word.encode("utf-7")}
    return {one for one in found if len(one) >= 6}


def hits(content: bytes, words: list[str]) -> list[str]:
    """Which of the words stand in `content`, and how they are written."""
    return [f"{word!r} as {one[:40]!r}" for word in words for one in needles(word) if one in content]


def hits_in(folder: Path, words: list[str]) -> list[str]:
    """The same for every file below a folder."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            found += [f"{path.relative_to(folder)}: {hit}" for hit in hits(path.read_bytes(), words)]
    return found
