"""What is due, who decided, what is held; the schedule; looking for a record."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.scope import current_log
from requests import tasks
from requests.actions import NotPossible, note_found, records_with_phone
from requests.enums import Event, HoldReason
from requests.policies import released_record, released_records
from requests.retention import actions, lines, policies
from requests.retention.turn import take_turn

from ..views import page
from .forms import FindForm, HoldForm

# The page holds this many of each; the rest follows when these are dealt with.
MOST = 200


@allow(Permission.SEE_RETENTION)
@require_safe
def overview(request: GuardedRequest) -> HttpResponse:
    """Everything that waits for a decision."""
    return _overview(request)


def _overview(request: GuardedRequest, status: int = 200, refusal: str = "") -> HttpResponse:
    by, now = request.principal, timezone.now()
    wait = actions.waiting_time(by).disposal_wait
    decisions = [
        {
            "disposal": one,
            "mine": str(one.requested_by_id) == by.actor.id,
            "from": one.approved_at + wait if one.approved_at else None,
            "ready": one.approved_at is not None and one.approved_at + wait <= now,
        }
        for one in policies.decisions(by)[:MOST]
    ]
    due = policies.due_records(by, now)
    return page(
        request, "retention/overview", status, refusal=refusal, wait_days=wait.days, today=timezone.localdate(),
        due=due[:MOST], due_count=due.count(), decisions=decisions, holds=policies.holds(by)[:MOST],
        access_requests=policies.access_requests(by)[:MOST], may_clear=by.may(Permission.CLEAR_ACCESS),
    )  # fmt: skip


@allow(Permission.SEE_RETENTION, logs=Event.KEEPING_SEEN, of=released_record)
@require_safe
def record(request: GuardedRequest, record: UUID) -> HttpResponse:
    """One record's holds and decisions; none of its words."""
    return record_page(request, record)


def record_page(request: GuardedRequest, record: UUID, status: int = 200, **more: Any) -> HttpResponse:
    """The same, with what was refused or filled in wrongly."""
    by, now = request.principal, timezone.now()
    found = released_record(by, record)
    return page(
        request, "retention/record", status, record=found, today=timezone.localdate(),
        holds=policies.holds(by).filter(record=found), decision=policies.decisions(by).filter(record=found).first(),
        access=policies.access_requests(by).filter(record=found).first(),
        is_due=policies.due_records(by, now).filter(pk=found.pk).exists(), form=more.pop("form", HoldForm()), **more,
    )  # fmt: skip


@allow(Permission.DISPOSE_RECORD)
@require_POST
def ask(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Ask for the disposal of a due record."""
    by = request.principal
    try:
        actions.ask_disposal(by=by, record=released_record(by, record))
    except NotPossible as refusal:
        return record_page(request, record, 409, refusal=str(refusal))
    return redirect("triage:retention:overview")


@allow(Permission.DISPOSE_RECORD)
@require_POST
def approve(request: GuardedRequest, disposal: UUID) -> HttpResponse:
    """Approve what a colleague asked for."""
    by = request.principal
    try:
        actions.approve_disposal(by=by, disposal=policies.decision(by, disposal))
    except NotPossible as refusal:
        return _overview(request, 409, str(refusal))
    return redirect("triage:retention:overview")


@allow(Permission.DISPOSE_RECORD)
@require_POST
def cancel(request: GuardedRequest, disposal: UUID) -> HttpResponse:
    """Cancel one, approved or not."""
    by = request.principal
    actions.cancel_disposal(by=by, disposal=policies.decision(by, disposal))
    return redirect("triage:retention:overview")


@allow(Permission.DISPOSE_RECORD)
@require_POST
def dispose_now(request: GuardedRequest, disposal: UUID) -> HttpResponse:
    """Have the worker do what it would do within the hour: the web server has no right to."""
    policies.decision(request.principal, disposal)
    tasks.dispose_when_asked.defer()
    return _overview(request, refusal=_("The worker was told. What is ready is gone within a minute."))


@allow(Permission.HOLD_RECORD)
@require_POST
def hold(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Put a record under legal hold."""
    by = request.principal
    found = released_record(by, record)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return record_page(request, record, 422, form=form)
    data = form.cleaned_data
    actions.place_hold(by=by, record=found, reason=HoldReason(data["reason"]), review_on=data["review_on"])
    return redirect("triage:retention:record", record=record)


@allow(Permission.HOLD_RECORD)
@require_POST
def lift(request: GuardedRequest, hold: UUID) -> HttpResponse:
    """Lift a hold."""
    by = request.principal
    found = policies.hold(by, hold)
    actions.lift_hold(by=by, hold=found)
    return redirect("triage:retention:record", record=found.record_id)


@allow(Permission.SET_RETENTION)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_page(request: GuardedRequest) -> HttpResponse:
    """The force's schedule, and changing a line of it: longer at once, shorter when somebody else agrees."""
    return _schedule(request, request.POST or None)


def _schedule(request: GuardedRequest, said: Mapping[str, Any] | None = None, refusal: str = "") -> HttpResponse:
    turn = take_turn(request.principal, said, refusal=refusal)
    if turn.done:
        return redirect("triage:retention:schedule")
    return page(request, "retention/schedule", turn.status, **turn.context)


@allow(Permission.SET_RETENTION)
@require_POST
def agree(request: GuardedRequest, proposal: UUID) -> HttpResponse:
    """Agree to a shorter time that somebody else asked for."""
    return _decided(request, lines.agree, proposal)


@allow(Permission.SET_RETENTION)
@require_POST
def decline(request: GuardedRequest, proposal: UUID) -> HttpResponse:
    """Decline it, or take one's own back."""
    return _decided(request, lines.decline, proposal)


def _decided(request: GuardedRequest, decide: Callable[..., object], proposal: UUID) -> HttpResponse:
    by = request.principal
    try:
        decide(by=by, proposal=policies.proposal(by, proposal))
    except NotPossible as refusal:
        return _schedule(request, refusal=str(refusal))
    return redirect("triage:retention:schedule")


@allow(Permission.FIND_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: GuardedRequest) -> HttpResponse:
    """Look for records by reference or phone number. What was typed is in no address and no log."""
    by, form, found, status = request.principal, FindForm(request.POST or None), None, 200
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data["wanted"].strip()
        records = released_records(by).select_related("pharmacy")
        try:
            if any(letter.isalpha() for letter in wanted):
                found = list(records.filter(reference=_as_reference(wanted)))
                current_log().note(Event.SEARCHED, by=by.actor, force=by.force_id, what="reference", found=len(found))
                note_found(by=by, records=[one.pk for one in found])
            else:
                found = list(records.filter(pk__in=records_with_phone(by=by, number=wanted)))
        except NotPossible as refusal:
            form.add_error("wanted", str(refusal))
    if form.errors:
        status = 422
    manages = by.may(Permission.SEE_RETENTION)
    return page(request, "retention/find", status, form=form, found=found, manages=manages)


def _as_reference(text: str) -> str:
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return f"{letters[:3]}-{letters[3:]}"
