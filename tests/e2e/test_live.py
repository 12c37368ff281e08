"""The live stream, heard by a real client at the real server: in time, of one's own force, and never silently dead."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connections

from ani_portal.engine.server import Engine
from requests.enums import Danger, Wish
from tests.cast import Cast
from tests.requests.steps import agreed, finished, started, wished
from tests.visitors import as_superuser

from .server import Server


class Ear:
    """A client of one stream: what it heard, when."""

    def __init__(self, server: Server, path: str, cookies: dict[str, str]) -> None:
        self.heard: Queue[tuple[str, float]] = Queue()
        self.status = 0
        self.ended_at = 0.0
        self._client = httpx.Client(base_url=server.base_url, cookies=cookies, timeout=httpx.Timeout(20, read=30))
        self._path = path
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            with self._client.stream("GET", self._path) as response:
                self.status = response.status_code
                for line in response.iter_lines():
                    if line.startswith("event: "):
                        self.heard.put((line.removeprefix("event: "), time.monotonic()))
        except httpx.TransportError:
            pass
        self.ended_at = time.monotonic()

    def wait_for(self, name: str, seconds: float = 15) -> float:
        """When `name` was heard; fails if it is not in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                event, at = self.heard.get(timeout=left)
            except Empty:
                break
            if event == name:
                return at
        raise AssertionError(f"no {name} within {seconds} s")

    def so_far(self) -> list[str]:
        """What was heard and not waited for."""
        found = []
        while not self.heard.empty():
            found.append(self.heard.get()[0])
        return found

    def close(self) -> None:
        """Wait for the end of the stream."""
        self._thread.join(10)
        self._client.close()


Listen = Callable[..., Ear]


@pytest.fixture
def listen(server: Server, cast: Cast) -> Iterator[Listen]:
    """Opens streams as one of the cast; the server's stop ends them."""
    with _listening(server, cast) as opened:
        yield opened


@contextmanager
def _listening(server: Server, cast: Cast) -> Iterator[Listen]:
    ears: list[Ear] = []

    def opened(force: str, part: str = "officer1", path: str = "/live/desk") -> Ear:
        if path == "/live/tablet":
            cookies = {settings.DEVICE_COOKIE_NAME: f"{force} tablet"}
        else:
            cookies = {settings.SESSION_COOKIE_NAME: cast.session(force, part)}
        ears.append(Ear(server, path, cookies))
        return ears[-1]

    yield opened
    server.stop()
    for ear in ears:
        ear.close()


def test_a_change_is_heard_by_its_own_force_alone(listen: Listen, cast: Cast) -> None:
    """Ready at once, a beat every few seconds, *changed* within a second of the commit; the other force only beats."""
    ours, theirs, device = listen("norfolk"), listen("cheshire"), listen("norfolk", path="/live/tablet")
    for ear in (ours, theirs, device):
        ear.wait_for("ready")
        ear.wait_for("beat")
    by = cast.recorder("norfolk")
    record = wished(by, started(by), Wish.POLICE_NOW)
    # A colleague at another tablet of the pharmacy must not learn of it either.
    ours.wait_for("beat")
    assert "changed" not in ours.so_far() + device.so_far(), "nothing is heard before the release"
    agreed(by, record)
    committed = time.monotonic()
    assert ours.wait_for("changed") - committed < 2
    device.wait_for("changed")
    started(cast.recorder("cheshire"), Danger.YES)
    theirs.wait_for("changed")
    ours.wait_for("beat")
    finished(by, record)
    theirs.wait_for("beat")
    theirs.wait_for("beat")
    assert "changed" not in theirs.so_far()


@pytest.mark.parametrize("path", ["/live/desk", "/live/tablet", "/live/nothing", "/live/"])
def test_nobody_hears_without_a_part(server: Server, cast: Cast, path: str) -> None:
    """Not signed in, another part, a made-up device: 403 and not a byte more."""
    strangers: list[dict[str, str]] = [
        {}, {settings.SESSION_COOKIE_NAME: "made-up"}, {settings.DEVICE_COOKIE_NAME: "made up"},
        {settings.SESSION_COOKIE_NAME: cast.session("norfolk", "coordinator")},
        {settings.SESSION_COOKIE_NAME: cast.session("norfolk", "auditor")},
        {settings.SESSION_COOKIE_NAME: cast.session("norfolk", "officer1", second_factor=False)},
    ]  # fmt: skip
    for cookies in strangers:
        with httpx.Client(base_url=server.base_url, cookies=cookies) as client:
            answer = client.get(path)
            assert (answer.status_code, answer.content) == (403, b""), cookies
            assert client.post(path).status_code == 405
            assert answer.headers["Cache-Control"] == "no-store"


def test_stopping_the_server_ends_the_streams_at_once(listen: Listen, server: Server) -> None:
    """Well under the patience that the server has for an open request."""
    ears = [listen("norfolk"), listen("cheshire"), listen("norfolk", path="/live/tablet")]
    for ear in ears:
        ear.wait_for("ready")
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 5
    for ear in ears:
        ear.close()
        assert ear.ended_at - began < 3


def test_a_listener_that_loses_its_connection_says_so_and_comes_back(
    listen: Listen, cast: Cast, engine: Engine, database: str
) -> None:
    """Everybody is told to read anew, because what was said meanwhile is lost; then changes are heard again."""
    ear = listen("norfolk")
    ear.wait_for("ready")
    ear.wait_for("beat")
    killed = as_superuser(
        engine, database,
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
        " and application_name = 'ani-portal listener'",
    )  # fmt: skip
    assert killed == [(True,)]
    ear.wait_for("ready")
    ear.wait_for("beat")
    started(cast.recorder("norfolk"), Danger.YES)
    ear.wait_for("changed")


def test_whoever_comes_after_the_last_place_is_told_to_wait(
    cast: Cast, urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with the time to wait, also when all come at once; a place that is left is free again."""
    monkeypatch.setenv("LIVE_MOST_STREAMS", "3")
    server = Server(urls, log=tmp_path / "server.log").start()
    with _listening(server, cast) as listen:
        ears = [listen("norfolk", f"officer{number}") for number in (1, 2, 3)] + [listen("cheshire") for _ in range(4)]
        end = time.monotonic() + 15
        while not all(ear.status for ear in ears) and time.monotonic() < end:
            time.sleep(0.05)
        assert sorted(ear.status for ear in ears) == [200, 200, 200, 503, 503, 503, 503]
        cookies = {settings.SESSION_COOKIE_NAME: cast.session("cheshire", "officer2")}
        refused = httpx.get(f"{server.base_url}/live/desk", cookies=cookies)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        # The pages themselves go on.
        assert httpx.get(f"{server.base_url}/triage/rows/", cookies=cookies).status_code == 200


def test_a_stream_holds_no_connection_to_the_database(listen: Listen, database: str) -> None:
    """Ten streams, one listener."""
    ears = [listen("norfolk") for _ in range(10)]
    for ear in ears:
        ear.wait_for("ready")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select application_name, count(*) from pg_stat_activity where datname = current_database()"
            " and usename = 'ani_app' and pid <> pg_backend_pid() group by 1"
        )
        found: dict[str, Any] = dict(cursor.fetchall())
    assert found.pop("ani-portal listener") == 1
    assert sum(found.values()) <= 5 + (os.cpu_count() or 1), found
