"""The queue: live, filtered, searched, exported."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from ... import actions
from ...attention import alarming
from ...attention import queue as in_order
from ...policies import alarms_of, force_of, lines_of, offers_got, offers_made, presences
from .. import rows, searched
from ..finding import MOST, MOST_COUNTED, Filter, filter_of, newest_first, records, understood
from ..forms import DeclineForm, id_of
from ..sheet import csv_of
from .pages import page, told


@allow(Permission.SEE_QUEUE)
@require_safe
def queue(request: GuardedRequest) -> HttpResponse:
    """The live queue of the officer's own force."""
    return page(request, "queue", **_queue(request))


@allow(Permission.SEE_QUEUE, when_locked=True)
@require_safe
def queue_rows(request: GuardedRequest) -> HttpResponse:
    """The queue's rows alone: what an open page asks for when something changed, and every few seconds besides.

    A page that shows no queue asks for the count only, so that its alarm hears what waits.
    """
    shown = _queue(request)
    if request.locked:
        return render(request, "triage/_rows_locked.html", shown)
    # What stands above the rows goes with them: somebody took a record over, nobody watches any more.
    shown |= told(request) | {"swap": True}
    name = "_rows_locked" if request.GET.get("only") == "count" else "_rows"
    return render(request, f"triage/{name}.html", shown)


def _queue(request: GuardedRequest) -> dict[str, Any]:
    by, now, wanted = request.principal, timezone.now(), filter_of(request.GET)
    settings = force_of(by).settings
    found, logged = records(by, wanted), searched.is_logged(request, wanted)
    if not logged:
        found = found.none()
    ordered = newest_first(found, wanted) if wanted.closed else in_order(found)
    # Everything that is open is counted; of what was, the newest, or a search would wait for years of them.
    counts = (
        Counter(ordered.values_list("attention", flat=True)[: MOST_COUNTED + 1])
        if wanted.closed
        else dict(found.values_list("attention").annotate(n=Count("pk")).order_by())
    )
    shown = list(ordered.select_related("pharmacy", "recorder", "claimed_by", "helps")[:MOST])
    # The alarm hears the whole queue, whatever is filtered.
    everything = in_order(records(by, Filter())).filter(alarming(settings, now))
    heard = everything.order_by().aggregate(n=Count("pk"), newest=Max("released_at"))
    loud = everything.values_list("pk", flat=True)[:MOST]
    present: dict[UUID, list[str]] = defaultdict(list)
    for presence in presences(by, now - timedelta(seconds=45)):
        present[presence.record_id].append(presence.officer.display_name)
    lines = list(lines_of(by))
    incoming = list(offers_got(by))
    return {
        "bands": rows.bands(shown, settings, now, counts, present),
        "waiting": heard["n"] + len(incoming),
        "newest": heard["newest"],
        "loud": " ".join([str(one) for one in loud] + [str(offer.pk) for offer in incoming]),
        "total": sum(counts.values()),
        "more_than": f"{MOST_COUNTED:,}" if sum(counts.values()) > MOST_COUNTED else "",
        "lines": [{"id": line.pk, "text": rows.line_text(line)} for line in lines],
        "incoming": rows.with_clocks(incoming, now),
        "outgoing": rows.with_clocks(offers_made(by), now),
        "decline_form": DeclineForm(),
        "alarms": alarms_of(by),
        "filter": wanted,
        "unlogged": not logged,
        "may_work": by.may(Permission.WORK_RECORD),
        "export_query": wanted.query(),
        "now": now,
    }


@allow(Permission.SEE_QUEUE)
@require_POST
def find(request: GuardedRequest) -> HttpResponse:
    """Understand what was typed, log it and go to its address. What has the form of nothing never gets into one.

    Without `what`: somebody came to such an address, and pressed the button that logs the search.
    """
    typed = request.POST.get("what", "")
    wanted = understood(typed) if typed.strip() else filter_of(request.POST)
    if wanted is None:
        error = _(
            "Type a reference (K7M-2QX), an incident number, a pharmacy or a day (21/11/2026). Not a name. Nor a phone number."
        )
        return page(request, "queue", 422, **_queue(request), find_error=error, typed=typed)
    searched.log(request, wanted)
    response = redirect("triage:queue")
    if wanted.active:
        response["Location"] += f"?{wanted.query()}"
    return response


@allow(Permission.SEE_QUEUE)
@require_POST
def export(request: GuardedRequest) -> HttpResponse:
    """The records of the filter as CSV, as they are at this second. A POST, because it leaves a row of the log."""
    by, now, wanted = request.principal, timezone.now(), filter_of(request.GET)
    if not searched.is_logged(request, wanted):
        return page(request, "queue", 409, **_queue(request))
    found = list(
        records(by, wanted)
        .select_related("pharmacy", "recorder", "claimed_by", "helps")
        .order_by("released_at", "id")[: actions.MOST_EXPORTED + 1]
    )
    try:
        actions.export(by=by, records=found)
    except actions.NotPossible as refusal:
        return page(request, "queue", 409, **_queue(request), find_error=str(refusal))
    response = HttpResponse(csv_of(found, force_of(by).settings, now), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="queue.csv"'
    return response


@allow(Permission.WORK_RECORD)
@require_POST
def acknowledge(request: GuardedRequest) -> HttpResponse:
    """Mark all information lines that the page showed as seen."""
    actions.acknowledge_lines(by=request.principal, lines=_ids(request, "line"))
    return redirect("triage:queue")


@allow(Permission.WORK_RECORD)
@require_POST
def acknowledge_alarms(request: GuardedRequest) -> HttpResponse:
    """Somebody has seen the alarms of the clocks that the page showed."""
    actions.acknowledge_attempts(by=request.principal, attempts=_ids(request, "attempt"))
    return redirect("triage:queue")


@allow(Permission.SEE_QUEUE)
@require_POST
def notice_seen(request: GuardedRequest, notice: UUID) -> HttpResponse:
    """The officer has read what they were told."""
    if not actions.notice_seen(by=request.principal, notice=notice):
        raise Http404
    return redirect("triage:queue")


def _ids(request: GuardedRequest, name: str) -> list[UUID]:
    return [found for value in request.POST.getlist(name) if (found := id_of(value))]
