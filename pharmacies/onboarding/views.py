"""The coordinator's pages: the force's pharmacies, and codes that enrol tablets."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from .. import actions, policies
from .forms import TabletForm


def page(request: GuardedRequest, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """A page of the coordinator's."""
    context = {
        "signed_in_name": request.principal.name,
        "sign_out_url": reverse("account_logout"),
        "organisation_name": policies.force_of(request.principal).short_name,
        **more,
    }
    return render(request, f"onboarding/{name}.html", context, status=status)


@allow(Permission.ENROL_TABLETS)
@require_safe
def pharmacies(request: GuardedRequest) -> HttpResponse:
    """The force's pharmacies that take part, with their tablets."""
    return page(request, "pharmacies", pharmacies=policies.pharmacies_of(request.principal))


@allow(Permission.ENROL_TABLETS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_tablet(request: GuardedRequest, pharmacy: UUID) -> HttpResponse:
    """Make a code for a new tablet; it is shown once, in the answer to this post, and never again."""
    found = policies.pharmacy(request.principal, pharmacy)
    form = TabletForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = actions.make_enrolment_code(by=request.principal, pharmacy=found, tablet_name=form.cleaned_data["name"])
        minutes = int(actions.CODE_LIFE.total_seconds() // 60)
        return page(request, "code", pharmacy=found, code=code, minutes=minutes)
    return page(request, "new_tablet", 422 if form.is_bound else 200, pharmacy=found, form=form)


@allow(Permission.ENROL_TABLETS)
@require_POST
def revoke_tablet(request: GuardedRequest, tablet: UUID) -> HttpResponse:
    """End a tablet's access at once."""
    actions.revoke_tablet(by=request.principal, tablet=policies.tablet(request.principal, tablet))
    return redirect("onboarding:pharmacies")
