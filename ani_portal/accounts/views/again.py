"""Asking again: after the page was locked, after twelve hours, and before what is dangerous."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.scope import current_log

from .. import external, standing
from ..forms import AgainForm, ExternalAgainForm
from ..standing import Standing
from ..ways import offered_again
from .places import local_next

CARRIED = "c:"  # before the names of fields that go on to where they were meant


@allow(Permission.OWN_ACCOUNT, when_locked=True)
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: GuardedRequest) -> HttpResponse:
    """Ask for what is needed now, then go on, with what was typed."""
    stands = standing.standing(request)
    asked = request.method == "POST" and bool({"password", "code", "on"} & set(request.POST))
    form: AgainForm | ExternalAgainForm
    if (force := external.force_of(request)) is not None:
        fresh = stands is Standing.OPEN and standing.is_recent(request)
        form = ExternalAgainForm(request.POST if asked else None, user=request.user, stands=stands, fresh=fresh)
    else:
        form = AgainForm(
            request.POST if asked else None, user=request.user, stands=stands, check_password=_checks(request)
        )
    carried = _carried(request)
    if asked and form.is_valid():
        if form.factor is not None or (stands is not Standing.LOCKED and force is None):
            standing.raised(request, form.factor.type if form.factor else "", form.factor.pk if form.factor else None)
        standing.reopen(request)
        current_log().note("session.reopened", by=request.principal.actor, force=None, after=str(stands))
        if _from_script(request):
            return HttpResponse(status=204)
        if carried:
            return render(request, "account/go_on.html", {"carried": carried, "next": local_next(request)})
        return redirect(local_next(request))
    if asked and _from_script(request):
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    context = {
        "form": form, "stands": stands, "carried": carried, "next": local_next(request),
        "ways": offered_again(force) if force is not None else [],
    }  # fmt: skip
    return render(request, "account/again.html", context, status=422 if form.errors else 200)


@allow(Permission.OWN_ACCOUNT, when_locked=True)
@require_POST
def lock(request: GuardedRequest) -> HttpResponse:
    """Lock now: nobody is at the desk."""
    if not request.locked:
        standing.lock(request)
        current_log().note("session.locked", by=request.principal.actor, force=None)
    return HttpResponse(status=204) if _from_script(request) else redirect("account_again")


@allow(Permission.OWN_ACCOUNT)
@require_POST
def here(request: GuardedRequest) -> HttpResponse:
    """Somebody is at the desk: the page says so at most twice a minute, and only then."""
    return HttpResponse(status=204)


def _checks(request: GuardedRequest) -> Any:
    def check(password: str) -> bool:
        user: Any = request.user
        found = get_adapter(request).authenticate(request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    return check


def _carried(request: GuardedRequest) -> list[tuple[str, str]]:
    return [
        (name.removeprefix(CARRIED), value)
        for name, values in request.POST.lists()
        if name.startswith(CARRIED)
        for value in values
        if isinstance(value, str)
    ]


def _from_script(request: GuardedRequest) -> bool:
    return request.headers.get("Accept") == "text/plain"
