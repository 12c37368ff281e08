"""Passing records on: to another force, to the next shift."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.scope import current_log

from ... import actions
from ...enums import DeclineReason, Event, OfferReason
from ...models import CodewordRequest
from ...policies import (
    force_of,
    offer_of,
    offers_got,
    offers_made,
    other_forces,
    released_record,
    sheet_of,
    sheets_of,
    sheets_signed,
    stubs,
)
from .. import forms, rows
from ..entries import entries
from ..handing import MOST, notes_opened, open_records
from .pages import page
from .work import work


@allow(Permission.WORK_RECORD)
@require_POST
def offer(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Offer a record to another force."""
    form = forms.OfferForm(request.POST, forces=other_forces(request.principal))

    def do(found: CodewordRequest) -> None:
        data = form.cleaned_data
        actions.offer(by=request.principal, record=found, to_force=data["to_force"], reason=OfferReason(data["reason"]))

    return work(request, record, do, form, "offer_form")


@allow(Permission.WORK_RECORD)
@require_POST
def ask_help(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Ask another force for help, with only what was ticked."""
    by = request.principal
    sendable = entries(released_record(by, record)).sendable
    form = forms.HelpForm(request.POST, forces=other_forces(by), entries=sendable)

    def do(found: CodewordRequest) -> None:
        data = form.cleaned_data
        actions.ask_help(
            by=by, record=found, to_force=data["to_force"], reason=OfferReason(data["reason"]), chosen=data["entries"],
            key=data["key"],
        )  # fmt: skip

    return work(request, record, do, form, "help_form")


@allow(Permission.WORK_RECORD)
@require_POST
def accept(request: GuardedRequest, offer: UUID) -> HttpResponse:
    """Take an offered record on."""
    found = offer_of(request.principal, offer)
    actions.accept(by=request.principal, offer=found)
    return redirect("triage:record", record=found.record_id)


@allow(Permission.WORK_RECORD)
@require_POST
def decline(request: GuardedRequest, offer: UUID) -> HttpResponse:
    """Send an offer back."""
    form = forms.DeclineForm(request.POST)
    if not form.is_valid():
        raise Http404
    reason = DeclineReason(form.cleaned_data["reason"])
    actions.decline(by=request.principal, offer=offer_of(request.principal, offer), reason=reason)
    return redirect("triage:queue")


@allow(Permission.WORK_RECORD)
@require_POST
def withdraw(request: GuardedRequest, offer: UUID) -> HttpResponse:
    """Take an offer back."""
    actions.withdraw(by=request.principal, offer=offer_of(request.principal, offer))
    return redirect("triage:queue")


@allow(Permission.SEE_QUEUE, logs=Event.SHEET_SEEN, each=notes_opened)
@require_safe
def hand_over(request: GuardedRequest) -> HttpResponse:
    """The sheet: what is open, who holds it, what is overdue or offered, what was done last and noted for the next shift."""
    return _sheet(request)


def _sheet(
    request: GuardedRequest,
    status: int = 200,
    refusal: str = "",
    typed: tuple[CodewordRequest, forms.HandOverNoteForm] | None = None,
) -> HttpResponse:
    """The sheet; a note that was refused comes in `typed`, so that it is not lost."""
    by, now = request.principal, timezone.now()
    if request.method == "POST":
        current_log().note(Event.SHEET_SEEN, by=by.actor, force=by.force_id)
        for event, kind, key in notes_opened(by):
            current_log().note(event, by=by.actor, force=by.force_id, on=(kind, key))
    settings = force_of(by).settings
    found = open_records(by)
    mine = {
        one: forms.HandOverNoteForm(initial={"key": uuid4()}, auto_id=f"id_{one.pk}_%s") for one in actions.own_open(by)
    }
    if typed is not None:
        mine[typed[0]] = typed[1]
    return page(
        request, "hand_over", status,
        items=[{"item": one, "row": rows.row(one.record, settings, now)} for one in found],
        mine=list(mine.items()), without={one.pk for one in actions.without_note(list(mine))},
        sheets=list(sheets_of(by)), signed=list(sheets_signed(by, now - timedelta(days=1))[:10]), me=by.actor.id,
        refusal=refusal, leaving=request.GET.get("leaving") == "yes" and bool(mine), most=MOST,
        offers=list(offers_made(by)), incoming=list(offers_got(by)), stubs=list(stubs(by)[:20]),
    )  # fmt: skip


@allow(Permission.WORK_RECORD)
@require_POST
def hand_over_note(request: GuardedRequest, record: UUID) -> HttpResponse:
    """What the next shift must know of one record."""
    by = request.principal
    found = released_record(by, record)  # found first: a form says nothing about what is not there
    form = forms.HandOverNoteForm(request.POST, auto_id=f"id_{found.pk}_%s")
    if not form.is_valid():
        return _sheet(request, 422, typed=(found, form))
    try:
        actions.add_hand_over_note(by=by, record=found, text=form.cleaned_data["text"], key=form.cleaned_data["key"])
    except actions.NotPossible as refusal:
        return _sheet(request, 409, str(refusal), typed=(found, form))
    return redirect("triage:hand_over")


@allow(Permission.WORK_RECORD, when_locked=True)
@require_POST
def sign_out(request: GuardedRequest) -> HttpResponse:
    """Out, past the hand-over for who holds records. Nobody is kept in: *all the same* lets them go, and alarms."""
    if request.POST.get("all_the_same") == "yes":
        actions.let_go(by=request.principal)
    elif actions.own_open(request.principal):
        return redirect(f"{reverse('triage:hand_over')}?leaving=yes")
    # The same post again, where signing out is: its token comes with it.
    return HttpResponseRedirect(reverse("account_logout"), preserve_request=True)


@allow(Permission.WORK_RECORD)
@require_POST
def make_hand_over(request: GuardedRequest) -> HttpResponse:
    """Prepare one's own sheet."""
    try:
        actions.make_hand_over(by=request.principal)
    except actions.NotPossible as refusal:
        return _sheet(request, 409, str(refusal))
    return redirect("triage:hand_over")


@allow(Permission.WORK_RECORD)
@require_POST
def sign_hand_over(request: GuardedRequest, sheet: UUID) -> HttpResponse:
    """Sign a colleague's sheet: what they held is one's own from now on."""
    try:
        actions.sign_hand_over(by=request.principal, sheet=sheet_of(request.principal, sheet))
    except actions.NotPossible as refusal:
        return _sheet(request, 409, str(refusal))
    return redirect("triage:hand_over")
