"""What `make run` starts, from an empty folder: the demo that others build on, and nothing left when it is stopped."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.server import ROOT, free_port

ELSEWHERE = (".*", "node_modules", "staticfiles", "var", "docs", "tests", "__pycache__")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """The project in a folder of its own, with the pages' programs but without a database."""
    place = tmp_path / "portal"
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(*ELSEWHERE))
    (place / "staticfiles").symlink_to(ROOT / "staticfiles")
    yield place
    for pid in running_in(place):
        os.kill(pid, signal.SIGKILL)
    subprocess.run([sys.executable, "-m", "ani_portal.engine", "reset"], cwd=place, check=False, timeout=60)


def running_in(place: Path) -> list[int]:
    """The processes that were started in that folder, by their ids."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if (process / "cwd").resolve() == place:
                    found.append(int(process.name))
            except OSError:
                continue  # it ended meanwhile
    return found


def started(place: Path, port: int) -> subprocess.Popen[str]:
    """The demo, ready."""
    own = ("DATABASE_", "DJANGO_", "ANI_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own) or name == "ANI_PG_BIN"}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "ani_portal.tryout_run"], cwd=place, env=kept | {"PORT": str(port)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    said: list[str] = []
    late = threading.Timer(120, process.kill)  # then the loop below ends, and says what it heard
    late.start()
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if line.startswith("The same stands in var/demo.json"):
            late.cancel()
            return process
    raise AssertionError("".join(said))


def stopped(place: Path, process: subprocess.Popen[str], *signals: signal.Signals) -> int:
    """Its exit status, after those signals to the group as a terminal sends them."""
    for number in signals:
        os.killpg(process.pid, number)
        time.sleep(0.05)
    process.communicate(timeout=40)
    end = time.monotonic() + 5
    while (left := running_in(place)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left, "something of it still runs"
    asked = [sys.executable, "-m", "ani_portal.engine", "status"]
    done = subprocess.run(asked, cwd=place, text=True, capture_output=True, check=False, timeout=60)
    assert "stopped" in done.stdout, "its database still runs"
    return process.returncode


def test_a_demo_from_nothing_and_again(place: Path) -> None:
    """Given an empty folder; when it is run, used, interrupted twice at once, and run again; then it is the same demo."""
    port = free_port()
    first = started(place, port)
    told = json.loads((place / "var" / "demo.json").read_text())
    assert told["base_url"] == f"http://localhost:{port}"
    assert {one["role"] for one in told["accounts"]} >= {"officer", "supervisor", "coordinator", "auditor", "dpo"}
    assert {"role", "force", "email", "password", "totp_secret"} <= set(told["accounts"][0])
    assert {"pharmacy_ods", "force", "enrolment_code", "staff"} <= set(told["tablets"][0])
    for path in ("/", "/healthz", "/readyz", "/find/", "/counter/enrol/", "/triage/"):
        answer = httpx.get(f"http://127.0.0.1:{port}{path}", follow_redirects=True, timeout=20)
        assert answer.status_code == 200, path
    # Ctrl-C reaches the whole group, and `make` sends its own on top.
    assert stopped(place, first, signal.SIGINT, signal.SIGTERM) == 0
    again = started(place, port)
    assert json.loads((place / "var" / "demo.json").read_text())["accounts"] == told["accounts"]
    assert stopped(place, again, signal.SIGHUP, signal.SIGHUP) == 0  # the terminal was closed


def test_a_port_in_use_is_said(place: Path) -> None:
    """Given a port that something listens on; when it is run there; then it says so, and how to choose another."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(
            [sys.executable, "-m", "ani_portal.tryout_run"], cwd=place, env=os.environ | {"PORT": str(port)},
            text=True, capture_output=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1 and f"Port {port} is in use" in done.stdout and "PORT=8001 make run" in done.stdout
