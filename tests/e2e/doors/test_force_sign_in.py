"""A force signs its own people in: against a real provider."""

import time
from typing import Any

import pytest
from django.test import Client

from ani_portal.access.roles import using_role
from ani_portal.accounts.models import ExternalIdentity, User
from pharmacies.models import Auditor, Coordinator, IdentityProvider, Officer
from tests.cast import PASSWORD, Cast
from tests.visitors import desk, log_of

from .forces import HERE, LOGOUT, POSTED, an_operator, come_in, confirm, leave, log_out, made, on, provider, write_down
from .provider import SECRET, Provider

__all__ = ["on", "provider"]


def test_off_until_a_coordinator_of_that_force_confirms(cast: Cast, provider: Provider) -> None:
    """By default, after the operator wrote it down, and again after each change: two people, or nobody signs in by it."""
    client, operator = Client(), an_operator()
    assert client.get(HERE).status_code == 404
    assert "Norfolk" not in client.get("/sign-in/").content.decode()
    assert write_down(operator, provider).status_code == 302
    assert client.get(HERE).status_code == 404
    assert confirm(cast, short="cheshire").status_code == 404
    assert confirm(cast).status_code == 302
    assert client.get(HERE).status_code == 302
    assert "Sign in through Norfolk" in client.get("/sign-in/").content.decode()
    assert SECRET not in str(IdentityProvider.objects.using("owner").values().get())
    assert write_down(operator, provider, roles="everybody = supervisor", secret="").status_code == 302
    assert client.get(HERE).status_code == 404
    assert desk(cast, "norfolk", "coordinator").post(
        "/onboarding/force/sign-in/", {"what": "on", "seen": "2026-01-01T00:00:00+00:00"}
    ).status_code == 409  # fmt: skip
    events = [row["event"] for row in log_of(cast.force("norfolk").pk)]
    assert events.count("signin.provider_set") == 2 and events.count("signin.provider_confirmed") == 1


def test_bad_settings_are_refused_beside_their_field(cast: Cast, provider: Provider) -> None:
    """Plain http elsewhere than here; a role that no force has; nothing is written."""
    operator = an_operator()
    for field, value in (("issuer", "http://login.example.org"), ("roles", "x = operator"), ("roles", "nothing")):
        answer = write_down(operator, provider, **{field: value})
        assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not IdentityProvider.objects.using("owner").exists()


def test_an_officer_comes_in_with_the_providers_second_factor(cast: Cast, on: Provider) -> None:
    """A membership is made, by the declared table; the desk answers; no password of ours exists."""
    client = Client()
    answer = come_in(client, on)
    assert answer.status_code == 200 and 'href="/triage/"' in answer.content.decode()
    assert client.get("/triage/").status_code == 200
    assert made(Officer) == 1 and made(Coordinator) == 0
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
    answer = come_in(client, on)
    assert answer.status_code == 302
    assert client.get("/triage/").headers["Location"].startswith("/sign-in/set-up/")
    on.tell(acr="mfa")
    assert come_in(client, on).status_code == 200
    assert client.get("/triage/").status_code == 200


def test_what_the_claims_say_makes_and_ends_parts(cast: Cast, on: Provider) -> None:
    """Each sign-in anew: more, less, none. None shuts the pages that are open."""
    client = Client()
    person = {"email": "alice@example.org", "name": "Alice Made-up"}
    for groups, parts in (
        (["leads", "desk", "unknown"], (1, 0, 0)), (["admins"], (0, 1, 0)), (["watchers"], (0, 0, 1)), (["desk"], (1, 0, 0)),
    ):  # fmt: skip
        on.tell(people={"alice": {**person, "groups": groups}})
        assert come_in(client, on).status_code == 200
        assert (made(Officer), made(Coordinator), made(Auditor)) == parts
        if "leads" in groups:
            with using_role("owner"):
                assert Officer.objects.current().get(user__email="alice@example.org").role == "supervisor"
    assert client.get("/triage/").status_code == 200 and client.get("/onboarding/").status_code == 302
    # Never both who reads records and who administers them, or watches over either.
    on.tell(people={"alice": {**person, "groups": ["desk", "admins"]}})
    refused = come_in(Client(), on)
    assert refused.status_code == 403 and "not have together" in refused.content.decode()
    assert (made(Officer), made(Coordinator)) == (1, 0)
    on.tell(people={"alice": {**person, "groups": []}})
    refused = come_in(Client(), on)
    assert refused.status_code == 403 and "no part" in refused.content.decode()
    assert made(Officer) == 0 and client.get("/triage/").status_code == 302


def test_its_word_reaches_no_other_force_and_no_other_door(cast: Cast, on: Provider) -> None:
    """It claims the address of another force's officer, of an administrator, of the operator: nobody's account is taken."""
    for email in (cast.email("cheshire", "officer1"), "operator@example.org", "outsider@example.org"):
        on.tell(people={"mallory": {"email": email, "name": "M", "groups": ["desk"]}}, account="mallory")
        refused = come_in(Client(), on)
        assert refused.status_code == 403 and "not your force" in refused.content.decode(), email
    with using_role("owner"):
        assert not ExternalIdentity.objects.exists()
        assert User.objects.get(email=cast.email("cheshire", "officer1")).check_password(PASSWORD)


def test_a_session_of_one_forces_provider_has_no_part_in_another(cast: Cast, on: Provider) -> None:
    """Even where the same person is made an officer of the other force afterwards."""
    client = Client()
    come_in(client, on)
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
    assert come_in(Client(), on).status_code == 403 and old.get("/triage/").status_code == 200
    with using_role("owner"):
        Officer.objects.filter(user__email=email).update(conflict=True)
        member = Officer.objects.get(user__email=email).pk
    coordinator = desk(cast, "norfolk", "coordinator")
    assert coordinator.post(f"/onboarding/force/people/{member}/link/").status_code == 302
    assert "May go over" in coordinator.get("/onboarding/force/people/").content.decode()
    on.tell(people={"o1": {**said, "email_verified": None}})
    assert come_in(Client(), on).status_code == 403
    on.tell(people={"o1": said})
    client = Client()
    assert come_in(client, on).status_code == 200 and client.get("/triage/").status_code == 200
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
    brought, headers = on.follow(leave(client)), dict(POSTED)
    if what == "twice":
        assert client.post(f"{HERE}finish/", brought, headers=headers).status_code == 200
        kept = Client()
        brought2 = on.follow(leave(kept))
        assert kept.post(f"{HERE}finish/", {**brought2, "code": brought["code"]}, headers=headers).status_code == 400
        return
    if what == "other browser":
        leave(other)
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


def test_the_provider_signs_its_people_out(cast: Cast, on: Provider) -> None:
    """A signed token ends the person's sessions on their next request, and no other's; a second use is refused."""
    client, other = Client(), desk(cast, "norfolk", "officer2")
    come_in(client, on)
    token = on.sign(sub="alice", jti="one", events=LOGOUT)
    assert log_out(on, token) == 200
    assert client.get("/triage/").status_code == 302 and client.get("/account/").status_code == 302
    assert other.get("/triage/").status_code == 200
    again = Client()
    come_in(again, on)
    assert log_out(on, token) == 400
    assert again.get("/triage/").status_code == 200


def test_a_log_out_token_that_is_none_ends_nothing(cast: Cast, on: Provider) -> None:
    """Forged, for another, too old, an ID token, without what it must have."""
    client = Client()
    come_in(client, on)
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
        assert log_out(on, token) == 400, name
    assert client.get("/triage/").status_code == 200


def test_turning_it_off_signs_everybody_out(cast: Cast, on: Provider) -> None:
    """The coordinator's button."""
    client = Client()
    come_in(client, on)
    assert confirm(cast, "off").status_code == 302
    assert client.get("/triage/").status_code == 302


def test_dangerous_changes_ask_the_provider_again(cast: Cast, on: Provider) -> None:
    """After five minutes; it must ask anew, and the pages go on with the session that is there."""
    from django.conf import settings

    from tests.ani_portal.doors.ages import age

    on.tell(people={"alice": {"email": "alice@example.org", "groups": ["admins"]}})
    client = Client()
    come_in(client, on)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    age(key, idle=20 * 60)
    member = cast.officer("norfolk").actor.id
    stopped = client.post(f"/onboarding/force/people/{member}/conflict/")
    assert stopped.status_code == 423
    page = client.get("/account/again/")
    assert f'href="{HERE}"' in page.content.decode()
    assert client.post("/account/again/", {"on": "1"}).status_code == 422
    assert come_in(client, on).status_code == 200
    went_on = client.post("/account/again/", {"on": "1", "c:x": "typed before", "next": "/onboarding/"})
    assert went_on.status_code == 200 and "typed before" in went_on.content.decode()
    assert client.post(f"/onboarding/force/people/{member}/conflict/").status_code == 302


def test_a_provider_that_does_not_answer_is_said_so(cast: Cast, provider: Provider) -> None:
    """In plain words, and the other ways in go on."""
    operator = an_operator()
    write_down(operator, provider, issuer="http://127.0.0.1:1")
    confirm(cast)
    answer = Client().get(HERE)
    assert answer.status_code == 502 and "does not answer" in answer.content.decode()
    assert Client().get("/sign-in/").status_code == 200
