"""Every header on every answer, over TLS, from a server with the settings of a real service."""

import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.ani_portal.doors.production import SETTINGS, certificate
from tests.cast import PASSWORD, Cast
from tests.e2e.server import Server
from tests.sign_in import next_code

ALWAYS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}


@pytest.fixture
def secure(cast: Cast, urls: dict[str, str], tmp_path: Path) -> Iterator[tuple[Server, httpx.Client]]:
    """A server over TLS, and a client that trusts its certificate."""
    made, key = certificate(tmp_path)
    running = Server(
        urls, log=tmp_path / "server.log", more=SETTINGS, certificate=str(made),
        arguments=("--certfile", str(made), "--keyfile", str(key)),
    ).start()  # fmt: skip
    with httpx.Client(base_url=running.base_url, verify=ssl.create_default_context(cafile=str(made))) as client:
        yield running, client
    running.stop()


def _static(client: httpx.Client) -> str:
    found = re.search(r"/static/build/public\.[0-9a-f]+\.css", client.get("/sign-in/").text)
    assert found
    return found.group()


def test_every_answer_carries_every_header(secure: tuple[Server, httpx.Client]) -> None:
    """Pages, redirects, errors of each kind, static files, the stream, and what it refuses."""
    server, client = secure
    token = client.cookies.get("__Host-form") or ""
    answers = {
        "page": client.get("/sign-in/"),
        "redirect": client.get("/triage/"),
        "not found": client.get("/nothing/here/"),
        "wrong method": client.post("/healthz", headers={"Origin": server.base_url, "X-CSRFToken": token}),
        "forged form": client.post("/sign-in/", data={"login": "a@example.org"}),
        "not a tablet": client.get("/counter/"),
        "bad host": client.get("/", headers={"Host": "elsewhere.example"}),
        "fingerprinted file": client.get(_static(client)),
        "plain file": client.get("/static/icon.svg"),
        "no such file": client.get("/static/nothing.css"),
        "ready": client.get("/readyz"),
        "stream refused": client.get("/live/desk"),
        "stream of nothing": client.get("/live/nothing"),
    }
    with client.stream("GET", "/live/tablet", headers={"Cookie": "__Host-device=norfolk tablet"}) as stream:
        answers["stream"] = stream
        assert stream.status_code == 200
    assert answers["bad host"].status_code == 400
    for name, answer in answers.items():
        for header, value in ALWAYS.items():
            assert answer.headers.get(header) == value, (name, header)
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy and "unsafe" not in policy, name
        assert "camera=()" in answer.headers.get("permissions-policy", ""), name
        kept = answer.headers.get("cache-control", "")
        assert ("immutable" in kept) if name == "fingerprinted file" else (kept == "no-store"), (name, kept)
        assert not re.search(r"\d", answer.headers.get("server", "")), name  # no version
    nonces = {client.get("/sign-in/").headers["content-security-policy"] for _again in range(2)}
    assert len(nonces) == 2  # a nonce is for one answer


def test_every_cookie_is_bound_to_the_host_and_tls(secure: tuple[Server, httpx.Client]) -> None:
    """Names, flags; a session's has no expiry; each door its own name; the tablet's enrolment persists."""
    server, client = secure
    client.get("/sign-in/")
    set_by = []
    email = "norfolk.officer1@example.org"
    for path, data in (
        ("/sign-in/", {"login": email, "password": PASSWORD}),
        ("/sign-in/code/", {"code": next_code(server.base_url, email)}),
    ):
        head = {"Origin": server.base_url, "Referer": server.base_url, "X-CSRFToken": client.cookies["__Host-form"]}
        answer = client.post(path, data=data, headers=head)
        assert answer.status_code == 302, answer.text
        set_by += answer.headers.get_list("set-cookie")
    names = {cookie.split("=")[0] for cookie in set_by}
    assert {"__Host-session", "__Host-known"} <= names
    for cookie in set_by:
        low = cookie.lower()
        assert cookie.startswith("__Host-") and "; path=/" in low and "domain=" not in low, cookie
        assert "secure" in low and "httponly" in low and "samesite=strict" in low, cookie
        assert ("max-age" in low or "expires" in low) == (not cookie.startswith("__Host-session")), cookie
    assert client.get("/triage/").status_code == 200
