"""Pharmacies that ask to join, as the coordinator of their force answers them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies import policies

from ..actions import joining as actions
from ..forms.sites import DeclineForm
from ..page import page
from .invitations import base_url


@allow(Permission.BRING_ON_BOARD)
@require_safe
def applications(request: GuardedRequest) -> HttpResponse:
    """Those that wait, the longest first, and the last that were decided."""
    waiting, decided = policies.applications_of(request.principal)
    return page(request, "applications", waiting=waiting, decided=decided[:20])


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: GuardedRequest, application: UUID) -> HttpResponse:
    """One of them; a POST declines it."""
    found = policies.application(request.principal, application)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decline(by=request.principal, application=found, reason=form.cleaned_data["reason"])
        return redirect("onboarding:applications")
    return page(request, "application", 422 if form.is_bound else 200, application=found, form=form)


@allow(Permission.BRING_ON_BOARD)
@require_POST
def answer(request: GuardedRequest, application: UUID, what: str) -> HttpResponse:
    """It was rung on its registered number; or, after that, it is approved."""
    found = policies.application(request.principal, application)
    if what == "rung":
        actions.note_rung(by=request.principal, application=found)
        return redirect("onboarding:application", application)
    actions.approve(by=request.principal, application=found, base_url=base_url(request))
    return redirect("onboarding:pharmacy", found.pharmacy_id)
