"""Signing in and out, and setting up a second factor."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ani_portal.access.decorators import GuardedRequest, allow, public
from ani_portal.access.permissions import Permission
from ani_portal.access.refusals import Refused
from ani_portal.access.scope import current_log

from .. import factors
from ..forms import EnrolForm
from ..sessions import renew_key
from ..ways import offered
from .places import local_next

SECRET = "enrolling"  # noqa: S105 where the session keeps a secret, encrypted, until its first code was typed


class _SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "ways": offered()}


sign_in = public("signing in is what it is for")(_SignIn.as_view())
second_factor = public("the second step of signing in; answers only after the first")(AuthenticateView.as_view())
sign_out = public("signing out harms nobody; a GET asks first")(LogoutView.as_view())


@allow(Permission.ENROL_FACTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: GuardedRequest) -> HttpResponse:
    """Set up an authenticator app at the first sign-in; its first code proves that it works."""
    user: Any = request.user
    if factors.has_factor(user):
        raise Refused("second factor is set up", status=409)
    kept = request.session.get(SECRET)
    secret = decrypt(kept) if kept else generate_totp_secret()
    if not kept:
        request.session[SECRET] = encrypt(secret)
    form = EnrolForm(request.POST or None, secret=secret)
    if request.method == "POST" and form.is_valid():
        factor = factors.add_totp(user, secret)
        codes = factors.new_recovery_codes(user)
        del request.session[SECRET]
        renew_key(request)
        record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
        current_log().note("factor.added", by=request.principal.actor, force=None, kind="totp")
        return render(request, "mfa/recovery_codes.html", {"codes": codes, "next": local_next(request)})
    context = {"form": form, "secret": _spaced(secret), "picture": _picture(user, secret), "next": local_next(request)}
    return render(request, "mfa/enrol.html", context, status=422 if form.is_bound else 200)


def _picture(user: Any, secret: str) -> str:
    url = get_adapter().build_totp_url(user, secret)
    picture: str = get_adapter().build_totp_svg(url)
    return picture[picture.index("<svg") :]  # within a page it needs no declaration


def _spaced(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
