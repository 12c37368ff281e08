"""Two taps to the alarm."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.origin import same_origin_post
from ani_portal.access.permissions import Permission

from ... import actions
from ...enums import Danger
from ...policies import open_receipt
from .. import screens
from ..screens import parse_id
from .cover import keep_unsaved
from .questions import start_of

# What is asked next: whether 999 was rung.
AFTER = "rung"


@allow(Permission.USE_TABLET)
@require_safe
def urgent(request: GuardedRequest) -> HttpResponse:
    """The first of two taps: the 999 words, and, elsewhere on the screen, the button that tells police now."""
    return screens.screen(request, request.principal, "urgent")


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def alarm(request: GuardedRequest) -> HttpResponse:
    """The second of two taps: in the police queue, whoever is at the tablet. The same button again is one record.

    The answer says so and no more, and the page asks for its next screen by itself: nothing that could be slow or fail
    stands between the tap and the queue (docs/decisions/0023-the-alarm-answers-first.md).
    """
    by = request.principal
    posted = record = open_receipt(by, parse_id(request.POST.get("record")), mistaken=True)
    if record is not None and record.is_drill:
        record = None  # this button is always real: a drill is left as it is, and a real record is made
    if record is not None:
        try:
            record = actions.raise_alert(by=by, record=record)
        except actions.NotPossible:
            record = None  # police have closed it, or it was just put away: a new one, or nobody would read this
    if record is None:
        if (key := parse_id(request.POST.get("key"))) is None:
            return HttpResponseBadRequest()
        try:
            # *Urgent help* is always real, also in the middle of a drill.
            start = start_of(by, drill=False, step=AFTER)
            record = actions.start_record(by=by, key=key, danger=Danger.YES, start=start)
        except actions.NotPossible as refusal:
            return screens.screen(request, by, "urgent", 409, refusal=str(refusal))
    if posted is not None:
        # *Urgent help* in the middle of a question: what stood in its boxes.
        step, draft = request.POST.get("step", ""), request.POST.get("draft", "")
        keep_unsaved(by, posted, step, draft, parse_id(request.POST.get("draft_key")))
    actions.go_to(by=by, record=record, step=AFTER)
    return screens.sent(record, AFTER, screens.token_of(request))
