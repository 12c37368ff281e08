"""Every address, with every method, asked by everybody: what the generated table does not allow is refused.

The walk is made from the URL map. Ids in addresses and in what is posted are those of Norfolk's real objects.
"""

import uuid
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from ani_portal.access.middleware import DeclaredAccessMiddleware
from ani_portal.access.permissions import ROLES, Permission, Role
from ani_portal.access.roles import using_role
from ani_portal.accounts.hashed_sessions import SessionStore, key_of
from ani_portal.accounts.models import Operator, User
from requests.models import CodewordRequest
from tests.cast import FORCES, Cast
from tests.requests.steps import WORDS, a_record_with_everything
from tests.sign_in import session_of
from tests.visitors import desk, tablet

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSALS = {403, 404, 405}


class Route(NamedTuple):
    """One address of the map."""

    path: str
    view: Any
    converters: dict[str, Any]


def routes(resolver: Any = None, before: str = "/") -> list[Route]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            found.append(Route(path, pattern.callback, pattern.pattern.converters))
    return found


ROUTES = routes()

# Who walks: the name, the force, the part (the cast's address, or a tablet's), and the roles that this holds.
PARTS: dict[str, set[Role]] = {
    "covered": {Role.COVERED_TABLET},
    "recorder": {Role.RECORDER},
    "officer1": {Role.OFFICER, Role.PERSON},
    "officer3": {Role.SUPERVISOR, Role.PERSON},
    "officer4": {Role.DATA_PROTECTION, Role.PERSON},
    "coordinator": {Role.COORDINATOR, Role.PERSON},
    "auditor": {Role.AUDITOR, Role.PERSON},
    "operator": {Role.OPERATOR, Role.PERSON},
}
WALKERS = [(force, part) for force in ("norfolk", "cheshire") for part in PARTS]
WALKERS += [("nobody", "outsider"), ("nobody", "password alone"), ("nobody", "nobody")]


def _visitor(cast: Cast, force: str, part: str) -> Client:
    if part == "nobody":
        return Client()
    if part == "outsider":
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of("outsider@example.org")
        return client
    if part == "operator":
        with using_role("owner"):
            user, _made = User.objects.get_or_create(email="operator@example.org", name="Made-up Operator")
            Operator.objects.get_or_create(user=user)
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of("operator@example.org")
        return client
    if part == "password alone":
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = cast.session("norfolk", "officer1", second_factor=False)
        return client
    if part in ("covered", "recorder"):
        return tablet(cast, force, "AB" if part == "recorder" else None)
    return desk(cast, force, part)


def _may(route: Route, method: str, force: str, part: str) -> bool:
    """Whether the generated table lets them: their roles hold the permission, and the object is their force's."""
    access = route.view.access
    if not isinstance(access, Permission):
        return True
    roles = PARTS.get(part, {Role.PERSON} if part == "outsider" else set())
    held = any(access in ROLES[role] for role in roles)
    # The operator belongs to no force, so to none more than another.
    return held and (force == "norfolk" or not route.converters or part == "operator")


def _norfolks(cast: Cast, name: str, short: str = "norfolk") -> Any:
    """The id of an object of Norfolk that a part of an address called `name` stands for."""
    if name in ("force", "code"):
        return FORCES[short]
    force = cast.force(short).pk
    with using_role("owner"):
        for model in _models(name):
            fields = {field.name for field in model._meta.get_fields()}
            manager = model._default_manager
            for lookup in ("force_id", "pharmacy__force_id", "record__force_id"):
                if lookup.split("_")[0] in fields and (found := manager.filter(**{lookup: force}).first()):
                    return found.pk
    return uuid.UUID(int=7)


def _models(name: str) -> list[type[Model]]:
    wanted = {"record": "codewordrequest", "line": "informationline", "staff": "staffmember"}.get(name, name)
    return [model for model in apps.get_models() if model._meta.model_name == wanted.replace("_", "")]


def _address(cast: Cast, route: Route, short: str = "norfolk") -> str:
    path = route.path
    for name in route.converters:
        start = path.index(f":{name}>")
        opening = path.rindex("<", 0, start)
        path = path[:opening] + str(_norfolks(cast, name, short)) + path[start + len(name) + 2 :]
    return path


def _posted(cast: Cast, record: CodewordRequest) -> dict[str, Any]:
    """A post that fits every form a little, with Norfolk's ids wherever one is asked for."""
    return {
        "record": record.pk, "key": uuid.uuid4(), "step": "wish", "wish": "support", "to": "words", "outcome": "attended",
        "staff": cast.staff("norfolk").pk, "pin": "000000", "line": uuid.UUID(int=3), "name": "x",
        "pharmacy": cast.pharmacy("norfolk").pk, "tablet": cast.tablet("norfolk").pk, "code": "WRONG",
    }  # fmt: skip


def _is_refusal(response: HttpResponseBase) -> bool:
    if response.status_code == 302:
        # To the sign-in, or, who is signed in and has no part at that door, to their own parts.
        return response.headers["Location"].startswith(("/sign-in/", "/account/parts/?next="))
    return response.status_code in REFUSALS


def _renew(client: Client, cast: Cast, force: str, part: str, anew: bool) -> Client:
    """The same visitor again where a request signed them out, locked their pages or ended their turn."""
    if part == "recorder" or anew:
        return _visitor(cast, force, part)
    key = client.cookies.get(settings.SESSION_COOKIE_NAME)
    with using_role("owner"):
        gone = key is not None and (
            not SessionStore().exists(key_of(key.value)) or SessionStore(key_of(key.value)).get("locked", False)
        )
    return _visitor(cast, force, part) if gone else client


@pytest.mark.parametrize(("force", "part"), WALKERS, ids=lambda part: part)
def test_only_refusal_except_where_the_table_says_otherwise(cast: Cast, force: str, part: str) -> None:
    """And of Norfolk's record no word, number or place reaches anybody else; nothing of it changes."""
    record = a_record_with_everything(cast, "norfolk")
    place = cast.pharmacy("norfolk").address
    client, posted = _visitor(cast, force, part), _posted(cast, record)
    before = _as_it_stands(record)
    walked, posted_before = 0, False
    for route in ROUTES:
        address = _address(cast, route)
        for method in METHODS:
            if force == "norfolk" and _may(route, method, force, part):
                continue
            client = _renew(client, cast, force, part, posted_before)
            posted_before = method == "POST" and address.startswith(("/account/", "/sign-"))
            response = client.generic(method, address) if method != "POST" else client.post(address, posted)
            walked += 1
            assert response.status_code < 500, (method, address)
            if not _may(route, method, force, part):
                assert _is_refusal(response), (method, address, response.status_code)
            text = response.content.decode()
            assert WORDS not in text and record.reference not in text, (method, address)
            if isinstance(route.view.access, Permission) and force == "cheshire":
                assert place not in text, (method, address)
    assert walked > len(ROUTES)
    assert _as_it_stands(record) == before


@pytest.mark.parametrize("part", [part for part in PARTS if part not in ("covered", "recorder")])
def test_no_door_leads_in_circles(cast: Cast, part: str) -> None:
    """Somebody signed in who asks at a door that is not theirs reads where theirs is."""
    for door in ("/triage/", "/onboarding/", "/audit/", "/operator/", "/counter/"):
        response = _visitor(cast, "norfolk", part).get(door, follow=True)
        assert response.status_code in (200, 403) and len(response.redirect_chain) <= 2, (door, response.redirect_chain)


def test_an_id_longer_than_any_is_not_found_and_logged(cast: Cast) -> None:
    """The log's own columns end: a refusal must not fail for what somebody typed into an address."""
    for method in ("get", "post"):
        asked = getattr(desk(cast, "norfolk", "coordinator"), method)
        assert asked(f"/onboarding/owners/{'x' * 200}/").status_code == 404


def _as_it_stands(record: CodewordRequest) -> dict[str, Any]:
    with using_role("owner"):
        return dict(CodewordRequest.objects.filter(pk=record.pk).values().get())


@pytest.mark.parametrize("part", PARTS)
def test_what_the_table_allows_answers_in_words(cast: Cast, part: str) -> None:
    """Each role of the force itself, at each of its addresses with real and with nonsensical input: no fault of ours."""
    record = a_record_with_everything(cast, "norfolk")
    for route in ROUTES:
        if not _may(route, "GET", "norfolk", part) or not isinstance(route.view.access, Permission):
            continue
        for method, data in (("GET", {}), ("POST", _posted(cast, record)), ("POST", {}), ("POST", _nonsense())):
            client = _visitor(cast, "norfolk", part)
            address = _address(cast, route)
            response = client.get(address) if method == "GET" else client.post(address, data)
            assert response.status_code < 500, (method, address)
            if response.status_code >= 400:
                assert response.content, (method, address, "an empty refusal")


def _nonsense() -> dict[str, str]:
    names = "record key step wish to outcome staff pin name line code reason told danger rung"
    return dict.fromkeys(names.split(), "☠' or 1=1 --\x01")


# Declarations ------------------------------------------------------------------------------------------------------


def test_every_address_declares_who_may_ask() -> None:
    """A permission, or why it is public; in words."""
    assert len(ROUTES) > 30
    for route in ROUTES:
        access = getattr(route.view, "access", None)
        assert isinstance(access, Permission) or (isinstance(access, str) and len(access) > 15), route.path


def test_a_view_that_declares_nothing_answers_nobody() -> None:
    """Refused before it runs."""

    def forgotten(request: HttpRequest) -> HttpResponse:
        raise AssertionError("it ran")

    middleware = DeclaredAccessMiddleware(lambda request: HttpResponse())
    with pytest.raises(PermissionDenied):
        middleware.process_view(RequestFactory().get("/"), forgotten, (), {})


def test_a_forgotten_view_in_the_map_is_refused_to_everybody(cast: Cast, settings: Any) -> None:
    """Through the whole stack, to an officer too."""
    settings.ROOT_URLCONF = "tests.ani_portal.forgotten_urls"
    for client in (Client(), desk(cast, "norfolk"), tablet(cast, "norfolk", "AB")):
        response = client.get("/forgotten/")
        assert response.status_code == 403
        assert b"it ran" not in response.content
