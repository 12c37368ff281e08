"""A person's open sessions: listed to them, and ended by them."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from .models import User

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
           ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def browser_of(user_agent: str) -> str:
    """Which browser where, in words that its owner knows; the beginning of what it says of itself otherwise."""
    browser = next((name for mark, name in BROWSERS if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if browser and system else user_agent[:60]


def open_sessions(user: User) -> list[UserSession]:
    """The person's sessions that still open something, newest first."""
    sessions = list(UserSession.objects.filter(user_id=user.pk).order_by("-created_at"))
    keys = [session.session_key for session in sessions]
    live = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    return [session for session in sessions if session.session_key in live]


def end_session(user: User, number: int) -> bool:
    """End one of the person's own sessions, from its next request on; whether there was one."""
    session = UserSession.objects.filter(user_id=user.pk, pk=number).first()
    if session is None:
        return False
    session.end()
    return True


def end_all(user: User, *, but: str | None = None) -> int:
    """End the person's sessions, but for the one with the key `but`; how many were listed. Without `but`, every one."""
    ended = 0
    if but is None:
        User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    for session in UserSession.objects.filter(user_id=user.pk):
        if session.session_key != but:
            session.end()
            ended += 1
    return ended


def renew_key(request: HttpRequest) -> None:
    """Give the session a new key, as its rights grew, and keep it listed under that."""
    before: Any = request.session.session_key
    request.session.cycle_key()
    moved(before, request.session.session_key)


def moved(before: str | None, after: str | None) -> None:
    """Keep a session listed whose key changed."""
    UserSession.objects.filter(session_key=before).update(session_key=after)
