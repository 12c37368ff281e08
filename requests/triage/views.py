"""The desk: the queue, and one record."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from .. import actions
from ..attention import queue as in_order
from ..enums import Event, Outcome, State
from ..models import CodewordRequest
from ..policies import force_of, holds, lines_of, looked_at, may_claim, released_record, released_records
from . import rows
from .forms import CloseForm


def page(request: GuardedRequest, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """A page of the desk, with what all of them need."""
    force = force_of(request.principal)
    context = {
        "force_name": force.short_name,
        "signed_in_name": request.principal.name,
        "sign_out_url": reverse("account_logout"),
        "now": timezone.now(),
        "may_find": request.principal.may(Permission.FIND_RECORD),
        "may_see_retention": request.principal.may(Permission.SEE_RETENTION),
        "may_see_queue": request.principal.may(Permission.SEE_QUEUE),
        **more,
    }
    return render(request, f"triage/{name}.html", context, status=status)


@allow(Permission.SEE_QUEUE)
@require_safe
def queue(request: GuardedRequest) -> HttpResponse:
    """The live queue of the officer's own force."""
    return page(request, "queue", **_queue(request))


@allow(Permission.SEE_QUEUE, when_locked=True)
@require_safe
def queue_rows(request: GuardedRequest) -> HttpResponse:
    """The queue's rows alone: what an open page asks for when something changed, and every few seconds besides."""
    if request.locked:
        return render(request, "triage/_rows_locked.html", _queue(request))
    return render(request, "triage/_rows.html", _queue(request))


def _queue(request: GuardedRequest) -> dict[str, Any]:
    by, now = request.principal, timezone.now()
    settings = force_of(by).settings
    records = list(in_order(released_records(by)).select_related("pharmacy", "claimed_by"))
    lines = list(lines_of(by))
    return {
        "bands": rows.bands(records, settings, now),
        "waiting": sum(record.state == State.WAITING for record in records),
        "total": len(records),
        "lines": [{"id": line.pk, "text": rows.line_text(line)} for line in lines],
        "now": now,
    }


@allow(Permission.OPEN_RECORD)
@require_POST
def open_record(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Open it, on purpose: the tablet then says that an officer read it."""
    actions.read(by=request.principal, record=released_record(request.principal, record))
    return redirect("triage:record", record=record)


@allow(Permission.OPEN_RECORD, logs=Event.VIEWED, of=released_record)
@require_safe
def record(request: GuardedRequest, record: UUID) -> HttpResponse:
    """One record, with what was released of it. Until somebody pressed *Open* it shows only the way to do so."""
    found = released_record(request.principal, record)
    if found.read_at is None:
        return page(request, "unopened", record=found)
    return _record_page(request, found)


@allow(Permission.OPEN_RECORD)
@require_safe
def record_entries(request: GuardedRequest, record: UUID) -> HttpResponse:
    """The entries alone, re-read as they arrive, so that nothing the officer is typing is touched."""
    found = released_record(request.principal, record)
    if found.read_at is None:
        return HttpResponse(status=204)
    if not looked_at(request.principal, found):
        # Nobody reads without a row of the log: the page writes one, this fragment (every few seconds) does not.
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("triage:record", args=[record])})
    return render(request, "triage/_entries.html", {"record": found, "entries": rows.entries(found)})


def _record_page(request: GuardedRequest, found: CodewordRequest, status: int = 200, **more: Any) -> HttpResponse:
    by = request.principal
    now = timezone.now()
    settings = force_of(by).settings
    entries = rows.entries(found)
    return page(
        request,
        "record",
        status,
        record=found,
        drill=found.is_drill,
        row=rows.row(found, settings, now),
        marks=rows.marks(found),
        entries=entries,
        recorder=found.recorder,
        training_in_date=bool(
            found.recorder and found.recorder.training_expires_on and found.recorder.training_expires_on >= now.date()
        ),
        holds=holds(by, found),
        may_claim=may_claim(by, found),
        held_by=rows.held_by(found),
        form=more.pop("form", CloseForm()),
        **more,
    )


@allow(Permission.WORK_RECORD)
@require_POST
def claim(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Take it on; who comes second is told who won."""
    found = released_record(request.principal, record)
    try:
        outcome = actions.claim(by=request.principal, record=found)
    except actions.NotPossible as refusal:
        return _refused(request, record, str(refusal))
    if not outcome.won:
        return _record_page(request, released_record(request.principal, record), 409, lost_to=outcome.holder)
    return redirect("triage:record", record=record)


@allow(Permission.WORK_RECORD)
@require_POST
def unclaim(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Give one's claim up."""
    try:
        actions.unclaim(by=request.principal, record=released_record(request.principal, record))
    except actions.NotPossible as refusal:
        return _refused(request, record, str(refusal))
    return redirect("triage:record", record=record)


@allow(Permission.WORK_RECORD)
@require_POST
def close(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Close it with an outcome."""
    found = released_record(request.principal, record)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _record_page(request, found, 422, form=form)
    try:
        actions.close(by=request.principal, record=found, outcome=Outcome(form.cleaned_data["outcome"]))
    except actions.NotPossible as refusal:
        return _refused(request, record, str(refusal))
    return redirect("triage:queue")


def _refused(request: GuardedRequest, record: UUID, why: str) -> HttpResponse:
    found = released_record(request.principal, record)
    if found.read_at is None:
        return page(request, "unopened", 409, record=found, refusal=why)
    return _record_page(request, found, 409, refusal=why)


@allow(Permission.WORK_RECORD)
@require_POST
def acknowledge(request: GuardedRequest) -> HttpResponse:
    """Mark all information lines that the page showed as seen."""
    wanted = []
    for value in request.POST.getlist("line"):
        try:
            wanted.append(UUID(value))
        except ValueError:
            continue
    actions.acknowledge_lines(by=request.principal, lines=wanted)
    return redirect("triage:queue")
