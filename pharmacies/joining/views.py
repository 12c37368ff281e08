"""Open to everybody: asking for a pharmacy to join, following the wish, and using an invitation."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ani_portal.access.decorators import public
from ani_portal.access.refusals import NotSignedIn, Refused, answer_refusal
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.accounts.standing import check_signed_in
from pharmacies.onboarding.actions import invitations, joining
from pharmacies.onboarding.forms.people import AccountForm, StaffForm
from pharmacies.onboarding.forms.sites import JoinForm
from pharmacies.policies import everybody

PUBLIC = Scope(Kind.PUBLIC)
SHOWN = 20
# Where an accepted invitation leads.
DOORS = {"administrator": "onboarding:pharmacies", "coordinator": "onboarding:pharmacies", "auditor": "audit:log"}
GONE = _("This link was used a moment ago. Ask whoever invited you for a new one.")
BOTH = _(
    "You have another part in this force. Nobody both reads records there and administers them, or looks after the log: "
    "ask for the earlier part to be ended first."
)
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
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Use an invitation: a PIN for staff, an account for administrators."""
    with scoped(PUBLIC, read_only=request.method != "POST"):
        found = everybody.invitation_by(token)
        if found["state"] != "open":
            return render(request, "join/no_invitation.html", {"state": found["state"]}, status=410)
        if found["kind"] == "staff":
            return _join_as_staff(request, token, found)
        return _join_with_account(request, token, found)


def _join_as_staff(request: HttpRequest, token: str, found: dict[str, Any]) -> HttpResponse:
    initials = "".join(word[0] for word in found["person"].split() if word[0].isalnum())[:4].upper()
    form = StaffForm(request.POST or None, initial={"name": found["person"], "initials": initials})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _check(
            invitations.accept_as_staff(
                token=token, name=said["name"], initials=said["initials"].upper(), pin=said["pin"]
            )
        )
        return render(request, "join/welcome.html", {"place": found["place"], "staff": True})
    return render(request, "join/invitation.html", {"found": found, "form": form}, status=422 if form.is_bound else 200)


def _check(outcome: str) -> None:
    """What was written meanwhile goes back where the invitation could not be used."""
    if outcome != "accepted":
        raise Refused(outcome, str(BOTH if outcome == "both" else GONE), status=409)


def _join_with_account(request: HttpRequest, token: str, found: dict[str, Any]) -> HttpResponseBase:
    known = everybody.account_of(found["email"])
    form = None if known else AccountForm(request.POST or None, initial={"name": found["person"]})
    try:
        mine = known is not None and request.user.pk == known.pk and check_signed_in(request)
    except NotSignedIn as refusal:  # locked, ended, or half signed in: asked again, then back here
        return answer_refusal(request, None, refusal)
    more = {"found": found, "form": form, "known": known is not None, "mine": mine}
    if request.method != "POST" or (known and not mine) or (form and not form.is_valid()):
        return render(request, "join/invitation.html", more, status=422 if form and form.is_bound else 200)
    user = known
    if form:
        said = form.cleaned_data
        user = invitations.make_account(email=found["email"], name=said["name"], password=said["password"])
    assert user is not None
    _check(invitations.accept_with_account(token=token, user=user))
    return render(
        request, "join/welcome.html", {"place": found["place"], "door": DOORS.get(found["kind"], "triage:queue")}
    )
