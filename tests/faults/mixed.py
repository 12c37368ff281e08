"""The soak's load besides alerts, queues and streams: heartbeats, searches, whole visits at the counter, signing in."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from benchmarks.alerts import JOURNEY
from benchmarks.load import NotAccepted, post
from benchmarks.tablets import Device, tablets
from tests.cast import PASSWORD, PHARMACIES, Cast
from tests.e2e.server import Server
from tests.sign_in import next_code

from .world import TABLETS, World

BEAT, SEARCH, VISIT, SIGN_IN = 1.0, 10.0, 20.0, 45.0  # seconds between two of each
TOKEN = "a" * 32  # of forms
SIGNS_IN = ("norfolk", "officer3")  # nobody else's session ends by it


@dataclass
class Mixed:
    """What goes on beside the alerts, each kind in a thread of its own; `done` counts each kind, and what failed of it."""

    server: Server
    sessions: dict[str, str]  # of officers who search, by force
    stop: threading.Event
    world: World
    seconds: float
    done: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)  # the last failure of each kind

    def threads(self) -> list[threading.Thread]:
        """One for each kind; not yet started."""
        self._fresh = self._devices()
        works: list[tuple[str, float, Callable[[], None]]] = [
            ("heartbeats", BEAT, self._beat), ("searches", SEARCH, self._search), ("visits", VISIT, self._visit),
            ("sign-ins", SIGN_IN, self._sign_in),
        ]  # fmt: skip
        return [threading.Thread(target=self._again, args=work) for work in works]

    def __str__(self) -> str:
        kinds = {
            "heartbeats": "rounds of heartbeats of the tablets",
            "searches": "searches in each force",
            "visits": "whole visits at the counter",
            "sign-ins": "sign-ins with a code",
        }
        said = [
            f"{self.done[kind]:,} {words}"
            + (
                f" ({failed} more failed, at last: {self.failed[kind]})"
                if (failed := self.done[f"{kind} failed"])
                else ""
            )
            for kind, words in kinds.items()
        ]
        return ", ".join(said)

    def _again(self, kind: str, every: float, work: Callable[[], None]) -> None:
        while not self.stop.wait(every):
            try:
                work()
                self.done[kind] += 1
            except (httpx.HTTPError, HTTPException, OSError, NotAccepted, LookupError) as error:
                self.done[f"{kind} failed"] += 1
                self.failed[kind] = repr(error)

    def _devices(self) -> Iterator[tuple[Device, str]]:
        """Tablets with somebody's turn, and their forces; as many as there will be visits: each visit ends a turn."""
        return zip(tablets(int(self.seconds / VISIT) + 10), cycle(PHARMACIES), strict=False)

    def _beat(self) -> None:
        with closing(HTTPConnection("127.0.0.1", self.server.port, timeout=10)) as connection:
            for secret in TABLETS:
                post(connection, "/counter/heartbeat/", "", Device(secret, "").headers(turn=False), status=204)

    def _search(self) -> None:
        for force, session in self.sessions.items():
            with self._officer(session=session) as client:
                asked = {"pharmacy": PHARMACIES[force], "closed": "yes", "csrfmiddlewaretoken": TOKEN}
                found = client.post("/triage/find/", data=asked)
                _want(found, 302)
                _want(client.get(found.headers["Location"]), 200)

    def _visit(self) -> None:
        """From the first decision to the receipt put away."""
        device, force = next(self._fresh)
        key, headers = str(uuid4()), device.headers(turn=True)
        self.world.told.tried[key] = force
        self.world.visiting.add(key)
        try:
            self._through(key, headers)
        finally:
            self.world.visiting.discard(key)

    def _through(self, key: str, headers: dict[str, str]) -> None:
        with closing(HTTPConnection("127.0.0.1", self.server.port, timeout=10)) as connection:
            first = urlencode({"key": key, "step": "danger", "danger": "yes"})
            shown = post(connection, "/counter/answer/", first, headers)
            record = shown.split(b'type="hidden" name="record" value="', 1)[1][:36].decode()
            for step, boxes in JOURNEY:
                body = {"key": str(uuid4()), "record": record, "step": step, **boxes}
                post(connection, "/counter/answer/", urlencode(body), headers)
            post(connection, "/counter/finish/", urlencode({"record": record}), headers)

    def _sign_in(self) -> None:
        """With password and code, look at the queue, and out again."""
        email = Cast().email(*SIGNS_IN)
        with self._officer() as client:
            token = {"csrfmiddlewaretoken": TOKEN}
            _want(client.post("/sign-in/", data=token | {"login": email, "password": PASSWORD}), 302)
            token["csrfmiddlewaretoken"] = client.cookies["form"]  # signing in changes it
            code = next_code(self.server.base_url, email)
            _want(client.post("/sign-in/code/", data=token | {"code": code}), 302)
            _want(client.get("/triage/"), 200)
            with suppress(KeyError):
                token["csrfmiddlewaretoken"] = client.cookies["form"]
            _want(client.post("/sign-out/", data=token), 302)

    def _officer(self, **cookies: str) -> httpx.Client:
        base_url = self.server.base_url
        client = httpx.Client(base_url=base_url, headers={"Origin": base_url}, timeout=10)
        for name, value in ({"form": TOKEN} | cookies).items():
            client.cookies.set(name, value, domain="127.0.0.1")
        return client


def _want(answer: httpx.Response, status: int) -> None:
    if answer.status_code != status:
        raise NotAccepted(f"{answer.request.url.path} answered {answer.status_code}")
