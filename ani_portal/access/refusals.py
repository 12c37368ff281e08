"""Saying no: what is logged, and the answer."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ani_portal.audit.log import Actor

from .permissions import Door, Permission
from .principals import Principal
from .scope import Kind, Scope, scoped

logger = logging.getLogger(__name__)


class NotSignedIn(Exception):
    """Nobody that this door knows is asking."""


class NeedsFactor(NotSignedIn):
    """Somebody gave a password, but no second factor yet."""


class Locked(NotSignedIn):
    """Nobody touched the page for too long; `ended` asks for both factors instead of the password."""

    def __init__(self, *, ended: bool = False) -> None:
        super().__init__()
        self.ended = ended


class ChoosePart(NotSignedIn):
    """Somebody has several parts at this door, and has not said in which one they act."""


class NoPart(ChoosePart):
    """Somebody is signed in and has no part at this door: signing in once more would lead in circles."""


class AskAgain(NotSignedIn):
    """What was asked is dangerous, and the second factor was not given lately."""


class NotTakingPart(NotSignedIn):
    """A tablet of a pharmacy that is suspended. `services`: the lines that a person can ring from there."""

    def __init__(self, services: Sequence[object]) -> None:
        super().__init__()
        self.services = services


class Refused(Exception):
    """Somebody known may not do this. `reason` is a short code for the log; `message` is shown to the person."""

    def __init__(
        self, reason: str, message: str = "", *, principal: Principal | None = None, status: int = 403
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.principal = principal
        self.status = status


def note_refusal(request: HttpRequest, permission: Permission, refusal: Exception, on: tuple[str, object]) -> None:
    """Log a refusal in a transaction of its own, in the system's chain: no flood of them delays an alarm."""
    principal: Principal | None = getattr(request, "principal", None) or getattr(refusal, "principal", None)
    if isinstance(refusal, NotSignedIn):
        return  # anybody can cause these without end; the sign-in itself is logged
    kind = "not found" if isinstance(refusal, Http404) else getattr(refusal, "reason", "refused")
    actor = principal.actor if principal else Actor("unknown", "-")
    with scoped(Scope(Kind.PUBLIC)) as log:
        log.note("access.refused", by=actor, force=None, on=on, permission=permission.name, reason=kind)


def answer_refusal(request: HttpRequest, permission: Permission | None, refusal: Exception) -> HttpResponseBase:
    """The page for a refusal: to the sign-in, *not found*, or a plain sentence."""
    if isinstance(refusal, NotSignedIn):
        if isinstance(refusal, NotTakingPart):
            return render(request, "counter/suspended.html", {"services": refusal.services}, status=403)
        if permission and permission.door is Door.COUNTER:
            return render(request, "counter/not_enrolled.html", status=403)
        if isinstance(refusal, (Locked, AskAgain)):
            return _ask_again(request)
        asks_for_page = request.method in ("GET", "HEAD") and not request.headers.get("HX-Request")
        if isinstance(refusal, NoPart) and not asks_for_page:
            # What was sent is refused, not led elsewhere: a redirect would look as if it had been taken.
            message = _("You have no part here. Nothing was written.")
            return render(request, "refused.html", {"message": message}, status=403)
        if isinstance(refusal, ChoosePart) and not request.headers.get("HX-Request"):
            return redirect(f"{reverse('account_parts')}?{urlencode({'next': request.path})}")
        if not asks_for_page:
            return render(request, "signed_out.html", status=403)
        if isinstance(refusal, NeedsFactor):
            return _ask_for_factor(request)
        if (
            request.user.is_authenticated
        ):  # a session that its force has ended: the sign-in page would send it back here
            logout(request)
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}")
    if isinstance(refusal, Refused):
        message = refusal.message or _("You may not do this. Ask who looks after your access.")
        return render(request, "refused.html", {"message": message}, status=refusal.status)
    return render(request, "404.html", status=404)


def _ask_for_factor(request: HttpRequest) -> HttpResponseBase:
    # To where it is set up, once. That page sends whoever has a factor, and came here without it, to sign in anew.
    place = reverse("enrol_factor")
    if request.path == place:
        logout(request)
        place = settings.LOGIN_URL
    return redirect(f"{place}?{urlencode({'next': request.path if request.path != place else '/'})}")


# 423 Locked (RFC 4918): the page stays as it is, with what was typed, and asks.
LOCKED = 423


def _ask_again(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=LOCKED)
    place = reverse("account_again")
    if request.method in ("GET", "HEAD"):
        return redirect(f"{place}?{urlencode({'next': request.get_full_path()})}")
    # What was typed goes on with the page that asks, and from there to where it was meant.
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
        if isinstance(value, str)
    ]
    return render(request, "account/stopped.html", {"next": request.get_full_path(), "carried": carried}, status=LOCKED)
