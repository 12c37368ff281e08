"""Writing a force's provider down, confirming it, and what its word makes of somebody."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.accounts import external
from ani_portal.accounts.adapters import FactorAdapter
from ani_portal.accounts.models import User
from ani_portal.accounts.openid import Client
from ani_portal.audit.log import Actor

from ..enums import AuditEvent
from ..models import IdentityProvider, PoliceForce, ProvidedRole

Roles = list[tuple[str, str]]  # value of the claim, role


def provider_of(force: PoliceForce | int) -> IdentityProvider | None:
    """The force's provider, as far as the scope shows it."""
    key = force if isinstance(force, int) else force.pk
    return IdentityProvider.objects.filter(pk=key).select_related("force").first()


def confirmed(code: str) -> IdentityProvider | None:
    """The provider of the force with this ONS code, if it is on; in the public's scope no other is there."""
    found = IdentityProvider.objects.filter(force__ons_code=code, confirmed_at__isnull=False)
    return found.select_related("force").first()


def roles_of(provider: IdentityProvider | None) -> Roles:
    """Which value gives which role."""
    found = ProvidedRole.objects.filter(force_id=provider.pk) if provider else ProvidedRole.objects.none()
    return list(found.values_list("value", "role"))


def client_of(provider: IdentityProvider) -> Client:
    """What we are to the provider, with the secret from the environment or opened."""
    secret = settings.FORCE_SIGN_IN_SECRETS.get(provider.force.ons_code, "")
    if not secret and provider.sealed_secret:
        secret = FactorAdapter().decrypt(provider.sealed_secret)
    return Client(provider.issuer, provider.client_id, secret)


def set_provider(
    *, by: Principal, force: PoliceForce, issuer: str, client_id: str, secret: str, claim: str, factor_values: str,
    roles: Roles,
) -> IdentityProvider:  # fmt: skip
    """Write a force's provider down. It is off until a coordinator of the force confirms it; an empty secret stays as it was."""
    before = provider_of(force)
    values: dict[str, Any] = {
        "issuer": issuer, "client_id": client_id, "claim": claim, "factor_values": factor_values,
        "changed_at": timezone.now(),
    }  # fmt: skip
    if secret:
        values["sealed_secret"] = FactorAdapter().encrypt(secret)
    made, _new = IdentityProvider.objects.update_or_create(force=force, defaults=values)
    ProvidedRole.objects.filter(force=force).delete()
    for value, role in roles:
        ProvidedRole.objects.create(force=force, value=value, role=role)
    for issuer_of in {before.issuer if before else issuer, issuer}:
        external.end_sessions(issuer_of)
    current_log().note(AuditEvent.PROVIDER_SET, by=by.actor, force=force.pk, on=("force", force.pk))
    return made


def confirm(*, by: Principal, provider: IdentityProvider) -> None:
    """A coordinator of the force turns it on, as it stands; any later change turns it off again."""
    found = IdentityProvider.objects.filter(pk=provider.pk, changed_at=provider.changed_at)
    if found.update(confirmed_at=timezone.now(), confirmed_by=by.actor.id):
        current_log().note(AuditEvent.PROVIDER_CONFIRMED, by=by.actor, force=by.force_id, on=("force", provider.pk))


def turn_off(*, by: Principal, provider: IdentityProvider) -> None:
    """A coordinator turns it off: everybody who came in by it is out on the next request."""
    IdentityProvider.objects.filter(pk=provider.pk).update(confirmed_at=None, confirmed_by="")
    external.end_sessions(provider.issuer)
    current_log().note(AuditEvent.PROVIDER_OFF, by=by.actor, force=by.force_id, on=("force", provider.pk))


@dataclass(frozen=True)
class Entered:
    """Who came, or why not: "entered", "off", "no part", "taken", "not let"."""

    outcome: str
    user: User | None = None


def enter(*, provider: IdentityProvider, claims: dict[str, Any]) -> Entered:
    """What the provider said of somebody becomes their account and their parts in that force.

    `provider` as it was when it was asked; "off" if its issuer is another one by now.
    """
    email = claims.get("email")
    if not isinstance(email, str) or "@" not in email or claims.get("email_verified") is False:
        return _refused("address")
    name = claims.get("name") if isinstance(claims.get("name"), str) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from ani.enter_external(%s, %s, %s, %s, %s, %s, %s)",
            [
                provider.pk,
                provider.issuer,
                claims["sub"],
                email[:254],
                str(name)[:80],
                _values(claims.get(provider.claim)),
                claims.get("email_verified") is True,
            ],
        )
        outcome, person, made, ended = cursor.fetchone() or ("off", None, [], [])
    if outcome != "entered" or person is None:
        return _refused(outcome)
    current_log().note(
        AuditEvent.EXTERNAL, by=Actor("person", str(person)), force=provider.pk, on=("person", person),
        made=",".join(made), ended=",".join(ended),
    )  # fmt: skip
    return Entered(outcome, User.objects.get(pk=person))


def _refused(reason: str) -> Entered:
    current_log().note(AuditEvent.EXTERNAL_REFUSED, by=Actor("unknown", "-"), force=None, reason=reason)
    return Entered(reason)


def note_refusal(provider: IdentityProvider, reason: str) -> None:
    """A provider's answer that was not believed, in the system's chain."""
    actor = Actor("process", f"provider {provider.force.ons_code}")
    current_log().note(AuditEvent.EXTERNAL_REFUSED, by=actor, force=None, reason=reason)


def _values(said: Any) -> list[str]:
    found = said if isinstance(said, list) else [said]
    return [one[:200] for one in found[:500] if isinstance(one, str)]


def has_second_factor(provider: IdentityProvider, claims: dict[str, Any]) -> bool:
    """Whether the provider vouches for a second factor in the words that were agreed with it."""
    agreed = set(provider.factor_values.split())
    methods = claims.get("amr")
    said = {one for one in methods if isinstance(one, str)} if isinstance(methods, list) else set()
    if isinstance(claims.get("acr"), str):
        said.add(claims["acr"])
    return bool(agreed & said)


def end_by_provider(*, provider: IdentityProvider, claims: dict[str, Any]) -> bool:
    """The provider's log-out, once for each token; False if this one was used before."""
    if not external.use_once(provider.issuer, str(claims["jti"])):
        return False
    count = external.end_sessions(
        provider.issuer, subject=str(claims.get("sub") or ""), sid=str(claims.get("sid") or "")
    )
    actor = Actor("process", f"provider {provider.force.ons_code}")
    current_log().note(AuditEvent.EXTERNAL_ENDED, by=actor, force=None, count=count)
    return True
