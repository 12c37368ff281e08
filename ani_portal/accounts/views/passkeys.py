"""Adding a passkey: a second factor that no copied page can ask for."""

from typing import Any

from allauth.mfa.webauthn.internal.auth import WebAuthn, begin_registration
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.scope import current_log

from ..forms import PasskeyForm
from ..standing import asks_again
from .own import page


@allow(Permission.OWN_ACCOUNT)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: GuardedRequest) -> HttpResponse:
    """Ask the browser for a passkey, and keep its public half."""
    user: Any = request.user
    form = PasskeyForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        WebAuthn.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        current_log().note("factor.added", by=request.principal.actor, force=None, kind="passkey")
        return redirect("account")
    options = begin_registration(user, False)
    return page(request, "add_passkey", 422 if form.is_bound else 200, form=form, options=options)
