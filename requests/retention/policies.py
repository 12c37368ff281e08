"""Which records, holds and decisions somebody may reach, always within their own force."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal

from ..enums import OfferState, State
from ..models import AccessRequest, CodewordRequest, Disposal, Hold, Offer, RetentionProposal
from ..policies import released_records
from .schedule import ended_so, is_due, months_before

_HELD = Exists(Hold.objects.filter(record=OuterRef("pk"), lifted_at__isnull=True))
_OFFERED = Exists(Offer.objects.filter(record=OuterRef("pk"), state=OfferState.OPEN))
_ASKED = Exists(Disposal.objects.filter(record=OuterRef("pk"), cancelled_at__isnull=True))


def disposable(by: Principal) -> "QuerySet[CodewordRequest]":
    """Closed and not held: nothing unseen, open, offered or held is ever disposed of."""
    return released_records(by).filter(~_HELD, ~_OFFERED, state=State.CLOSED)


def due_records(by: Principal, now: datetime) -> "QuerySet[CodewordRequest]":
    """What is past its time at `now` and nobody has asked to dispose of yet, oldest first."""
    records = disposable(by).filter(~_ASKED).filter(is_due(by.force_id, now))
    return records.select_related("pharmacy").order_by("closed_at")


def due_sooner(by: Principal, now: datetime, outcome: str, before: int, after: int) -> "QuerySet[CodewordRequest]":
    """What would be past its time at once, and is not today, if the outcome were kept `after` months and not `before`."""
    return disposable(by).filter(
        ended_so(outcome), closed_at__lte=months_before(now, after), closed_at__gt=months_before(now, before)
    )


def proposals(by: Principal) -> "QuerySet[RetentionProposal]":
    """Shorter times that were asked for and nobody decided, oldest first."""
    return RetentionProposal.objects.filter(force_id=by.force_id, decided_at__isnull=True).order_by("asked_at")


def proposal(by: Principal, proposal_id: UUID, *, own: bool = False) -> RetentionProposal:
    """One of them (`own`: that this person asked for), or *not found*."""
    found = proposals(by).filter(pk=proposal_id)
    if own:
        found = found.filter(asked_by_id=by.scope.person)
    if (one := found.first()) is None:
        raise Http404
    return one


def decisions(by: Principal) -> "QuerySet[Disposal]":
    """Disposals asked for and not cancelled, oldest first."""
    found = Disposal.objects.filter(force_id=by.force_id, cancelled_at__isnull=True)
    return found.select_related("record", "requested_by", "approved_by").order_by("requested_at")


def decision(by: Principal, disposal_id: UUID) -> Disposal:
    """One of them, or *not found*."""
    if (found := decisions(by).filter(pk=disposal_id).first()) is None:
        raise Http404
    return found


def holds(by: Principal) -> "QuerySet[Hold]":
    """Holds in force, those to be reviewed soonest first."""
    found = Hold.objects.filter(force_id=by.force_id, lifted_at__isnull=True)
    return found.select_related("record", "placed_by").order_by("review_on")


def hold(by: Principal, hold_id: UUID) -> Hold:
    """One of them, or *not found*."""
    if (found := holds(by).filter(pk=hold_id).first()) is None:
        raise Http404
    return found


def access_requests(by: Principal) -> "QuerySet[AccessRequest]":
    """Requests of people for what is held about them that are not answered yet."""
    found = AccessRequest.objects.filter(force_id=by.force_id, closed_at__isnull=True)
    return found.select_related("record", "opened_by", "cleared_by").order_by("opened_at")


def access_request(by: Principal, access_id: UUID) -> AccessRequest:
    """One of them, or *not found*."""
    if (found := access_requests(by).filter(pk=access_id).first()) is None:
        raise Http404
    return found
