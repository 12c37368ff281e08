"""The example of a proxy, running: the real nginx with deploy/nginx/ani-portal.conf in front of a real service."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from pytest_django import Settings

from requests.enums import Danger
from tests.ani_portal.doors.production import SETTINGS, certificate
from tests.cast import Cast
from tests.e2e.server import ROOT, Server, free_port
from tests.requests.steps import started

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


def _configured(folder: Path, portal: int, plain: int, secure: int) -> Path:
    """The example with this test's ports, names and paths; nothing else is changed."""
    made, key = certificate(folder)
    made.rename(folder / "fullchain.pem")
    assert key.name == "key.pem"
    text = (ROOT / "deploy/nginx/ani-portal.conf").read_text()
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{portal}"),
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl;", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("/etc/ani-portal/tls", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("desk.example.org counter.example.org", "localhost"),
        # A service listens on 443, and so sees its name without a port.
        ("proxy_set_header Host $host;", f"proxy_set_header Host $host:{secure};"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root; " if os.geteuid() == 0 else ""  # the folder of a test is closed to others
    found = folder / "nginx.conf"
    found.write_text(
        f"daemon off; {user}pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ {temporary} include {folder}/site.conf; }}\n"
    )
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def proxied(cast: Cast, urls: dict[str, str], tmp_path: Path, settings: Settings) -> Iterator[tuple[httpx.Client, int]]:
    """A client of nginx, which alone speaks to the portal; and the port of plain http."""
    settings.SECRET_KEY = SETTINGS["SECRET_KEY"]  # what the cast's sessions are kept by
    plain, secure = free_port(), free_port()
    more = SETTINGS | {"TRUST_PROXY_HEADERS": "1", "METRICS_TOKEN": ""}
    portal = Server(urls, log=tmp_path / "server.log", more=more, behind={"X-Forwarded-Proto": "https"})
    assert NGINX, "scripts/need-nginx installs it"
    proxy = subprocess.Popen(
        [NGINX, "-e", str(tmp_path / "error.log"), "-c", str(_configured(tmp_path, portal.port, plain, secure))]
    )
    trusted = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
    try:
        portal.start()
        with httpx.Client(base_url=f"https://localhost:{secure}", verify=trusted, timeout=20) as client:
            end = time.monotonic() + 20
            while not (_listens(secure) and client.get("/readyz").is_success):
                assert time.monotonic() < end, (tmp_path / "error.log").read_text()
                time.sleep(0.1)
            yield client, plain
    finally:
        proxy.terminate()
        proxy.wait(20)
        portal.halt()


def test_pages_streams_and_limits_through_the_example(proxied: tuple[httpx.Client, int], cast: Cast) -> None:
    """Given the proxy of the example; pages, the alarm and a stream come through it, and what it must refuse does not."""
    client, plain = proxied
    page = client.get("/sign-in/")
    assert page.status_code == 200 and page.headers["strict-transport-security"].startswith("max-age=31536000")
    # Plain http leads to TLS, and no header of a visitor's makes plain http pass for it.
    led = httpx.get(f"http://localhost:{plain}/sign-in/", headers={"X-Forwarded-Proto": "https"})
    assert led.status_code == 301 and led.headers["location"] == "https://localhost/sign-in/"
    forged = client.get("/sign-in/", headers={"X-Forwarded-Proto": "http", "Forwarded": "proto=http"})
    assert forged.status_code == 200
    # The alarm of a tablet, checked by its origin behind the proxy.
    tablet = {"Cookie": "__Host-device=norfolk tablet", "Sec-Fetch-Site": "same-origin", "Origin": str(client.base_url)}
    sent = client.post("/counter/send/", data={"key": str(uuid4())}, headers=tablet)
    assert sent.status_code == 200, sent.text
    # Larger than a form of ours ever is: refused before it reaches the portal.
    assert client.post("/counter/send/", data={"key": "x" * 400_000}, headers=tablet).status_code == 413
    # A stream comes piece by piece: nothing between here and the hub holds it back.
    session = cast.session("norfolk", "officer1")
    with client.stream("GET", "/live/desk", headers={"Cookie": f"__Host-session={session}"}) as stream:
        assert stream.status_code == 200
        lines = stream.iter_lines()
        began = time.monotonic()
        while not next(lines).startswith("event: ready"):
            assert time.monotonic() - began < 10
        started(cast.recorder("norfolk"), Danger.YES)
        told = time.monotonic()
        while not next(lines).startswith("event: changed"):
            assert time.monotonic() - told < 10
        assert time.monotonic() - told < 2


def test_the_proxys_log_holds_no_address(proxied: tuple[httpx.Client, int], tmp_path: Path) -> None:
    """Which record, which person, which address: none of it is in the proxy's own log."""
    client, _plain = proxied
    client.get("/triage/records/0f0f0f0f-0000-4000-8000-000000000000/?reference=ABC-234")
    lines = (tmp_path / "ani-portal.log").read_text()
    assert " GET 302 " in lines
    assert not any(word in lines for word in ("records", "0f0f0f0f", "ABC-234", "127.0.0.1"))
