"""One's own account: second factors, password, open sessions."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.refusals import Refused
from ani_portal.access.scope import current_log

from .. import external, factors, sessions
from ..forms import PasswordForm
from ..standing import asks_again


def page(request: GuardedRequest, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """A page of the account."""
    context = {"signed_in_name": request.principal.name, "sign_out_url": reverse("account_logout"), **more}
    return render(request, f"account/{name}.html", context, status=status)


@allow(Permission.OWN_ACCOUNT)
@require_safe
def account(request: GuardedRequest) -> HttpResponse:
    """What opens the account, and where it is open now."""
    user: Any = request.user
    current = request.session.session_key
    listed = [
        (session, sessions.browser_of(session.user_agent), session.session_key == current)
        for session in sessions.open_sessions(user)
    ]
    return page(request, "own", sessions=listed, external=external.is_external(user), **factors.factors_of(user))


@allow(Permission.OWN_ACCOUNT)
@asks_again
@require_POST
def end_session(request: GuardedRequest) -> HttpResponse:
    """End one of one's own sessions, at once."""
    user: Any = request.user
    if not sessions.end_session(user, number := _number(request)):
        raise Http404
    current_log().note("session.ended", by=request.principal.actor, force=None, on=("session", number))
    return redirect("account")


@allow(Permission.OWN_ACCOUNT)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: GuardedRequest) -> HttpResponse:
    """A new password; every other session of the person ends."""
    user: Any = request.user
    if external.is_external(user):
        raise Refused("external", _("Your force signs you in: there is no password here."), status=409)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        sessions.end_all(user, but=request.session.session_key)
        before = request.session.session_key
        update_session_auth_hash(request, user)
        sessions.moved(before, request.session.session_key)
        current_log().note("password.changed", by=request.principal.actor, force=None)
        return redirect("account")
    return page(request, "password", 422 if form.is_bound else 200, form=form)


@allow(Permission.OWN_ACCOUNT)
@asks_again
@require_POST
def recovery_codes(request: GuardedRequest) -> HttpResponse:
    """Fresh recovery codes, shown in the answer to this post and never again."""
    user: Any = request.user
    codes = factors.new_recovery_codes(user)
    current_log().note("factor.codes_renewed", by=request.principal.actor, force=None)
    return render(request, "mfa/recovery_codes.html", {"codes": codes, "next": reverse("account")})


@allow(Permission.OWN_ACCOUNT)
@asks_again
@require_POST
def remove_passkey(request: GuardedRequest) -> HttpResponse:
    """Take a passkey away; the last factor stays."""
    user: Any = request.user
    if not factors.remove_passkey(user, _number(request)):
        raise Http404
    current_log().note("factor.removed", by=request.principal.actor, force=None, kind="passkey")
    return redirect("account")


def _number(request: GuardedRequest) -> int:
    """Which of one's own: a number in the form, for addresses hold none that counts up; 0 is nobody's."""
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
