"""People: their training, and letting them go."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from pharmacies import actions as tablets
from pharmacies import policies

from ..actions import people as actions
from ..forms.people import TrainingForm
from ..page import page, paged


@allow(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """One member of staff: their training, and recording more of it."""
    found = policies.staff_member(request.principal, staff)
    form = TrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.record_training(by=request.principal, staff=found, **form.cleaned_data)
        return redirect("onboarding:person", staff)
    records, locks = found.training.all(), tablets.locked_at(staff=found)
    return page(request, "person", 422 if form.is_bound else 200, person=found, records=records, locks=locks, form=form)


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def unlock(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """Take the locks of somebody's PIN off, after too many wrong ones."""
    found = policies.staff_member(request.principal, staff)
    tablets.unlock_pin(by=request.principal, staff=found)
    return redirect("onboarding:person", staff)


@allow(Permission.MANAGE_PEOPLE)
@require_POST
def leave(request: GuardedRequest, staff: UUID) -> HttpResponse:
    """A member of staff leaves this pharmacy."""
    found = policies.staff_member(request.principal, staff)
    actions.end_staff(by=request.principal, staff=found)
    return redirect("onboarding:pharmacy", found.pharmacy_id)


@allow(Permission.BRING_ON_BOARD)
@require_POST
def end_administrator(request: GuardedRequest, administrator: UUID) -> HttpResponse:
    """An administrator no longer looks after a pharmacy, or an owner's."""
    actions.end_administrator(
        by=request.principal, administrator=policies.administrator(request.principal, administrator)
    )
    return redirect("onboarding:pharmacies")


@allow(Permission.MANAGE_PEOPLE)
@require_safe
def training(request: GuardedRequest) -> HttpResponse:
    """Who is in date, by pharmacy: those who are not first."""
    today = timezone.localdate()
    people = policies.matrix(request.principal)
    return page(request, "training", people=paged(request, people), today=today, soon=today + timedelta(days=60))
