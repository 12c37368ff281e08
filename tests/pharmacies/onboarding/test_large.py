"""A file of 200 MB at the real server: refused calmly, and the server does not grow."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.cast import Cast
from tests.e2e.server import Server

MB = 1024 * 1024
EDGE = "made-up-edge"
HEAD = (
    f'--{EDGE}\r\nContent-Disposition: form-data; name="as_of"\r\n\r\n2026-01-01\r\n'
    f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\nContent-Type: text/csv\r\n\r\n'
).encode()
TAIL = f"\r\n--{EDGE}--\r\n".encode()


@pytest.fixture
def server(cast: Cast, urls: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """The server on this test's database."""
    running = Server(urls, log=tmp_path / "server.log").start()
    yield running
    running.halt()


def largest(server: Server) -> int:
    """The most memory, in bytes, that a worker of the server has ever used."""
    found = 0
    for pid in server.children():
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                found = max(found, int(line.split()[1]) * 1024)
    return found


# Every browser says how long its form is. Without that the server takes the form for empty.
SAYS = {"said": "larger than 25 MB", "not said": "Choose a file."}


def body(megabytes: int) -> Iterator[bytes]:
    """A form with a file of that size, a piece at a time."""
    yield HEAD
    for _part in range(megabytes):
        yield b"x" * MB
    yield TAIL


@pytest.mark.parametrize("megabytes", [26, 200])
@pytest.mark.parametrize("length", SAYS)
def test_a_large_file_is_refused_with_a_message_and_flat_memory(
    cast: Cast, server: Server, megabytes: int, length: str
) -> None:
    """Read to its end and dropped; the page says so beside the field; whether the size was announced or not."""
    cookies = {settings.SESSION_COOKIE_NAME: cast.session("norfolk", "coordinator")}
    with httpx.Client(base_url=server.base_url, cookies=cookies, timeout=120) as client:
        assert client.get("/onboarding/files/").status_code == 200
        headers = {
            "Content-Type": f"multipart/form-data; boundary={EDGE}", "Origin": server.base_url,
            "X-CSRFToken": client.cookies[settings.CSRF_COOKIE_NAME],
        }  # fmt: skip
        if length == "said":
            headers["Content-Length"] = str(len(HEAD) + megabytes * MB + len(TAIL))
        before, began = largest(server), time.monotonic()
        answer = client.post("/onboarding/files/", content=body(megabytes), headers=headers)
        took, grown = time.monotonic() - began, largest(server) - before
        print(f"FIGURE {megabytes} MB, length {length}: {took:.1f} s, the server grew by {grown // MB} MB")
        assert answer.status_code == 422, answer.status_code
        assert SAYS[length] in answer.text
        assert grown < 60 * MB
        assert client.get("/onboarding/files/").status_code == 200
