"""A copy of the database opens no session, and a reset ends every one."""

import json
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings as live_settings
from django.db import connections
from django.test import Client

from ani_portal.access.roles import using_role
from ani_portal.accounts.hashed_sessions import SessionStore, key_of
from ani_portal.accounts.models import User
from ani_portal.accounts.sessions import end_all
from tests.cast import PASSWORD, Cast
from tests.sign_in import next_code
from tests.visitors import desk


def _signed_in(cast: Cast, part: str = "officer1") -> Client:
    """By the pages, as a person does it."""
    client = Client()
    email = cast.email("norfolk", part)
    client.post("/sign-in/", {"login": email, "password": PASSWORD})
    client.post("/sign-in/code/", {"code": next_code(connections["default"].settings_dict["NAME"], email)})
    assert client.get("/triage/").status_code == 200
    return client


def _everything_kept() -> str:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select json_agg(s) from django_session s")
        sessions = cursor.fetchone()
        cursor.execute("select json_agg(s) from usersessions_usersession s")
        return json.dumps([sessions, cursor.fetchone()], default=str)


def test_a_stolen_database_opens_no_session(cast: Cast) -> None:
    """Nothing that any table keeps of a session is a cookie that works."""
    client = _signed_in(cast)
    secret = client.cookies[live_settings.SESSION_COOKIE_NAME].value
    kept = _everything_kept()
    assert secret not in kept and key_of(secret) in kept
    with using_role("owner"):
        keys = set(UserSession.objects.values_list("session_key", flat=True))
    assert keys == {key_of(secret)}
    for key in keys:
        thief = Client()
        thief.cookies[live_settings.SESSION_COOKIE_NAME] = key
        assert thief.get("/triage/").status_code == 302


def test_a_session_cannot_be_planted(cast: Cast) -> None:
    """Whoever writes to the table without SECRET_KEY finds no key for a cookie of their choosing."""
    client = _signed_in(cast)
    with connections["owner"].cursor() as cursor:
        cursor.execute("update django_session set session_key = 'planted-by-a-thief'")
    thief = Client()
    thief.cookies[live_settings.SESSION_COOKIE_NAME] = "planted-by-a-thief"
    assert thief.get("/triage/").status_code == 302
    assert client.get("/triage/").status_code == 302


def test_the_key_changes_as_rights_grow(cast: Cast) -> None:
    """Before the password, after it, after the code: a cookie that somebody planted beforehand is worth nothing."""
    client, email, seen = Client(), cast.email("norfolk", "officer1"), []
    client.get("/sign-in/")
    for address, data in (
        ("/sign-in/", {"login": email, "password": PASSWORD}),
        ("/sign-in/code/", {"code": next_code(connections["default"].settings_dict["NAME"], email)}),
    ):
        client.post(address, data)
        seen.append(client.cookies[live_settings.SESSION_COOKIE_NAME].value)
    assert len(set(seen)) == 2
    early = Client()
    early.cookies[live_settings.SESSION_COOKIE_NAME] = seen[0]
    assert early.get("/triage/").status_code == 302


def test_a_reset_ends_every_session_listed_or_not(cast: Cast) -> None:
    """Of that person, and of nobody else."""
    by_pages, unlisted, other = _signed_in(cast), desk(cast, "norfolk"), desk(cast, "norfolk", "officer2")
    assert unlisted.get("/triage/").status_code == 200
    with using_role("owner"):
        assert UserSession.objects.count() == 1
        end_all(User.objects.get(email=cast.email("norfolk", "officer1")))
    assert by_pages.get("/triage/").status_code == 302
    assert unlisted.get("/triage/").status_code == 302
    assert other.get("/triage/").status_code == 200


def test_a_coordinators_reset_ends_them(cast: Cast) -> None:
    """The way it happens: a fresh code, one press, and the colleague's pages are shut."""
    officer, coordinator = desk(cast, "norfolk"), desk(cast, "norfolk", "coordinator")
    member = cast.officer("norfolk").actor.id
    assert coordinator.post(f"/onboarding/force/people/{member}/second-factor/").status_code == 302
    assert officer.get("/triage/").status_code == 302


def test_signing_out_ends_the_session_and_its_cookie(cast: Cast) -> None:
    """Its row is gone, and the browser is told to forget it."""
    client = _signed_in(cast)
    secret = client.cookies[live_settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    assert client.cookies[live_settings.SESSION_COOKIE_NAME].value == ""
    with using_role("owner"):
        assert not SessionStore().exists(key_of(secret))


def test_a_cookie_of_its_own_for_each_door_with_a_host(cast: Cast, settings: Any) -> None:
    """What opens one door has another name at the next, and opens nothing there."""
    settings.DOOR_HOSTS = {"triage": "desk.example.org", "onboarding": "office.example.org"}
    settings.ALLOWED_HOSTS = ["desk.example.org", "office.example.org"]
    secret = cast.session("norfolk", "officer1")
    client = Client(SERVER_NAME="desk.example.org")
    client.cookies["session-triage"] = secret
    assert client.get("/triage/").status_code == 200
    for name in ("session", "session-onboarding"):
        other = Client(SERVER_NAME="desk.example.org")
        other.cookies[name] = secret
        assert other.get("/triage/").status_code == 302
    office = Client(SERVER_NAME="office.example.org")
    office.cookies["session-triage"] = cast.session("norfolk", "coordinator")
    assert office.get("/onboarding/").status_code == 302
    new = Client(SERVER_NAME="desk.example.org")
    new.post("/sign-in/", {"login": cast.email("norfolk", "officer1"), "password": PASSWORD})
    assert "session-triage" in new.cookies and "session" not in new.cookies
