"""What police do with a record."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.live.notify import announce, force_topic

from ..enums import Event, Outcome, State
from ..models import CodewordRequest, InformationLine
from .shared import check_own_claim, holder_of, locked, move, note


def read(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """An officer opened it, on purpose: only this makes the tablet say *read by an officer at*. Each opening is logged."""
    record = locked(record)
    if record.state == State.WAITING:
        record.read_at, record.read_by_id = timezone.now(), UUID(by.actor.id)
        move("read", record, by, ["read_at", "read_by"])
    else:
        note(Event.VIEWED, record, by)
    return record


@dataclass(frozen=True)
class Claim:
    """How a claim went: whether it was won, and who holds the record now."""

    won: bool
    holder: str


def claim(*, by: Principal, record: CodewordRequest) -> Claim:
    """Take the record on. One winner, decided by the row's lock; the loser learns who won."""
    record = locked(record)
    if record.state == State.CLAIMED:
        holder = holder_of(record)
        return Claim(str(holder.pk) == by.actor.id, holder.display_name)
    record.claimed_at, record.claimed_by_id = timezone.now(), UUID(by.actor.id)
    move("claim", record, by, ["claimed_at", "claimed_by"])
    return Claim(True, by.name)


def unclaim(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Give one's own claim up; the tablet is told that no officer has it now."""
    record = locked(record)
    check_own_claim(by, record)
    record.claimed_at = record.claimed_by = None
    move("unclaim", record, by, ["claimed_at", "claimed_by"])
    return record


def close(*, by: Principal, record: CodewordRequest, outcome: Outcome) -> CodewordRequest:
    """Close one's own claim with an outcome."""
    record = locked(record)
    check_own_claim(by, record)
    record.closed_at, record.closed_by_id, record.outcome = timezone.now(), UUID(by.actor.id), outcome
    move("close", record, by, ["closed_at", "closed_by", "outcome"], outcome=str(outcome))
    return record


def acknowledge_lines(*, by: Principal, lines: list[UUID]) -> int:
    """Mark the force's information lines as seen; how many there were."""
    found = InformationLine.objects.filter(force_id=by.force_id, id__in=lines, acknowledged_at__isnull=True).update(
        acknowledged_at=timezone.now(), acknowledged_by_id=UUID(by.actor.id)
    )
    if found:
        current_log().note(Event.ACKNOWLEDGED, by=by.actor, force=by.force_id, count=found)
        announce(force_topic(by.force_id))
    return found
