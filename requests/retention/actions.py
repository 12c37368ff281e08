"""Decisions about how long a record is kept. Each leaves its row in the log."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from pharmacies.models import ForceSettings

from ..actions import NotPossible
from ..actions.shared import locked, note
from ..enums import Event, HoldReason, State
from ..models import CodewordRequest, Disposal, Hold
from .policies import disposable, due_records


def place_hold(*, by: Principal, record: CodewordRequest, reason: HoldReason, review_on: date) -> Hold:
    """Put a record under legal hold: it beats every disposal, also one that was approved."""
    record = locked(record)
    made = Hold.objects.create(
        record=record, force_id=record.force_id, reason=reason, review_on=review_on, placed_by_id=UUID(by.actor.id)
    )
    note(Event.HELD, record, by, reason=str(reason), review=review_on.isoformat())
    return made


def lift_hold(*, by: Principal, hold: Hold) -> None:
    """Lift a hold. The record is due again when the schedule says so."""
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by_id = timezone.now(), UUID(by.actor.id)
        hold.save(update_fields=["lifted_at", "lifted_by"])
        note(Event.HOLD_LIFTED, hold.record, by, reason=hold.reason)


def ask_disposal(*, by: Principal, record: CodewordRequest) -> Disposal:
    """Ask for the disposal of a record that is due. Twice is once."""
    record = locked(record)
    if known := Disposal.objects.filter(record=record, cancelled_at__isnull=True).first():
        return known
    check_may_dispose(by, record)
    made = Disposal.objects.create(record=record, force_id=record.force_id, requested_by_id=UUID(by.actor.id))
    note(Event.DISPOSAL_ASKED, record, by)
    return made


def check_may_dispose(by: Principal, record: CodewordRequest) -> None:
    """NotPossible, with the reason, for a record that is open, held or not due."""
    if record.state != State.CLOSED:
        raise NotPossible(_("It is not closed. Only a closed record is ever disposed of."))
    if not disposable(by).filter(pk=record.pk).exists():
        raise NotPossible(_("It is under legal hold, or offered to another force."))
    if not due_records(by, timezone.now()).filter(pk=record.pk).exists():
        raise NotPossible(_("It is not due yet, by the schedule of this force."))


def approve_disposal(*, by: Principal, disposal: Disposal) -> Disposal:
    """Approve what a colleague asked for; the waiting time begins."""
    record = locked(disposal.record)
    disposal = Disposal.objects.select_for_update(of=("self",), no_key=True).get(pk=disposal.pk)
    if disposal.approved_at is not None:
        return disposal
    if disposal.cancelled_at is not None:
        raise NotPossible(_("It was cancelled."))
    if str(disposal.requested_by_id) == by.actor.id:
        raise NotPossible(_("You asked for it yourself. Somebody else must approve it."))
    if not disposable(by).filter(pk=record.pk).exists():
        raise NotPossible(_("It is under legal hold, or no longer closed."))
    disposal.approved_at, disposal.approved_by_id = timezone.now(), UUID(by.actor.id)
    disposal.save(update_fields=["approved_at", "approved_by"])
    note(Event.DISPOSAL_APPROVED, record, by)
    return disposal


def cancel_disposal(*, by: Principal, disposal: Disposal) -> None:
    """Cancel a disposal that has not happened yet, at any time."""
    disposal = Disposal.objects.select_for_update(of=("self",), no_key=True).get(pk=disposal.pk)
    if disposal.cancelled_at is None:
        disposal.cancelled_at, disposal.cancelled_by_id = timezone.now(), UUID(by.actor.id)
        disposal.save(update_fields=["cancelled_at", "cancelled_by"])
        note(Event.DISPOSAL_CANCELLED, disposal.record, by)


def waiting_time(by: Principal) -> ForceSettings:
    """The settings with the force's waiting time."""
    return ForceSettings.objects.get(force_id=by.force_id)
