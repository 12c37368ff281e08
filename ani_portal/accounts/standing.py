"""Whether a session may still be used: idle ones lock, and twelve hours are the end, but an armed page's feed goes on."""

import time
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest, HttpResponseBase

from ani_portal.access.refusals import AskAgain, Locked, NeedsFactor

from . import external, factors

IDLE = 15 * 60  # seconds without anybody at the desk
LONGEST = 12 * 60 * 60  # seconds after both factors
RECENT = 5 * 60  # seconds for which a code also opens what is dangerous
HERE = "/account/here/"
TOUCH = 30  # seconds between two writes of when somebody was there

BEGAN, TOUCHED, LOCKED = "began_at", "touched_at", "locked"

View = Callable[..., HttpResponseBase]


class Standing(StrEnum):
    """How a signed-in session stands."""

    OPEN = "open"
    LOCKED = "locked"  # a password opens it again
    ENDED = "ended"  # both factors open it again


def standing(request: HttpRequest) -> Standing:
    """How the session of `request` stands now."""
    session, now = request.session, time.time()
    if now - float(session.get(BEGAN) or _first(request)) > LONGEST:
        return Standing.ENDED
    if session.get(LOCKED) or now - float(session.get(TOUCHED) or _first(request)) > IDLE:
        return Standing.LOCKED
    return Standing.OPEN


def check_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in with both factors and at the desk.

    NeedsFactor if only the password was given so far, Locked if nobody touched the page for too long. A feed, and a view
    that declared that it answers when locked (request.locked), get through: they show nothing but that something waits.
    """
    if not request.user.is_authenticated:
        return False
    if not factors.passed(request):
        raise NeedsFactor
    if external.is_ended(request):
        return False
    if getattr(request, "feed", False):
        return True
    stands = standing(request)
    cast: Any = request
    cast.locked = stands is not Standing.OPEN
    if cast.locked and not getattr(request, "answers_locked", False):
        raise Locked(ended=stands is Standing.ENDED)
    if not cast.locked and not is_background(request):
        touch(request)
    return True


def is_background(request: HttpRequest) -> bool:
    """Whether the page asked by itself: that proves nobody's presence. A person's own touch is told by /account/here/."""
    if request.method == "GET" and "HX-Request" in request.headers:
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" and request.path != HERE


def touch(request: HttpRequest) -> None:
    """Somebody is there."""
    if time.time() - float(request.session.get(TOUCHED) or 0) > TOUCH:
        request.session[TOUCHED] = time.time()


def lock(request: HttpRequest) -> None:
    """Lock the session: its pages ask for the password again."""
    request.session[LOCKED] = True


def reopen(request: HttpRequest) -> None:
    """Open a locked or ended session again, after what it asked for was given."""
    now = time.time()
    if standing(request) is Standing.ENDED:
        request.session[BEGAN] = now
    request.session[LOCKED] = False
    request.session[TOUCHED] = now


def raised(request: HttpRequest, kind: str, factor: int | None = None) -> None:
    """Remember that the second factor was given again, just now."""
    record_authentication(request, _user(request), "mfa", reauthenticated=True, type=kind, id=factor)


def is_recent(request: HttpRequest) -> bool:
    """Whether the second factor was given within the last minutes."""
    given = [
        record["at"]
        for record in get_authentication_records(request, _user(request))
        if record["method"] in factors.SECOND
    ]
    return bool(given) and time.time() - max(given) <= RECENT


def check_recent(request: HttpRequest) -> None:
    """AskAgain unless the second factor was given within the last minutes: before what is dangerous."""
    if not is_recent(request):
        raise AskAgain


def asks_again(view: View) -> View:
    """Before what is dangerous: the second factor once more, if it was not given within the last minutes."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_recent(request)
        return view(request, *args, **kwargs)

    return checked


def _first(request: HttpRequest) -> float:
    given = [record["at"] for record in get_authentication_records(request, _user(request))]
    return float(min(given)) if given else 0.0


def _user(request: HttpRequest) -> Any:
    return request.user
