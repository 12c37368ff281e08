"""What a stranger, a colleague or a slow provider cannot do by a force's own sign-in."""

import gzip
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import KeySet

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.accounts import openid
from ani_portal.accounts.hashed_sessions import SessionStore, key_of
from ani_portal.accounts.models import ExternalSession
from pharmacies.external import actions
from pharmacies.models import Officer
from tests.cast import Cast
from tests.visitors import desk

from .forces import (
    CODE,
    HERE,
    LOGOUT,
    POSTED,
    an_operator,
    come_in,
    confirm,
    leave,
    log_out,
    made,
    on,
    provider,
    write_down,
)
from .provider import Provider

__all__ = ["on", "provider"]


def test_the_providers_own_session_opens_nothing(cast: Cast, on: Provider) -> None:
    """It is always asked anew; an answer about an earlier sign-in there is refused; ours is as old as its question."""
    from django.conf import settings
    from django.core import signing

    from pharmacies.external.views import KEPT

    client = Client()
    there = leave(client)
    assert "prompt=login" in there and "max_age=0" in there
    brought = on.follow(there)
    kept = signing.loads(client.cookies["external"].value, salt=KEPT)
    client.cookies["external"] = signing.dumps({**kept, "began": kept["began"] + 300}, salt=KEPT)
    assert client.post(f"{HERE}finish/", brought, headers=POSTED).status_code == 400
    assert client.get("/triage/").status_code == 302
    assert come_in(client, on).status_code == 200
    with using_role("owner"):
        session = SessionStore(key_of(client.cookies[settings.SESSION_COOKIE_NAME].value))
        at = session["account_authentication_methods"][-1]["at"]
    assert at == int(at) and time.time() - at < 60


def test_waiting_for_a_provider_leaves_threads_to_the_alarm(cast: Cast, on: Provider) -> None:
    """Busy is said at once; the attempt is used up by it; the next one goes through."""
    client = Client()
    brought = on.follow(leave(client))
    with ExitStack() as held:
        for number in range(openid.AT_ONCE):
            held.enter_context(openid._calling(f"https://{number}.example"))
        said = client.post(f"{HERE}finish/", brought, headers=POSTED)
        assert said.status_code == 503 and "in a few seconds" in said.content.decode()
    assert come_in(client, on).status_code == 200


def test_a_slow_provider_keeps_no_other_force_out(monkeypatch: pytest.MonkeyPatch, cast: Cast, on: Provider) -> None:
    """Two wait for one's tokens, one for another's keys, and more are refused; a third force's people come in."""
    monkeypatch.setattr(openid, "DEADLINE", 5.0)
    monkeypatch.setattr(openid, "AT_ONCE", 4)
    monkeypatch.setattr(openid, "_known", {})
    servers = [_odd_provider(_drip) for _turn in range(2)]
    first, second = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    openid._known[first] = openid._Known({"token_endpoint": first}, KeySet([]), time.monotonic())
    attempt = openid.Attempt("state", "nonce", "verifier")

    def answered() -> None:
        openid.finish(_us(first), attempt, "https://here.example/", {"state": "state", "code": "x"})

    def begun() -> None:
        openid.begin(_us(second), "https://here.example/")

    try:
        with ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(one) for one in (answered, answered, begun)]
            until = time.monotonic() + 4
            while openid._calls.total() < 3 and time.monotonic() < until:
                time.sleep(0.01)
            for one in (answered, begun):
                with pytest.raises(openid.Busy):
                    one()
            assert come_in(Client(), on).status_code == 200
            assert all(isinstance(one.exception(20), openid.OpenIDError) for one in waiting)
        assert openid._calls.total() == 0 and not openid._asking
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _us(issuer: str) -> openid.Client:
    return openid.Client(issuer, "portal", "made up")


def test_an_attempt_is_used_once(cast: Cast, on: Provider) -> None:
    """Whoever keeps the cookie cannot make us ask the provider again with it."""
    client = Client()
    brought = on.follow(leave(client))
    kept = client.cookies["external"].value
    assert client.post(f"{HERE}finish/", {**brought, "code": "x" * 43}, headers=POSTED).status_code == 400
    client.cookies["external"] = kept
    assert client.post(f"{HERE}finish/", brought, headers=POSTED).status_code == 400
    assert client.get("/triage/").status_code == 302


def test_a_provider_that_failed_is_left_alone_for_a_while(cast: Cast, provider: Provider) -> None:
    """One look for many who ask."""
    asked: list[str] = []

    class Broken(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        write_down(an_operator(), provider, issuer=f"http://127.0.0.1:{server.server_port}")
        confirm(cast)
        assert [Client().get(HERE).status_code for _turn in range(3)] == [502] * 3
        server.shutdown()
    assert len(asked) == 1


def _odd_provider(says: Callable[[BaseHTTPRequestHandler], None]) -> HTTPServer:
    class Odd(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(OSError):  # we hung up
                says(self)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _drip(handler: BaseHTTPRequestHandler) -> None:
    """A header that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _byte in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def _flood(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _piece in range(64):
        handler.wfile.write(b" " * 65536)


def _packed(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    handler.wfile.write(gzip.compress(b" " * 10_000_000))


@pytest.mark.parametrize("says", [_drip, _flood, _packed])
def test_a_provider_that_never_ends_is_left(
    monkeypatch: pytest.MonkeyPatch, says: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    """Within the deadline for the whole call, at each of the calls that wait for it; no thread of ours stays with it."""
    monkeypatch.setattr(openid, "DEADLINE", 1.0)
    server = _odd_provider(says)
    issuer = f"http://127.0.0.1:{server.server_port}"
    us, attempt = _us(issuer), openid.Attempt("state", "nonce", "verifier")
    try:
        began = time.monotonic()
        with pytest.raises(openid.OpenIDError, match="does not answer"):
            openid.begin(us, "https://here.example/")
        monkeypatch.setitem(openid._known, issuer, openid._Known({"token_endpoint": issuer}, KeySet([]), began))
        with pytest.raises(openid.OpenIDError, match="code"):
            openid.finish(us, attempt, "https://here.example/", {"state": "state", "code": "x"})
        assert time.monotonic() - began < 2 * 1.0 + 2
        assert openid._calls.total() == 0
    finally:
        server.shutdown()
        server.server_close()


def test_log_outs_are_counted(cast: Cast, on: Provider) -> None:
    """From one address at most so many a minute: each may cost a look at the provider's keys."""
    answers = [log_out(on, "x") for _turn in range(301)]
    assert set(answers[:300]) == {400} and answers[300] == 429


def test_another_issuer_lets_nobody_in_whom_no_coordinator_let(cast: Cast, on: Provider) -> None:
    """Links to the issuer before are dead, also those that were allowed and not used yet; one press lets one person over."""
    assert come_in(Client(), on).status_code == 200
    other = Provider("http://testserver", CODE).start()
    try:
        with using_role("owner"):
            member = Officer.objects.get(user__email="alice@example.org").pk
            Officer.objects.filter(pk=member).update(may_link=True)
        assert write_down(an_operator(), other).status_code == 302 and confirm(cast).status_code == 302
        other.tell(
            people={"alice": {"email": "alice@example.org", "name": "Alice Made-up", "groups": ["desk"]}},
            account="alice", amr=["pwd", "mfa"], acr=None,
        )  # fmt: skip
        client = Client()
        refused = come_in(client, other)
        assert refused.status_code == 403 and "Ask a coordinator" in refused.content.decode()
        assert client.get("/triage/").status_code == 302
        coordinator = desk(cast, "norfolk", "coordinator")
        assert "Let go over" in coordinator.get("/onboarding/force/people/").content.decode()
        assert coordinator.post(f"/onboarding/force/people/{member}/link/").status_code == 302
        assert come_in(client, other).status_code == 200 and client.get("/triage/").status_code == 200
        assert "signs in through it" in coordinator.get("/onboarding/force/people/").content.decode()
    finally:
        other.stop()


def test_an_issuer_that_was_changed_meanwhile_proves_nobody(cast: Cast, on: Provider) -> None:
    """Changed and confirmed while the old one was being asked: its subject is not the new one's person of that name."""
    with scoped(Scope(Kind.PUBLIC), read_only=True):
        asked = actions.confirmed(CODE)
    assert asked is not None
    assert write_down(an_operator(), on, issuer="https://other.example").status_code == 302
    assert confirm(cast).status_code == 302
    claims = {"sub": "alice", "email": "alice@example.org", "email_verified": True, "groups": ["desk"]}
    with scoped(Scope(Kind.PUBLIC)):
        assert actions.enter(provider=asked, claims=claims).outcome == "off"
    assert made(Officer) == 0
    with scoped(Scope(Kind.PUBLIC)):
        now = actions.confirmed(CODE)
        assert now is not None and actions.enter(provider=now, claims=claims).outcome == "entered"


def test_one_address_does_not_begin_without_end(cast: Cast, on: Provider) -> None:
    """As with passwords: sixty a minute."""
    client = Client()
    assert {client.get(HERE).status_code for _turn in range(60)} == {302}
    assert client.get(HERE).status_code == 429


@pytest.mark.parametrize("known", ["", "its name"])
def test_a_log_out_of_somebody_ends_what_may_be_meant(cast: Cast, on: Provider, known: str) -> None:
    """Person and session: also where the provider told no name of it at the sign-in, or another."""
    client = Client()
    come_in(client, on)
    with using_role("owner"):
        ExternalSession.objects.update(sid=known)
    assert log_out(on, on.sign(sub="somebody", sid="another", jti=f"a{known}", events=LOGOUT)) == 200
    assert client.get("/triage/").status_code == 200
    assert log_out(on, on.sign(sub="alice", sid="another", jti=f"b{known}", events=LOGOUT)) == 200
    assert client.get("/triage/").status_code == 302


def test_whom_a_coordinator_ended_stays_out(cast: Cast, on: Provider) -> None:
    """Their session ends; the provider's word makes no new part, until a coordinator lets them in again."""
    client = Client()
    assert come_in(client, on).status_code == 200
    with using_role("owner"):
        member = Officer.objects.get(user__email="alice@example.org").pk
    coordinator = desk(cast, "norfolk", "coordinator")
    assert coordinator.post(f"/onboarding/force/people/{member}/end/").status_code == 302
    assert client.get("/triage/").status_code == 302 and client.get("/account/").status_code == 302
    assert come_in(Client(), on).status_code == 403 and made(Officer) == 0
    assert "Let in again" in coordinator.get("/onboarding/force/people/").content.decode()
    readmit = f"/onboarding/force/people/{member}/readmit/"
    assert desk(cast, "cheshire", "coordinator").post(readmit).status_code == 404
    assert coordinator.post(readmit).status_code == 302
    assert come_in(client, on).status_code == 200 and made(Officer) == 1


def test_neither_library_needs_the_hidden_one() -> None:
    """Authlib has a part that would; it is never imported."""
    import subprocess
    import sys

    asked = "import ani_portal.accounts.openid, sys; print([m for m in sys.modules if 'requests_client' in m])"
    code = (
        f"import os; os.environ['DJANGO_SETTINGS_MODULE']='ani_portal.settings'; os.environ['ANI_TRYOUT']='1'; {asked}"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
