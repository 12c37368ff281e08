"""Sessions of people whose force signs them in: confined to that force, and ended from there."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from .models import ExternalIdentity, ExternalSession, LogoutToken, User

MARK = "external"  # what the session keeps: whose it is, of which force, and which ExternalSession


def is_external(user: Any) -> bool:
    """Whether a force's provider looks after this person's sign-in."""
    return ExternalIdentity.objects.filter(user_id=user.pk).exists()


def linked(issuer: str) -> set[int]:
    """Whom this issuer signs in now, by their account's id."""
    return set(ExternalIdentity.objects.filter(issuer=issuer).values_list("user_id", flat=True))


def force_of(request: HttpRequest) -> int | None:
    """The only force that this session may act for, if it came through that force's provider."""
    mark = _mark(request)
    return int(mark["force"]) if mark else None


def begin_session(request: HttpRequest, user: User, force: int, sid: str) -> None:
    """Note that the session which begins now came through the provider of `force`."""
    identity = ExternalIdentity.objects.get(user=user)
    made = ExternalSession.objects.create(identity=identity, sid=sid)
    request.session[MARK] = {"user": user.pk, "force": force, "id": str(made.pk)}


def is_ended(request: HttpRequest) -> bool:
    """Whether the force's provider, or a change of provider, has ended this session."""
    mark = _mark(request)
    if not mark:
        return False
    return not ExternalSession.objects.filter(
        pk=UUID(mark["id"]), ended_at__isnull=True, identity__user_id=mark["user"]
    ).exists()


def end_sessions(issuer: str, *, subject: str = "", sid: str = "") -> int:
    """End the sessions of one issuer, or of one subject or one session there; how many. The next request is refused."""
    found = ExternalSession.objects.filter(identity__issuer=issuer, ended_at__isnull=True)
    if not subject:
        found = found.filter(sid=sid) if sid else found
        return found.update(ended_at=timezone.now())
    found = found.filter(identity__subject=subject)
    # A session whose name the provider did not tell at the sign-in may be the one that is meant; and where none is, all are.
    if sid and (count := found.filter(sid__in=(sid, "")).update(ended_at=timezone.now())):
        return count
    return found.update(ended_at=timezone.now())


def end_sessions_of(user: User, force: int) -> int:
    """End what the person opened through the provider of `force`; how many."""
    found = ExternalSession.objects.filter(identity__user=user, identity__force=force, ended_at__isnull=True)
    return found.update(ended_at=timezone.now())


def use_once(issuer: str, jti: str) -> bool:
    """Whether this is the first use of a log-out token's id, or of the state of a sign-in that was begun."""
    kept = hashlib.sha256(jti.encode()).hexdigest()
    _row, made = LogoutToken.objects.get_or_create(issuer=issuer, jti=kept)
    return made


def _mark(request: HttpRequest) -> dict[str, Any]:
    mark = request.session.get(MARK)
    if not isinstance(mark, dict) or mark.get("user") != request.user.pk:
        return {}
    return mark
