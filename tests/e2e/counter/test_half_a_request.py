"""The network goes while a request is on its way: its first half is nothing, and the whole one, sent again, is one record."""

import socket
import time
from uuid import uuid4

import httpx

from ani_portal.access.roles import using_role
from requests.models import CodewordRequest
from tests.e2e.server import Server


def test_half_an_alarm_is_none(server: Server) -> None:
    """Given an alarm whose last bytes are lost; when they never come, nothing is kept; when it is sent again, it is one."""
    body = f"key={uuid4()}&draft=%5B%5D&".ljust(4000, "x").encode()
    head = (
        f"POST /counter/send/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: device=norfolk tablet\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode() + body[:2000])
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
