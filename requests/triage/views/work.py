"""What an officer does with one record: each a POST, each back to the record."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from ... import actions
from ...enums import MadeSure, NoReference, Outcome, ReopenReason, StepKind
from ...models import CodewordRequest
from ...policies import force_of, grades_of, lines_to_send, officers_of, released_record
from .. import forms
from ..contact import CHANNELS
from .record import readable, record_page, refused


def work(
    request: GuardedRequest,
    record: UUID,
    do: Callable[[CodewordRequest], object],
    form: django_forms.Form | None = None,
    name: str = "",
    to: str = "triage:record",
) -> HttpResponse:
    """Check the form, do it, go back; a wrong form or a refusal shows the record with nothing typed lost."""
    found = released_record(request.principal, record)
    if form is not None and not form.is_valid():
        if not readable(request, found):
            return redirect("triage:record", record=record)
        return record_page(request, found, 422, **{name: form})
    try:
        do(found)
    except actions.NotPossible as refusal:
        more: dict[str, Any] = {name: form} if form is not None else {}
        if more and readable(request, again := released_record(request.principal, record)):
            return record_page(request, again, 409, refusal=str(refusal), **more)
        return refused(request, record, str(refusal))
    return redirect(to) if to == "triage:queue" else redirect(to, record=record)


@allow(Permission.WORK_RECORD)
@require_POST
def claim(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Take it on; who comes second is told who won."""
    found = released_record(request.principal, record)
    try:
        outcome = actions.claim(by=request.principal, record=found)
    except actions.NotPossible as refusal:
        return refused(request, record, str(refusal))
    if not outcome.won:
        lost = _("%(holder)s claimed it first and holds it.") % {"holder": outcome.holder}
        return refused(request, record, lost)
    return redirect("triage:record", record=record)


@allow(Permission.WORK_RECORD)
@require_POST
def unclaim(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Give one's claim up."""
    return work(request, record, lambda found: actions.unclaim(by=request.principal, record=found))


@allow(Permission.WORK_RECORD)
@require_POST
def take_over(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Take a colleague's claim over."""
    return work(request, record, lambda found: actions.take_over(by=request.principal, record=found))


@allow(Permission.SUPERVISE)
@require_POST
def reassign(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Give it to an officer."""
    form = forms.ReassignForm(request.POST, officers=officers_of(request.principal))
    return work(
        request, record, lambda found: actions.reassign(by=request.principal, record=found, to=form.chosen), form,
        "reassign_form",
    )  # fmt: skip


@allow(Permission.WORK_RECORD)
@require_POST
def note(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Write a note."""
    form = forms.NoteForm(request.POST)

    def do(found: CodewordRequest) -> None:
        actions.add_note(
            by=request.principal, record=found, text=form.cleaned_data["text"], key=form.cleaned_data["key"]
        )

    return work(request, record, do, form, "note_form")


@allow(Permission.WORK_RECORD)
@require_POST
def assess(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Grade it."""
    form = forms.AssessForm(request.POST, grades=grades_of(request.principal))

    def do(found: CodewordRequest) -> None:
        actions.assess(
            by=request.principal, record=found, grade=form.chosen, rationale=form.rationale,
            systems_checked=form.cleaned_data["systems_checked"],
        )  # fmt: skip

    return work(request, record, do, form, "assess_form")


@allow(Permission.WORK_RECORD)
@require_POST
def incident(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Add an incident number."""
    form = forms.IncidentForm(request.POST, settings=force_of(request.principal).settings)

    def do(found: CodewordRequest) -> None:
        number = actions.Number(StepKind.INCIDENT, form.cleaned_data["number"], form.cleaned_data["day"])
        actions.add_number(by=request.principal, record=found, number=number)

    return work(request, record, do, form, "incident_form")


@allow(Permission.WORK_RECORD)
@require_POST
def crime(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Add a crime reference."""
    form = forms.CrimeForm(request.POST)

    def do(found: CodewordRequest) -> None:
        number = actions.Number(StepKind.CRIME, form.cleaned_data["number"].upper())
        actions.add_number(by=request.principal, record=found, number=number)

    return work(request, record, do, form, "crime_form")


@allow(Permission.WORK_RECORD)
@require_POST
def step(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Officers sent, or a referral."""
    form = forms.StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    kind = StepKind(form.cleaned_data["kind"])
    return work(request, record, lambda found: actions.take_step(by=request.principal, record=found, kind=kind))


@allow(Permission.WORK_RECORD)
@require_POST
def open_channel(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Open a channel that is not known to be safe, for danger to life; logged, and seen by colleagues."""
    channel = request.POST.get("channel", "")
    if channel not in CHANNELS or request.POST.get("danger_to_life") != "yes":
        return refused(request, record, _("Only for danger to life: say so, and choose which way."))
    return work(
        request, record,
        lambda found: actions.take_step(by=request.principal, record=found, kind=StepKind.CONTACT, code=channel),
    )  # fmt: skip


@allow(Permission.WORK_RECORD)
@require_POST
def send_line(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Send a ready-made line to the tablet."""
    line = lines_to_send(request.principal, request.POST.get("line", ""))
    return work(request, record, lambda found: actions.send_line(by=request.principal, record=found, line=line))


@allow(Permission.WORK_RECORD)
@require_POST
def link(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Link it to another record of the force."""
    if (other := forms.id_of(request.POST.get("other"))) is None:
        raise Http404
    second = released_record(request.principal, other)
    return work(request, record, lambda found: actions.link(by=request.principal, record=found, other=second))


@allow(Permission.WORK_RECORD)
@require_POST
def unlink(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Take a link away."""
    if (wanted := forms.id_of(request.POST.get("link"))) is None:
        raise Http404
    return work(request, record, lambda found: actions.unlink(by=request.principal, record=found, link=wanted))


@allow(Permission.WORK_RECORD)
@require_POST
def made_sure(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Say how it was made sure of that the alarm was a mistake."""
    form = forms.MadeSureForm(request.POST)

    def do(found: CodewordRequest) -> None:
        actions.make_sure(by=request.principal, record=found, how=MadeSure(form.cleaned_data["how"]))

    return work(request, record, do, form, "made_sure_form")


@allow(Permission.WORK_RECORD)
@require_POST
def close(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Close it with an outcome."""
    form = forms.CloseForm(request.POST)

    def do(found: CodewordRequest) -> None:
        why = form.cleaned_data["no_reference"]
        actions.close(
            by=request.principal, record=found, outcome=Outcome(form.cleaned_data["outcome"]),
            risk_looked_at=form.cleaned_data["risk_looked_at"], no_reference=NoReference(why) if why else None,
        )  # fmt: skip

    return work(request, record, do, form, "close_form", to="triage:queue")


@allow(Permission.WORK_RECORD)
@require_POST
def reopen(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Open a closed record again."""
    form = forms.ReopenForm(request.POST)

    def do(found: CodewordRequest) -> None:
        actions.reopen(by=request.principal, record=found, reason=ReopenReason(form.cleaned_data["reason"]))

    return work(request, record, do, form, "reopen_form")
