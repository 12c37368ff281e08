"""The alarm: armed by a page, kept alive by its beats."""

from datetime import timedelta

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from ... import actions
from ..forms import BeatForm

PAUSES = {"15": timedelta(minutes=15), "60": timedelta(hours=1), "480": timedelta(hours=8)}


@allow(Permission.SEE_QUEUE)
@require_POST
def arm(request: GuardedRequest) -> HttpResponse:
    """This page's alarm sounded and was heard."""
    form = BeatForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.arm(by=request.principal, page=form.cleaned_data["page"])
    return HttpResponse(status=204)


@allow(Permission.SEE_QUEUE, when_locked=True)
@require_POST
def beat(request: GuardedRequest) -> HttpResponse:
    """The armed page lives, end to end. 409: it is not armed any more."""
    form = BeatForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    data = form.cleaned_data
    known = actions.beat(by=request.principal, page=data["page"], touched=data["touched"])
    return HttpResponse(status=204 if known else 409)


@allow(Permission.SEE_QUEUE)
@require_POST
def disarm(request: GuardedRequest) -> HttpResponse:
    """The alarm is switched off on purpose."""
    form = BeatForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.disarm(by=request.principal, page=form.cleaned_data["page"])
    return HttpResponse(status=204)


@allow(Permission.SUPERVISE)
@require_POST
def pause(request: GuardedRequest) -> HttpResponse:
    """Say that nobody watches for a while, or that the pause is over."""
    length = PAUSES.get(request.POST.get("minutes", ""))
    actions.pause(by=request.principal, until=timezone.now() + length if length else None)
    return redirect("triage:queue")
