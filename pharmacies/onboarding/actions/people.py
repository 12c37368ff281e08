"""Recording people's training, and letting people go."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.refusals import Refused
from ani_portal.access.scope import current_log
from ani_portal.accounts import external
from pharmacies.enums import AuditEvent
from pharmacies.models import Administrator, StaffMember, TrainingRecord

from .sites import note


def record_training(
    *, by: Principal, staff: StaffMember, course: str, taken_on: date, expires_on: date, evidence: str
) -> TrainingRecord:
    """One training somebody had; the newest one that counts longest is what officers see on a record."""
    made = TrainingRecord.objects.create(
        staff=staff, course=course, taken_on=taken_on, expires_on=expires_on, evidence=evidence, recorded_by=by.actor.id
    )
    if staff.training_expires_on is None or expires_on >= staff.training_expires_on:
        staff.trained_on, staff.training_expires_on = taken_on, expires_on
        staff.save(update_fields=["trained_on", "training_expires_on"])
    note(by, staff.pharmacy, AuditEvent.TRAINED, staff=str(staff.pk))
    return made


def end_staff(*, by: Principal, staff: StaffMember) -> None:
    """Somebody leaves this pharmacy; their turn at a tablet ends with it, and their part elsewhere does not."""
    if staff.works_here:
        staff.ended_at = timezone.now()
        staff.save(update_fields=["ended_at"])
        note(by, staff.pharmacy, AuditEvent.LEFT, staff=str(staff.pk))


def end_administrator(*, by: Principal, administrator: Administrator) -> None:
    """Somebody no longer looks after this pharmacy, or this owner's."""
    if administrator.ended_at is None:
        administrator.ended_at = timezone.now()
        administrator.save(update_fields=["ended_at"])
        current_log().note(AuditEvent.LEFT, by=by.actor, force=by.scope.force, on=("administrator", administrator.pk))


def end_member(*, by: Principal, member: Any) -> None:
    """An officer, coordinator or auditor leaves the force; one's own part is a colleague's to end, so one always stays."""
    if member.user_id == by.scope.person:
        raise Refused("own part", _("Your own part is a colleague’s to end."), status=409)
    if member.ended_at is None:
        member.ended_at, member.shut, member.may_link = timezone.now(), True, False
        member.save(update_fields=["ended_at", "shut", "may_link"])
        external.end_sessions_of(member.user, by.force_id)
        current_log().note(AuditEvent.LEFT, by=by.actor, force=by.force_id, on=("member", member.pk))
