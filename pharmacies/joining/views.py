"""Open to everybody: asking for a pharmacy to join, following the wish, and using an invitation."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ani_portal.access.decorators import public
from ani_portal.access.scope import Kind, Scope, scoped
from pharmacies.onboarding.actions import joining, people
from pharmacies.onboarding.forms.people import AccountForm, StaffForm
from pharmacies.onboarding.forms.sites import JoinForm
from pharmacies.policies import everybody

PUBLIC = Scope(Kind.PUBLIC)
SHOWN = 20
WHY_NOT = {
    "unknown": _("This pharmacy is not among those that are open in the official register."),
    "takes part": _("This pharmacy takes part already. Ask who looks after it for access."),
    "no force": _(
        "Its postcode does not say which police force is responsible. Ring 101 and ask for the scheme’s coordinator."
    ),
    "already": _("Somebody has asked for this pharmacy already, and it is not decided yet."),
    "too many": _("Too many were sent from here within an hour. Try again later; nothing of yours is lost."),
}


@public("anybody may ask for their pharmacy to join; the register it searches is public")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find one's pharmacy in the register: by ODS code, name or postcode."""
    q = request.GET.get("q", "").strip()[:60]
    with scoped(PUBLIC, read_only=True):
        found = everybody.find_sites(q) if len(q) >= 3 else []
    more = len(found) > SHOWN
    return render(request, "join/search.html", {"q": q, "found": found[:SHOWN], "more": more, "short": 0 < len(q) < 3})


@public("the same; nothing is made but the wish, which a coordinator reads")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, site: UUID) -> HttpResponse:
    """Confirm pharmacy and force, say who asks and what the pharmacy has."""
    form = JoinForm(request.POST or None)
    with scoped(PUBLIC, read_only=request.method != "POST"):
        pharmacy = everybody.open_site(site)
        if request.method == "POST" and form.is_valid():
            came_from = request.META.get("REMOTE_ADDR", "")
            asked = joining.ask_to_join(site=site, came_from=came_from, answers=form.cleaned_data)
            if asked.outcome == "made":
                return redirect("join:follow", asked.secret)
            form.add_error(None, WHY_NOT[asked.outcome])
        status = (429 if "asked" in locals() and asked.outcome == "too many" else 422) if form.is_bound else 200
        return render(request, "join/ask.html", {"site": pharmacy, "form": form}, status=status)


@public("who holds the secret link may see where the wish stands, and nothing else")
@require_safe
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Where a wish to join stands."""
    with scoped(PUBLIC, read_only=True):
        found = everybody.application_by(secret)
    return render(request, "join/follow.html", {"application": found})


@public("who holds the link was invited; looking uses nothing up, and only a POST accepts")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Use an invitation: a PIN for staff, an account for administrators."""
    with scoped(PUBLIC, read_only=request.method != "POST"):
        found = everybody.invitation_by(token)
        if found["state"] != "open":
            return render(request, "join/no_invitation.html", {"state": found["state"]}, status=410)
        if found["kind"] == "staff":
            return _join_as_staff(request, token, found)
        return _join_as_administrator(request, token, found)


def _join_as_staff(request: HttpRequest, token: str, found: dict[str, Any]) -> HttpResponse:
    initials = "".join(word[0] for word in found["person"].split() if word[0].isalnum())[:4].upper()
    form = StaffForm(request.POST or None, initial={"name": found["person"], "initials": initials})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        people.accept_as_staff(token=token, name=said["name"], initials=said["initials"].upper(), pin=said["pin"])
        return render(request, "join/welcome.html", {"place": found["place"], "staff": True})
    return render(request, "join/invitation.html", {"found": found, "form": form}, status=422 if form.is_bound else 200)


def _join_as_administrator(request: HttpRequest, token: str, found: dict[str, Any]) -> HttpResponse:
    known = everybody.account_of(found["email"])
    if known is not None:
        mine = request.user.is_authenticated and request.user.pk == known.pk
        if mine and request.method == "POST":
            people.accept_as_administrator(token=token, user=known)
            return redirect("onboarding:pharmacies")
        return render(request, "join/invitation.html", {"found": found, "known": True, "mine": mine})
    form = AccountForm(request.POST or None, initial={"name": found["person"]})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        user = people.make_account(email=found["email"], name=said["name"], password=said["password"])
        people.accept_as_administrator(token=token, user=user)
        return render(request, "join/welcome.html", {"place": found["place"], "staff": False})
    return render(request, "join/invitation.html", {"found": found, "form": form}, status=422 if form.is_bound else 200)
