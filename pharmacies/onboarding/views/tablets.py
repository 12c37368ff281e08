"""Codes that enrol tablets, and ending a tablet's access."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies import actions, policies

from ..forms.files import TabletForm
from ..page import page
from ..qr import svg


@allow(Permission.ENROL_TABLETS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_tablet(request: GuardedRequest, pharmacy: UUID) -> HttpResponse:
    """Make a code for a new tablet; it is shown once, in the answer to this post, and never again."""
    found = policies.pharmacy(request.principal, pharmacy)
    form = TabletForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = actions.make_enrolment_code(by=request.principal, pharmacy=found, tablet_name=form.cleaned_data["name"])
        minutes = int(actions.CODE_LIFE.total_seconds() // 60)
        # The code stands after the #: a browser sends that part to nobody, so that it is in no log.
        address = request.build_absolute_uri(reverse("counter:enrol"))
        return page(
            request,
            "code",
            pharmacy=found,
            code=code,
            minutes=minutes,
            address=address,
            picture=svg(f"{address}#{code}"),
        )
    return page(request, "new_tablet", 422 if form.is_bound else 200, pharmacy=found, form=form)


@allow(Permission.ENROL_TABLETS)
@require_POST
def revoke_tablet(request: GuardedRequest, tablet: UUID) -> HttpResponse:
    """End a tablet's access at once."""
    found = policies.tablet(request.principal, tablet)
    actions.revoke_tablet(by=request.principal, tablet=found)
    return redirect("onboarding:pharmacy", found.pharmacy_id)
