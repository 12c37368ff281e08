"""From the provider's word to a session of ours."""

import time
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ani_portal.accounts import external, standing
from ani_portal.accounts.adapters import note_sign_in
from ani_portal.accounts.models import User

from ..models import IdentityProvider
from .actions import has_second_factor

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter(
    request: HttpRequest,
    provider: IdentityProvider,
    user: User,
    claims: dict[str, Any],
    then: str,
) -> HttpResponse:
    """Begin the person's session, or open the one they have, as old as the provider's question is.

    Without the provider's word for a second factor, ours is asked for next, as after a password.
    """
    vouched, sid = has_second_factor(provider, claims), str(claims.get("sid") or "")[:255]
    here: Any = request.user
    same = here.is_authenticated and here.pk == user.pk and external.force_of(request) == provider.pk
    at = min(float(claims["auth_time"]), time.time())
    if same and vouched and not external.is_ended(request):
        record_authentication(request, user, "sso", reauthenticated=True, at=at)
        standing.reopen(request)
        note_sign_in("session.reopened", user)
        return render(request, "external/opened.html", {"next": then})
    request.session.flush()
    if not vouched:
        external.begin_session(request, user, provider.pk, sid)
        answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=then))
        return answer
    login(request, user, BACKEND)
    external.begin_session(request, user, provider.pk, sid)
    record_authentication(request, user, "sso", sub=str(claims["sub"])[:255], at=at)
    note_sign_in("signin.done", user)
    return render(request, "external/opened.html", {"next": then})
