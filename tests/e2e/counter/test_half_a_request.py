"""The network goes while a request is on its way: its first half is nothing, and the whole one, sent again, is one record."""

import re
import socket
import time
from contextlib import ExitStack
from uuid import uuid4

import httpx
import pytest

from ani_portal.access.roles import using_role
from ani_portal.pages import SMALL
from requests.models import CodewordRequest
from tests.e2e.server import Server


def head(server: Server, length: int) -> bytes:
    """How an alarm begins whose body is that long."""
    return (
        f"POST /counter/send/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: device=norfolk tablet\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("length", [4000, SMALL + 10_000], ids=["small", "large"])
def test_half_an_alarm_is_none(server: Server, length: int) -> None:
    """Given an alarm whose last bytes are lost; when they never come, nothing is kept; when it is sent again, it is one."""
    body = f"key={uuid4()}&draft=%5B%5D&".ljust(length, "x").encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head(server, length) + body[: length // 2])
        connection.shutdown(socket.SHUT_WR)
        connection.recv(4096)
    time.sleep(3)  # nobody is told what becomes of it
    with using_role("owner"):
        assert not CodewordRequest.objects.exists()
    for _again in range(2):
        answer = httpx.post(
            f"{server.base_url}/counter/send/", content=body, timeout=20, cookies={"device": "norfolk tablet"},
            headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert answer.status_code == 200
    with using_role("owner"):
        assert CodewordRequest.objects.count() == 1


def test_who_sends_slowly_keeps_nobody_waiting(server: Server) -> None:
    """Given three times as many half requests as there are threads; when another tablet sends its alarm, it is answered."""
    with ExitStack() as slow:
        for _one in range(24):
            connection = slow.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            connection.sendall(head(server, 4000) + b"key=")
        time.sleep(0.5)  # they have all arrived
        answer = httpx.post(
            f"{server.base_url}/counter/send/", data={"key": str(uuid4())}, timeout=5,
            cookies={"device": "norfolk tablet"}, headers={"Sec-Fetch-Site": "same-origin"},
        )  # fmt: skip
        assert answer.status_code == 200


def test_a_large_answer_is_whole_and_one_without_a_body_has_none(server: Server) -> None:
    """Every file of the cover, the large ones too; HEAD of each; a heartbeat."""
    page = httpx.get(f"{server.base_url}/counter/", cookies={"device": "norfolk tablet"}, timeout=20).text
    named = re.findall(r'"(/static/[^"]+)"', page)
    sizes = []
    for path in named:
        answer = httpx.get(server.base_url + path, headers={"Accept-Encoding": "identity"}, timeout=20)
        assert len(answer.content) == int(answer.headers["content-length"])
        sizes.append(len(answer.content))
        assert httpx.head(server.base_url + path, timeout=20).content == b""
    assert max(sizes) > SMALL, sizes
    beat = httpx.post(
        f"{server.base_url}/counter/heartbeat/", cookies={"device": "norfolk tablet"}, timeout=20,
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert (beat.status_code, beat.content) == (204, b"")
