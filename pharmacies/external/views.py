"""Signing in through a force's own provider, and being signed out by it."""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import public
from ani_portal.access.origin import same_origin_post
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.accounts import external, openid
from ani_portal.accounts.views.places import local_next

from ..models import IdentityProvider
from . import actions, entering

KEPT = "sign-in through a force"
LOG_OUTS = "300/m/ip"  # a whole force's shift may end at once
KEPT_FOR = 10 * 60  # seconds between leaving for the provider and coming back


def _cookie() -> str:
    return "__Host-external" if settings.OVER_TLS else "external"


def _provider(code: str) -> IdentityProvider:
    with scoped(Scope(Kind.PUBLIC), read_only=True):
        found = actions.confirmed(code)
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, code: str) -> str:
    return request.build_absolute_uri(reverse("external_back", args=[code]))


def _said(request: HttpRequest, words: str, status: int) -> HttpResponse:
    answer = render(request, "external/refused.html", {"words": words}, status=status)
    answer.delete_cookie(_cookie(), samesite="Lax")
    return answer


def _too_many(request: HttpRequest, action: str = "external") -> bool:
    """Whether this address asked too often: each time costs a thread that may wait for a provider."""
    rate = {"external": settings.ACCOUNT_RATE_LIMITS["login"], "external_out": LOG_OUTS}
    with scoped(Scope(Kind.PUBLIC)):
        return not ratelimit.consume(request, app="account", action=action, config=rate, limit_get=True)


def _busy() -> str:
    return _("Many are signing in just now. Begin again in a few seconds.")


@public("the way to a force's own sign-in; holds nothing about anybody")
@require_safe
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Send the browser to the force's provider; what must come back the same is kept in a cookie."""
    provider = _provider(code)
    if _too_many(request):
        return _said(request, _("Too many sign-ins from here. Wait a minute, then try again."), 429)
    try:
        there, attempt = openid.begin(actions.client_of(provider), _back(request, code), values=provider.factor_values)
    except openid.Busy:
        return _said(request, _busy(), 503)
    except openid.OpenIDError:
        return _said(request, _("Your force’s sign-in does not answer. Try again in a minute."), 502)
    answer = redirect(there)
    kept = signing.dumps({"force": code, "next": local_next(request), **attempt.dump()}, salt=KEPT)
    # Lax: it must come along when the provider sends the browser back. It opens nothing without the provider's answer.
    answer.set_cookie(_cookie(), kept, max_age=KEPT_FOR, secure=settings.OVER_TLS, httponly=True, samesite="Lax")
    return answer


@public("where the provider sends the browser back; reads and writes nothing")
@require_safe
def back(request: HttpRequest, code: str) -> HttpResponse:
    """A page of our own that posts the provider's answer: only what we began ourselves carries our cookies."""
    said = {name: request.GET[name][:2000] for name in ("code", "state", "iss", "error") if name in request.GET}
    return render(request, "external/back.html", {"code": code, "said": said})


@public("the last step of signing in through a force; proven by the provider's answer and the browser's own cookie")
@same_origin_post
@require_POST
def finish(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the provider who came, and let them in with the parts that it gives them."""
    again = _("That sign-in did not work. Begin again.")
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(_cookie(), ""), salt=KEPT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return _said(request, again, 400)
    if kept.pop("force") != code:
        return _said(request, again, 400)
    then, provider = str(kept.pop("next")), _provider(code)
    if _too_many(request):
        return _said(request, _("Too many sign-ins from here. Wait a minute, then try again."), 429)
    attempt = openid.Attempt(**kept)
    with scoped(Scope(Kind.PUBLIC)):
        first = external.use_once(provider.issuer, f"attempt {attempt.state}")
    if not first:
        return _said(request, again, 400)
    try:
        claims = openid.finish(actions.client_of(provider), attempt, _back(request, code), request.POST.dict())
    except openid.Busy:
        return _said(request, _busy(), 503)
    except openid.OpenIDError as fault:
        with scoped(Scope(Kind.PUBLIC)):
            actions.note_refusal(provider, fault.reason)
        return _said(request, again, 400)
    with scoped(Scope(Kind.PUBLIC)):
        entered = actions.enter(provider=provider, claims=claims)
        if entered.user is None:
            return _said(request, _REASONS.get(entered.outcome, lambda: again)(), 403)
        answer = entering.enter(request, provider, entered.user, claims, then)
    answer.delete_cookie(_cookie(), samesite="Lax")
    return answer


_REASONS = {
    "no part": lambda: _("Your force has given you no part here. Ask who looks after your access."),
    "taken": lambda: _("There is an account with your address that is not your force’s alone. Ask your coordinator."),
    "not let": lambda: _(
        "Your force’s sign-in does not open your account here yet. Ask a coordinator of your force to let it go over. "
        "Until then its password opens it, if it has one."
    ),
    "both": lambda: _(
        "Your force gives you parts that one person may not have together. Ask who looks after your access."
    ),
    "address": lambda: _("Your force’s sign-in did not say your work address. Ask who looks after your access."),
}


@public("a force's provider ends sign-ins of its people: proven by its signature")
@csrf_exempt
@require_POST
def logged_out(request: HttpRequest, code: str) -> HttpResponse:
    """Back-channel log-out: each token once; the sessions end on their next request."""
    provider = _provider(code)
    if _too_many(request, "external_out"):
        return JsonResponse({"error": "temporarily_unavailable"}, status=429, headers={"Retry-After": "60"})
    try:
        claims = openid.read_logout_token(actions.client_of(provider), request.POST.get("logout_token", ""))
        with scoped(Scope(Kind.PUBLIC)):
            if not actions.end_by_provider(provider=provider, claims=claims):
                raise openid.OpenIDError("used before")
    except openid.Busy:
        return JsonResponse({"error": "temporarily_unavailable"}, status=503)
    except openid.OpenIDError as fault:
        return JsonResponse({"error": "invalid_request", "error_description": fault.reason}, status=400)
    return HttpResponse(status=200)
