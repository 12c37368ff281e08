"""What a web process still holds open for visitors: exactly, by the kernel's tables and by its own count of streams."""

import os
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

LISTENING = "0A"  # the state of a row of /proc/net/tcp


def _accepted(port: int) -> dict[str, int]:
    """The sockets that were accepted at `port` of this machine: inode and the visitor's port."""
    found = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        here, there, state, inode = *parts[1:4], parts[9]
        if int(here.split(":")[1], 16) == port and state != LISTENING and inode != "0":
            found[inode] = int(there.split(":")[1], 16)
    return found


def visitors_of(pid: int, port: int) -> list[int]:
    """The ports of those whose connections to `port` this process holds open; empty for a process that is gone."""
    accepted, found = _accepted(port), []
    with suppress(OSError):
        for one in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                name = os.readlink(one)
                if name.startswith("socket:[") and name[8:-1] in accepted:
                    found.append(accepted[name[8:-1]])
    return found


def streams_of(pids: list[int], port: int, token: str, within: float = 20) -> dict[int, int]:
    """`ani_streams` of each of these processes: asked over new connections until each has answered, or time is over."""
    found: dict[int, int] = {}
    end = time.monotonic() + within
    while set(pids) - set(found) and time.monotonic() < end:
        with (
            suppress(OSError, HTTPException),
            closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection,
        ):
            connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            said = answer.read().decode()
            if answer.status != 200:
                raise RuntimeError(f"/metrics answered {answer.status}")
            mine = connection.sock.getsockname()[1]
            for pid in pids:
                if mine in visitors_of(pid, port):
                    found[pid] = next(
                        int(float(ln.split()[1])) for ln in said.splitlines() if ln.startswith("ani_streams ")
                    )
    return found
