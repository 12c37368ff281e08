"""Closing a record, and opening it again."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal

from ..enums import Event, NoReference, Outcome, ReopenReason, StepKind
from ..models import Assessment, CodewordRequest, Disposal, Offer, PoliceStep
from .linking import links_of
from .shared import NotPossible, held, locked, move, note


def close(
    *,
    by: Principal,
    record: CodewordRequest,
    outcome: Outcome,
    risk_looked_at: bool,
    no_reference: NoReference | None = None,
) -> CodewordRequest:
    """Close one's own claim: an outcome, an incident number or the reason for none, and a fresh look at the risk."""
    record = held(by, record)
    if not risk_looked_at:
        raise NotPossible(_("Look at the risk again before you close it."))
    _check_made_sure(record, outcome, no_reference)
    has_number = PoliceStep.objects.filter(record=record, kind=StepKind.INCIDENT).exists()
    if not has_number and no_reference is None:
        raise NotPossible(_("Add the incident number first, or say why there is none."))
    if no_reference == NoReference.DUPLICATE:
        check_looked_at_since_linked(record)
    if Offer.objects.filter(record=record, state="open").exists():
        raise NotPossible(_("It is offered to another force. Withdraw the offer first."))
    PoliceStep.objects.create(
        record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), kind=StepKind.CLOSED, code=outcome
    )
    record.closed_at, record.closed_by_id, record.outcome = timezone.now(), UUID(by.actor.id), outcome
    move(
        "close", record, by, ["closed_at", "closed_by", "outcome"], outcome=str(outcome),
        no_reference=str(no_reference or ""), risk_looked_at=True,
    )  # fmt: skip
    return record


def check_looked_at_since_linked(record: CodewordRequest) -> None:
    """NotPossible unless the risk was judged anew with both records in view: a duplicate that nobody looked at has cost
    before (IOPC to Cheshire, December 2022: a second log closed without reviewing its assessment and grade)."""
    links = list(links_of(record))
    if not links:
        raise NotPossible(_("It is not linked to another record. Link it first."))
    both = {pair for link in links for pair in (link.record_id, link.other_id)}
    if not Assessment.objects.filter(record__in=both, at__gte=min(link.at for link in links)).exists():
        raise NotPossible(_("Grade it, or the one it is linked to, again first: now that both are known."))


def must_make_sure(record: CodewordRequest) -> bool:
    """Whether staff reported the alarm as a mistake and police have not made sure of it since."""
    reported = record.reported_mistake_at
    return reported is not None and (record.made_sure_at is None or record.made_sure_at < reported)


def _check_made_sure(record: CodewordRequest, outcome: Outcome, no_reference: NoReference | None) -> None:
    """A mistake, whoever says that it was one, ends nothing until an officer reached the pharmacy or attended."""
    said_so = outcome == Outcome.MISTAKE or no_reference == NoReference.MISTAKE
    if must_make_sure(record) or (said_so and record.made_sure_at is None):
        raise NotPossible(
            _(
                "First say how you made sure that it was a mistake: on the pharmacy’s registered line with a neutral"
                " opening, or in person. Whoever reported it can have been made to."
            )
        )


def reopen(*, by: Principal, record: CodewordRequest, reason: ReopenReason) -> CodewordRequest:
    """Open a closed record again; who does it holds it. How it was closed before stays in its history.

    A disposal that was asked for is cancelled: it was decided about what was known then.
    """
    record = locked(record)
    now, me = timezone.now(), UUID(by.actor.id)
    record.closed_at = record.closed_by = None
    record.outcome = ""
    record.claimed_at, record.claimed_by_id, record.acted_at = now, me, None
    fields = ["closed_at", "closed_by", "outcome", "claimed_at", "claimed_by", "acted_at"]
    move("reopen", record, by, fields, reason=str(reason))
    PoliceStep.objects.create(
        record=record, force_id=record.force_id, officer_id=me, kind=StepKind.REOPENED, code=reason
    )
    asked = Disposal.objects.filter(record=record, cancelled_at__isnull=True)
    if asked.update(cancelled_at=now, cancelled_by_id=me):
        note(Event.DISPOSAL_CANCELLED, record, by)
    return record
