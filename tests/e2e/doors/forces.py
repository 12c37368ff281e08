"""A force's own provider for the tests: written down, confirmed, and gone through by a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from ani_portal.access.roles import using_role
from ani_portal.accounts.models import User
from pharmacies.models import IdentityProvider
from tests.cast import FORCES, PASSWORD, Cast
from tests.sign_in import session_of
from tests.visitors import desk

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


def an_operator() -> Client:
    from django.conf import settings

    from ani_portal.accounts.models import Operator

    with using_role("owner"):
        user = User.objects.filter(email="operator@example.org").first()
        if user is None:
            user = User.objects.create_user("operator@example.org", PASSWORD, name="Operator")
            Operator.objects.create(user=user)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of("operator@example.org")
    return client


def write_down(operator: Client, provider: Provider, **more: str) -> Any:
    said = {
        "issuer": provider.issuer, "client_id": "portal", "secret": SECRET, "claim": "groups", "roles": ROLES,
        "factor_values": "mfa", **more,
    }  # fmt: skip
    return operator.post(f"/operator/forces/{CODE}/sign-in/", said)


def confirm(cast: Cast, what: str = "on", short: str = "norfolk") -> Any:
    with using_role("owner"):
        seen = IdentityProvider.objects.get().changed_at.isoformat()
    coordinator = desk(cast, short, "coordinator")
    return coordinator.post("/onboarding/force/sign-in/", {"what": what, "seen": seen})


@pytest.fixture
def on(cast: Cast, provider: Provider) -> Provider:
    """Written down by the operator, confirmed by a coordinator; Alice is an officer there."""
    operator = an_operator()
    assert write_down(operator, provider).status_code == 302
    assert confirm(cast).status_code == 302
    provider.tell(
        people={"alice": {"email": "alice@example.org", "name": "Alice Made-up", "groups": ["desk"]}},
        account="alice", amr=["pwd", "mfa"], acr=None,
    )  # fmt: skip
    return provider


def leave(client: Client, then: str = "/triage/", **more: str) -> str:
    answer = client.get(HERE, {"next": then, **more})
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def come_in(client: Client, provider: Provider, **more: str) -> Any:
    brought = provider.follow(leave(client, **more))
    assert client.get(f"{HERE}back/", brought).status_code == 200
    return client.post(f"{HERE}finish/", brought, headers=POSTED)


def made(model: Any) -> int:
    with using_role("owner"):
        return int(model.objects.current().filter(user__email="alice@example.org").count())


def log_out(provider: Provider, token: str) -> int:
    return Client().post(f"{HERE}log-out/", {"logout_token": token}).status_code
