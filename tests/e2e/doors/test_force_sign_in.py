"""A force signs its own people in: against a real provider."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from ani_portal.access.roles import using_role
from ani_portal.accounts.hashed_sessions import SessionStore, key_of
from ani_portal.accounts.models import ExternalIdentity, ExternalSession, User
from pharmacies.models import Auditor, Coordinator, IdentityProvider, Officer
from tests.cast import FORCES, PASSWORD, Cast
from tests.sign_in import session_of
from tests.visitors import desk, log_of

from .provider import SECRET, Provider

CODE = FORCES["norfolk"]
HERE = f"/sign-in/force/{CODE}/"
POSTED = {"Sec-Fetch-Site": "same-origin"}
ROLES = "desk = officer\nleads = supervisor\nadmins = coordinator\nwatchers = auditor"
LOGOUT: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """One for the module: it starts in a second."""
    found = Provider("http://testserver", CODE).start()
    yield found
    found.stop()


def _operator() -> Client:
    from django.conf import settings

    from ani_portal.accounts.models import Operator

    with using_role("owner"):
        user = User.objects.create_user("operator@example.org", PASSWORD, name="Operator")
        Operator.objects.create(user=user)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of("operator@example.org")
    return client


def _write_down(operator: Client, provider: Provider, **more: str) -> Any:
    said = {
        "issuer": provider.issuer, "client_id": "portal", "secret": SECRET, "claim": "groups", "roles": ROLES,
        "factor_values": "mfa", **more,
    }  # fmt: skip
    return operator.post(f"/operator/forces/{CODE}/sign-in/", said)


def _confirm(cast: Cast, what: str = "on", short: str = "norfolk") -> Any:
    with using_role("owner"):
        seen = IdentityProvider.objects.get().changed_at.isoformat()
    coordinator = desk(cast, short, "coordinator")
    return coordinator.post("/onboarding/force/sign-in/", {"what": what, "seen": seen})


@pytest.fixture
def on(cast: Cast, provider: Provider) -> Provider:
    """Written down by the operator, confirmed by a coordinator; Alice is an officer there."""
    operator = _operator()
    assert _write_down(operator, provider).status_code == 302
    assert _confirm(cast).status_code == 302
    provider.tell(
        people={"alice": {"email": "alice@example.org", "name": "Alice Made-up", "groups": ["desk"]}},
        account="alice", amr=["pwd", "mfa"], acr=None,
    )  # fmt: skip
    return provider


def _leave(client: Client, then: str = "/triage/", **more: str) -> str:
    answer = client.get(HERE, {"next": then, **more})
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def _sign_in(client: Client, provider: Provider, **more: str) -> Any:
    brought = provider.follow(_leave(client, **more))
    assert client.get(f"{HERE}back/", brought).status_code == 200
    return client.post(f"{HERE}finish/", brought, headers=POSTED)


def _made(model: Any) -> int:
    with using_role("owner"):
        return int(model.objects.current().filter(user__email="alice@example.org").count())


def test_off_until_a_coordinator_of_that_force_confirms(cast: Cast, provider: Provider) -> None:
    """By default, after the operator wrote it down, and again after each change: two people, or nobody signs in by it."""
    client, operator = Client(), _operator()
    assert client.get(HERE).status_code == 404
    assert "Norfolk" not in client.get("/sign-in/").content.decode()
    assert _write_down(operator, provider).status_code == 302
    assert client.get(HERE).status_code == 404
    assert _confirm(cast, short="cheshire").status_code == 404
    assert _confirm(cast).status_code == 302
    assert client.get(HERE).status_code == 302
    assert "Sign in through Norfolk" in client.get("/sign-in/").content.decode()
    assert SECRET not in str(IdentityProvider.objects.using("owner").values().get())
    assert _write_down(operator, provider, roles="everybody = supervisor", secret="").status_code == 302
    assert client.get(HERE).status_code == 404
    assert desk(cast, "norfolk", "coordinator").post(
        "/onboarding/force/sign-in/", {"what": "on", "seen": "2026-01-01T00:00:00+00:00"}
    ).status_code == 409  # fmt: skip
    events = [row["event"] for row in log_of(cast.force("norfolk").pk)]
    assert events.count("signin.provider_set") == 2 and events.count("signin.provider_confirmed") == 1


def test_bad_settings_are_refused_beside_their_field(cast: Cast, provider: Provider) -> None:
    """Plain http elsewhere than here; a role that no force has; nothing is written."""
    operator = _operator()
    for field, value in (("issuer", "http://login.example.org"), ("roles", "x = operator"), ("roles", "nothing")):
        answer = _write_down(operator, provider, **{field: value})
        assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not IdentityProvider.objects.using("owner").exists()


def test_an_officer_comes_in_with_the_providers_second_factor(cast: Cast, on: Provider) -> None:
    """A membership is made, by the declared table; the desk answers; no password of ours exists."""
    client = Client()
    answer = _sign_in(client, on)
    assert answer.status_code == 200 and 'href="/triage/"' in answer.content.decode()
    assert client.get("/triage/").status_code == 200
    assert _made(Officer) == 1 and _made(Coordinator) == 0
    with using_role("owner"):
        user = User.objects.get(email="alice@example.org")
    assert not user.has_usable_password()
    assert client.get("/onboarding/").status_code == 302 and client.get("/operator/").status_code == 302
    assert client.get("/account/password/").status_code == 409
    noted = [row for row in log_of(cast.force("norfolk").pk) if row["event"] == "signin.external"]
    assert [row["actor_id"] for row in noted] == [str(user.pk)] and '"made":"officer"' in noted[0]["detail"]


def test_without_its_word_for_a_second_factor_ours_is_asked(cast: Cast, on: Provider) -> None:
    """As after a password: no page answers before it."""
    on.tell(amr=["pwd"])
    client = Client()
    answer = _sign_in(client, on)
    assert answer.status_code == 302
    assert client.get("/triage/").headers["Location"].startswith("/sign-in/set-up/")
    on.tell(acr="mfa")
    assert _sign_in(client, on).status_code == 200
    assert client.get("/triage/").status_code == 200


def test_what_the_claims_say_makes_and_ends_parts(cast: Cast, on: Provider) -> None:
    """Each sign-in anew: more, less, none. None shuts the pages that are open."""
    client = Client()
    person = {"email": "alice@example.org", "name": "Alice Made-up"}
    for groups, parts in (
        (["leads", "desk", "unknown"], (1, 0, 0)), (["admins"], (0, 1, 0)), (["watchers"], (0, 0, 1)), (["desk"], (1, 0, 0)),
    ):  # fmt: skip
        on.tell(people={"alice": {**person, "groups": groups}})
        assert _sign_in(client, on).status_code == 200
        assert (_made(Officer), _made(Coordinator), _made(Auditor)) == parts
        if "leads" in groups:
            with using_role("owner"):
                assert Officer.objects.current().get(user__email="alice@example.org").role == "supervisor"
    assert client.get("/triage/").status_code == 200 and client.get("/onboarding/").status_code == 302
    # Never both who reads records and who administers them, or watches over either.
    on.tell(people={"alice": {**person, "groups": ["desk", "admins"]}})
    refused = _sign_in(Client(), on)
    assert refused.status_code == 403 and "not have together" in refused.content.decode()
    assert (_made(Officer), _made(Coordinator)) == (1, 0)
    on.tell(people={"alice": {**person, "groups": []}})
    refused = _sign_in(Client(), on)
    assert refused.status_code == 403 and "no part" in refused.content.decode()
    assert _made(Officer) == 0 and client.get("/triage/").status_code == 302


def test_its_word_reaches_no_other_force_and_no_other_door(cast: Cast, on: Provider) -> None:
    """It claims the address of another force's officer, of an administrator, of the operator: nobody's account is taken."""
    for email in (cast.email("cheshire", "officer1"), "operator@example.org", "outsider@example.org"):
        on.tell(people={"mallory": {"email": email, "name": "M", "groups": ["desk"]}}, account="mallory")
        refused = _sign_in(Client(), on)
        assert refused.status_code == 403 and "not your force" in refused.content.decode(), email
    with using_role("owner"):
        assert not ExternalIdentity.objects.exists()
        assert User.objects.get(email=cast.email("cheshire", "officer1")).check_password(PASSWORD)


def test_a_session_of_one_forces_provider_has_no_part_in_another(cast: Cast, on: Provider) -> None:
    """Even where the same person is made an officer of the other force afterwards."""
    client = Client()
    _sign_in(client, on)
    with using_role("owner"):
        user = User.objects.get(email="alice@example.org")
        Officer.objects.create(user=user, force=cast.force("cheshire"), display_name="Alice")
        Officer.objects.filter(user=user, force=cast.force("norfolk")).update(ended_at="2026-01-01T00:00:00Z")
    assert client.get("/triage/").status_code == 302


def test_a_force_officers_own_account_goes_over(cast: Cast, on: Provider) -> None:
    """Somebody who is this force's alone keeps their account; their password opens nothing any more."""
    old = desk(cast, "norfolk", "officer1")
    assert old.get("/triage/").status_code == 200
    email = cast.email("norfolk", "officer1")
    said = {"email": email.upper(), "groups": ["desk"]}
    on.tell(people={"o1": said}, account="o1")
    assert _sign_in(Client(), on).status_code == 403 and old.get("/triage/").status_code == 200
    with using_role("owner"):
        Officer.objects.filter(user__email=email).update(conflict=True)
        member = Officer.objects.get(user__email=email).pk
    coordinator = desk(cast, "norfolk", "coordinator")
    assert coordinator.post(f"/onboarding/force/people/{member}/link/").status_code == 302
    assert "May go over" in coordinator.get("/onboarding/force/people/").content.decode()
    on.tell(people={"o1": {**said, "email_verified": None}})
    assert _sign_in(Client(), on).status_code == 403
    on.tell(people={"o1": said})
    client = Client()
    assert _sign_in(client, on).status_code == 200 and client.get("/triage/").status_code == 200
    assert old.get("/triage/").status_code == 302
    with using_role("owner"):
        held = Officer.objects.get(pk=member)
    assert not held.conflict and not held.may_link
    tried = Client().post("/sign-in/", {"login": cast.email("norfolk", "officer1"), "password": PASSWORD})
    assert tried.status_code == 200 and "/sign-in/code/" not in tried.headers.get("Location", "")


@pytest.mark.parametrize("what", ["state", "code", "iss", "twice", "other browser", "no cookie", "cross-site"])
def test_an_answer_that_is_not_ours_is_refused(cast: Cast, on: Provider, what: str) -> None:
    """Changed on its way, used twice, brought by another browser, posted from elsewhere: nobody is signed in."""
    client, other = Client(), Client()
    brought, headers = on.follow(_leave(client)), dict(POSTED)
    if what == "twice":
        assert client.post(f"{HERE}finish/", brought, headers=headers).status_code == 200
        kept = Client()
        brought2 = on.follow(_leave(kept))
        assert kept.post(f"{HERE}finish/", {**brought2, "code": brought["code"]}, headers=headers).status_code == 400
        return
    if what == "other browser":
        _leave(other)
        client = other
    elif what == "no cookie":
        client = other
    elif what == "cross-site":
        headers = {"Sec-Fetch-Site": "cross-site"}
    else:
        brought[what] = "http://127.0.0.1:1" if what == "iss" else "x" * 43
    refused = client.post(f"{HERE}finish/", brought, headers=headers)
    assert refused.status_code in (400, 403)
    assert client.get("/triage/").status_code == 302
    with using_role("owner"):
        assert not ExternalIdentity.objects.exists()


def _log_out(provider: Provider, token: str) -> int:
    return Client().post(f"{HERE}log-out/", {"logout_token": token}).status_code


def test_the_provider_signs_its_people_out(cast: Cast, on: Provider) -> None:
    """A signed token ends the person's sessions on their next request, and no other's; a second use is refused."""
    client, other = Client(), desk(cast, "norfolk", "officer2")
    _sign_in(client, on)
    token = on.sign(sub="alice", jti="one", events=LOGOUT)
    assert _log_out(on, token) == 200
    assert client.get("/triage/").status_code == 302 and client.get("/account/").status_code == 302
    assert other.get("/triage/").status_code == 200
    again = Client()
    _sign_in(again, on)
    assert _log_out(on, token) == 400
    assert again.get("/triage/").status_code == 200


def test_a_log_out_token_that_is_none_ends_nothing(cast: Cast, on: Provider) -> None:
    """Forged, for another, too old, an ID token, without what it must have."""
    client = Client()
    _sign_in(client, on)
    good: dict[str, Any] = {"sub": "alice", "events": LOGOUT}
    bad = {
        "forged": on.sign(forged=True, jti="1", **good),
        "another audience": on.sign(jti="2", **good | {"aud": "somebody"}),
        "another issuer": on.sign(jti="3", **good | {"iss": "http://127.0.0.1:1"}),
        "old": on.sign(jti="4", **good | {"iat": int(time.time()) - 900, "exp": int(time.time()) + 900}),
        "expired": on.sign(jti="5", **good | {"exp": int(time.time()) - 300}),
        "no event": on.sign(jti="6", sub="alice"),
        "with a nonce": on.sign(jti="7", nonce="n", **good),
        "of nobody": on.sign(jti="8", events=LOGOUT),
        "without an id": on.sign(**good),
        "another kind": on.sign(header={"typ": "at+jwt"}, jti="9", **good),
        "no signature": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.",
        "nothing": "",
    }
    for name, token in bad.items():
        assert _log_out(on, token) == 400, name
    assert client.get("/triage/").status_code == 200


def test_turning_it_off_signs_everybody_out(cast: Cast, on: Provider) -> None:
    """The coordinator's button."""
    client = Client()
    _sign_in(client, on)
    assert _confirm(cast, "off").status_code == 302
    assert client.get("/triage/").status_code == 302


def test_dangerous_changes_ask_the_provider_again(cast: Cast, on: Provider) -> None:
    """After five minutes; it must ask anew, and the pages go on with the session that is there."""
    from django.conf import settings

    from tests.ani_portal.doors.ages import age

    on.tell(people={"alice": {"email": "alice@example.org", "groups": ["admins"]}})
    client = Client()
    _sign_in(client, on)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    age(key, idle=20 * 60)
    member = cast.officer("norfolk").actor.id
    stopped = client.post(f"/onboarding/force/people/{member}/conflict/")
    assert stopped.status_code == 423
    page = client.get("/account/again/")
    assert f'href="{HERE}"' in page.content.decode()
    assert client.post("/account/again/", {"on": "1"}).status_code == 422
    assert _sign_in(client, on).status_code == 200
    went_on = client.post("/account/again/", {"on": "1", "c:x": "typed before", "next": "/onboarding/"})
    assert went_on.status_code == 200 and "typed before" in went_on.content.decode()
    assert client.post(f"/onboarding/force/people/{member}/conflict/").status_code == 302


def test_a_provider_that_does_not_answer_is_said_so(cast: Cast, provider: Provider) -> None:
    """In plain words, and the other ways in go on."""
    operator = _operator()
    _write_down(operator, provider, issuer="http://127.0.0.1:1")
    _confirm(cast)
    answer = Client().get(HERE)
    assert answer.status_code == 502 and "does not answer" in answer.content.decode()
    assert Client().get("/sign-in/").status_code == 200


def test_the_providers_own_session_opens_nothing(cast: Cast, on: Provider) -> None:
    """It is always asked anew; an answer about an earlier sign-in there is refused; ours is as old as its question."""
    from django.conf import settings
    from django.core import signing

    from pharmacies.external.views import KEPT

    client = Client()
    there = _leave(client)
    assert "prompt=login" in there and "max_age=0" in there
    brought = on.follow(there)
    kept = signing.loads(client.cookies["external"].value, salt=KEPT)
    client.cookies["external"] = signing.dumps({**kept, "began": kept["began"] + 300}, salt=KEPT)
    assert client.post(f"{HERE}finish/", brought, headers=POSTED).status_code == 400
    assert client.get("/triage/").status_code == 302
    assert _sign_in(client, on).status_code == 200
    with using_role("owner"):
        session = SessionStore(key_of(client.cookies[settings.SESSION_COOKIE_NAME].value))
        at = session["account_authentication_methods"][-1]["at"]
    assert at == int(at) and time.time() - at < 60


def test_waiting_for_a_provider_leaves_threads_to_the_alarm(cast: Cast, on: Provider) -> None:
    """Busy is said at once; the attempt is used up by it; the next one goes through."""
    from ani_portal.accounts import openid

    client = Client()
    brought = on.follow(_leave(client))
    for _call in range(openid.AT_ONCE):
        assert openid._calls.acquire(blocking=False)
    try:
        said = client.post(f"{HERE}finish/", brought, headers=POSTED)
        assert said.status_code == 503 and "in a few seconds" in said.content.decode()
    finally:
        for _call in range(openid.AT_ONCE):
            openid._calls.release()
    assert _sign_in(client, on).status_code == 200


def test_an_attempt_is_used_once(cast: Cast, on: Provider) -> None:
    """Whoever keeps the cookie cannot make us ask the provider again with it."""
    client = Client()
    brought = on.follow(_leave(client))
    kept = client.cookies["external"].value
    assert client.post(f"{HERE}finish/", {**brought, "code": "x" * 43}, headers=POSTED).status_code == 400
    client.cookies["external"] = kept
    assert client.post(f"{HERE}finish/", brought, headers=POSTED).status_code == 400
    assert client.get("/triage/").status_code == 302


def test_a_provider_that_failed_is_left_alone_for_a_while(cast: Cast, provider: Provider) -> None:
    """One look for many who ask."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked: list[str] = []

    class Broken(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _write_down(_operator(), provider, issuer=f"http://127.0.0.1:{server.server_port}")
        _confirm(cast)
        assert [Client().get(HERE).status_code for _turn in range(3)] == [502] * 3
        server.shutdown()
    assert len(asked) == 1


def test_one_address_does_not_begin_without_end(cast: Cast, on: Provider) -> None:
    """As with passwords: sixty a minute."""
    client = Client()
    assert {client.get(HERE).status_code for _turn in range(60)} == {302}
    assert client.get(HERE).status_code == 429


@pytest.mark.parametrize("known", ["", "its name"])
def test_a_log_out_of_somebody_ends_what_may_be_meant(cast: Cast, on: Provider, known: str) -> None:
    """Person and session: also where the provider told no name of it at the sign-in, or another."""
    client = Client()
    _sign_in(client, on)
    with using_role("owner"):
        ExternalSession.objects.update(sid=known)
    assert _log_out(on, on.sign(sub="somebody", sid="another", jti=f"a{known}", events=LOGOUT)) == 200
    assert client.get("/triage/").status_code == 200
    assert _log_out(on, on.sign(sub="alice", sid="another", jti=f"b{known}", events=LOGOUT)) == 200
    assert client.get("/triage/").status_code == 302


def test_whom_a_coordinator_ended_stays_out(cast: Cast, on: Provider) -> None:
    """Their session ends; the provider's word makes no new part, until a coordinator lets them in again."""
    client = Client()
    assert _sign_in(client, on).status_code == 200
    with using_role("owner"):
        member = Officer.objects.get(user__email="alice@example.org").pk
    coordinator = desk(cast, "norfolk", "coordinator")
    assert coordinator.post(f"/onboarding/force/people/{member}/end/").status_code == 302
    assert client.get("/triage/").status_code == 302 and client.get("/account/").status_code == 302
    assert _sign_in(Client(), on).status_code == 403 and _made(Officer) == 0
    assert "Let in again" in coordinator.get("/onboarding/force/people/").content.decode()
    readmit = f"/onboarding/force/people/{member}/readmit/"
    assert desk(cast, "cheshire", "coordinator").post(readmit).status_code == 404
    assert coordinator.post(readmit).status_code == 302
    assert _sign_in(client, on).status_code == 200 and _made(Officer) == 1


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
