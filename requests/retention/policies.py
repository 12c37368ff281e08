"""Which records, holds and decisions somebody may reach, always within their own force."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal

from ..enums import OfferState, State
from ..models import AccessRequest, CodewordRequest, Disposal, Hold, Offer
from ..policies import released_records
from .schedule import is_due

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
