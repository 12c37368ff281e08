"""One record: opened on purpose, looked at for a reason, printed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from ... import actions
from ...enums import Attention, Event, LookReason, State, StepKind
from ...models import CodewordRequest
from ...policies import (
    assessments_of,
    canned_lines,
    force_of,
    grades_of,
    holds,
    looked_at,
    may_claim,
    may_read,
    messages_of,
    offers_back,
    officers_of,
    open_offer,
    other_forces,
    presences,
    released_record,
    steps_of,
)
from .. import forms, rows
from ..contact import contact_of
from ..entries import entries
from ..history import history
from ..looking import looks
from .pages import page

# A reason once given holds for so long; then it is asked again.
REASON_HOLDS = timedelta(minutes=30)


def readable(request: GuardedRequest, found: CodewordRequest) -> bool:
    """Whether this officer may read it now: it was opened, and a reason is known."""
    settings = force_of(request.principal).settings
    since = timezone.now() - REASON_HOLDS
    return found.read_at is not None and may_read(request.principal, found, settings, since)


@allow(Permission.WORK_RECORD)
@require_POST
def open_record(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Open it, on purpose: the tablet then says that an officer read it. So only for who may then work on it."""
    actions.read(by=request.principal, record=released_record(request.principal, record))
    return redirect("triage:record", record=record)


@allow(Permission.OPEN_RECORD, logs=Event.VIEWED, of=released_record)
@require_safe
def record(request: GuardedRequest, record: UUID) -> HttpResponse:
    """One record, with what was released of it. Until somebody pressed *Open* it shows only the way to do so."""
    found = released_record(request.principal, record)
    if found.read_at is None:
        return page(request, "unopened", record=found)
    if not readable(request, found):
        return page(request, "why", record=found, form=forms.LookForm(), may_claim=may_claim(request.principal, found))
    return record_page(request, found)


@allow(Permission.OPEN_RECORD)
@require_POST
def look(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Say why one looks at it."""
    found = released_record(request.principal, record)
    form = forms.LookForm(request.POST)
    if not form.is_valid():
        claim = may_claim(request.principal, found)
        return page(request, "why", 422, record=found, form=form, may_claim=claim)
    actions.look(by=request.principal, record=found, reason=LookReason(form.cleaned_data["reason"]))
    return redirect("triage:record", record=record)


@allow(Permission.OPEN_RECORD)
@require_safe
def record_entries(request: GuardedRequest, record: UUID) -> HttpResponse:
    """What changes by itself, re-read as it changes, so that nothing the officer is typing is touched."""
    found = released_record(request.principal, record)
    if found.read_at is None:
        return HttpResponse(status=204)
    if not looked_at(request.principal, found) or not readable(request, found):
        # Nobody reads without a row of the log: the page writes one, this fragment (every few seconds) does not. It takes
        # the words away and leaves what the officer is writing where it is.
        return render(request, "triage/_lost.html", {"record": found})
    return render(request, "triage/_live.html", shown(request, found) | {"swap": True})


@allow(Permission.OPEN_RECORD)
@require_POST
def present(request: GuardedRequest, record: UUID) -> HttpResponse:
    """This officer has it open; colleagues see that."""
    actions.be_present(by=request.principal, record=released_record(request.principal, record))
    return HttpResponse(status=204)


@allow(Permission.OPEN_RECORD)
@require_POST
def ask_print(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Say that one prints it, then show the sheet."""
    found = released_record(request.principal, record)
    if not readable(request, found):
        return redirect("triage:record", record=record)
    actions.look(by=request.principal, record=found, reason=LookReason.PRINTED)
    return redirect("triage:print", record=record)


@allow(Permission.OPEN_RECORD, logs=Event.PRINTED, of=released_record)
@require_safe
def printed(request: GuardedRequest, record: UUID) -> HttpResponse:
    """The record on paper, the safe-contact banner on top of it."""
    found = released_record(request.principal, record)
    if not readable(request, found):
        return redirect("triage:record", record=record)
    return page(request, "print", **shown(request, found), drill=found.is_drill, printed_by=request.principal.name)


def shown(request: GuardedRequest, found: CodewordRequest) -> dict[str, Any]:
    """What is read of a record, on the page, in the fragment and on paper."""
    by, now = request.principal, timezone.now()
    settings = force_of(by).settings
    opened = entries(found)
    steps = list(steps_of(found))
    assessments = list(assessments_of(found))
    by_id = {officer.pk: officer.display_name for officer in officers_of(by)}
    ways = {step.code for step in steps if step.kind == StepKind.CONTACT}
    training = found.recorder.training_expires_on if found.recorder else None
    others = [one.officer.display_name for one in presences(by, now - timedelta(seconds=45)).filter(record=found)]
    return {
        "record": found,
        "attention": Attention(found.attention).label,
        "row": rows.row(found, settings, now),
        "marks": rows.marks(found),
        "entries": opened,
        "contact": contact_of(opened.safe_contact, ways),
        "recorder": found.recorder,
        "training_in_date": found.recorder is not None and rows.in_date(found.recorder),
        "training_until": training,
        "held_by": rows.held_by(found, settings, now),
        "present": [name for name in others if name != by.name],
        "assessments": [
            {"at": one.at, "name": one.grade_name, "who": by_id.get(one.officer_id, ""),
             "why": opened.rationales.get(one.rationale_id, ""),
             "due": found.released_at + one.target if one.target and found.released_at else None}
            for one in assessments
        ],
        "history": history(found, steps, list(messages_of(found)), list(offers_back(found))),
        "help_asked": actions.help_asked(found),
        "asked_by": actions.asked_by(found),
        "holds": holds(by, found),
        "now": now,
    }  # fmt: skip


def record_page(request: GuardedRequest, found: CodewordRequest, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page; a form that was filled in wrongly comes in `more` and keeps what was typed."""
    by = request.principal
    if request.method == "POST":
        # A GET has its row of the log before it is read; what is read as the answer to a POST gets one here.
        actions.note_view(by=by, record=found)
    settings, forces = force_of(by).settings, other_forces(by)
    read = shown(request, found)
    unheld = {
        "note_form": forms.NoteForm(initial={"key": uuid4()}),
        "assess_form": forms.AssessForm(grades=grades_of(by)),
        "incident_form": forms.IncidentForm(settings=settings),
        "crime_form": forms.CrimeForm(),
        "close_form": forms.CloseForm(),
        "made_sure_form": forms.MadeSureForm(),
        "reopen_form": forms.ReopenForm(),
        "reassign_form": forms.ReassignForm(officers=officers_of(by)),
        "offer_form": forms.OfferForm(forces=forces),
        "help_form": forms.HelpForm(initial={"key": uuid4()}, forces=forces, entries=read["entries"].sendable),
    }
    return page(
        request, "record", status,
        **{
            **read,
            **unheld,
            "drill": found.is_drill,
            "looks": looks(by, found),
            "steps": forms.STEPS,
            "sure_wanted": actions.must_make_sure(found),
            "may_claim": may_claim(by, found),
            "may_take_over": found.state == State.CLAIMED and not holds(by, found),
            "may_reassign": by.may(Permission.SUPERVISE) and found.state in (State.READ, State.CLAIMED),
            "lines": list(canned_lines(by)) if found.finished_at is None else [],
            "links": [
                {"id": link.pk, "other": link.other if link.record_id == found.pk else link.record}
                for link in actions.links_of(found).select_related("record__pharmacy", "other__pharmacy")
            ],
            "suggestions": actions.suggestions(found),
            "offer": open_offer(found),
            **more,
        },
    )  # fmt: skip


def refused(request: GuardedRequest, record: UUID, why: str) -> HttpResponse:
    """The record as it is now, with why what was asked did not happen."""
    found = released_record(request.principal, record)
    if found.read_at is None:
        return page(request, "unopened", 409, record=found, refusal=why)
    if not readable(request, found):
        form, claim = forms.LookForm(), may_claim(request.principal, found)
        return page(request, "why", 409, record=found, form=form, may_claim=claim, refusal=why)
    return record_page(request, found, 409, refusal=why)
