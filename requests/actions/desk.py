"""Reading, claiming and giving up: who has a record in hand."""

from dataclasses import dataclass
from uuid import UUID

from django.db import ProgrammingError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.live.notify import announce, force_topic
from pharmacies.actions import note_proof
from pharmacies.models import Officer

from ..attention import claim_lapsed
from ..enums import Event, LookReason, NoticeKind, State, StepKind
from ..models import Attempt, CodewordRequest, InformationLine, Look, Notice, PoliceStep, Presence
from ..policies import force_of
from .phones import remember_again
from .shared import Gone, NotPossible, check_own_claim, holder_of, locked, move, note

# Saved at once as a list: more is not what a desk works with, and each is a row of who looked.
MOST_EXPORTED = 10_000


def read(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """An officer opened it, on purpose: only this makes the tablet say *read by an officer at*. Each opening is logged."""
    record = locked(record)
    if record.state == State.WAITING:
        record.read_at, record.read_by_id = timezone.now(), UUID(by.actor.id)
        move("read", record, by, ["read_at", "read_by"])
        look(by=by, record=record, reason=LookReason.ANSWERING)
        if record.is_drill:
            note_proof(pharmacy_id=record.pharmacy_id, tablet_id=record.tablet_id, sitting_id=record.sitting_id)
    else:
        note(Event.VIEWED, record, by)
    return record


def look(*, by: Principal, record: CodewordRequest, reason: LookReason) -> None:
    """Say why one looks at a record; colleagues see it below the record. Gone if it left one's sight meanwhile."""
    if not CodewordRequest.objects.filter(pk=record.pk).exists():
        raise Gone(_("It has left your force since."))
    Look.objects.create(record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), reason=reason)
    note(Event.LOOKED, record, by, reason=str(reason))
    if record.helps_id is not None or (record.restricted_at is not None and record.force_id != record.origin_force_id):
        # The fingerprint of a number that came from another force is made here, under this force's key.
        remember_again(by=by, record=record)


def note_view(*, by: Principal, record: CodewordRequest) -> None:
    """The record's page was shown to this officer."""
    note(Event.VIEWED, record, by)


def export(*, by: Principal, records: list[CodewordRequest]) -> None:
    """These records were saved in a list: each says by whom, the log how many.

    Refused above MOST_EXPORTED, and if one of them left this officer's sight since the list was read.
    """
    if len(records) > MOST_EXPORTED:
        raise NotPossible(
            _("That is more than %(most)s records. Choose a pharmacy or a day.") % {"most": f"{MOST_EXPORTED:,}"}
        )
    officer, now = UUID(by.actor.id), timezone.now()
    looks = [
        Look(record=one, force_id=one.force_id, officer_id=officer, reason=LookReason.EXPORTED, at=now)
        for one in records
    ]
    try:
        with transaction.atomic():
            Look.objects.bulk_create(looks, batch_size=1_000)
    except ProgrammingError as fault:
        # The policy that refuses a look at what one does not see. Anything else is our own mistake.
        seen = CodewordRequest.objects.filter(pk__in=[one.pk for one in records], force_id=by.force_id).count()
        if seen == len(records):
            raise
        raise NotPossible(_("The list changed while it was made. Save it again.")) from fault
    current_log().note(Event.EXPORTED, by=by.actor, force=by.force_id, count=len(records))


def be_present(*, by: Principal, record: CodewordRequest) -> None:
    """This officer has it open now; Gone if it has passed to another force meanwhile."""
    record = locked(record)
    Presence.objects.bulk_create(
        [Presence(record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), at=timezone.now())],
        update_conflicts=True,
        unique_fields=["record", "officer"],
        update_fields=["at"],
    )


@dataclass(frozen=True)
class Claim:
    """How a claim went: whether it was won, and who holds the record now."""

    won: bool
    holder: str


def claim(*, by: Principal, record: CodewordRequest) -> Claim:
    """Take the record on. One winner, decided by the row's lock; the loser learns who won. A lapsed claim holds nobody."""
    record = locked(record)
    if record.state == State.CLAIMED:
        holder = holder_of(record)
        if str(holder.pk) == by.actor.id or not claim_lapsed(record, force_of(by).settings, timezone.now()):
            return Claim(str(holder.pk) == by.actor.id, holder.display_name)
        _to(by, record, "take over", UUID(by.actor.id))
        tell_officer(by, record, holder.pk, NoticeKind.TAKEN_OVER)
        return Claim(True, by.name)
    _to(by, record, "claim", UUID(by.actor.id))
    return Claim(True, by.name)


def take_over(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Take a colleague's claim over; they are told on their screen."""
    record = locked(record)
    if record.state != State.CLAIMED or record.claimed_by_id is None:
        raise NotPossible(_("Nobody holds it. Claim it."))
    before = record.claimed_by_id
    if str(before) == by.actor.id:
        raise NotPossible(_("You hold it already."))
    _to(by, record, "take over", UUID(by.actor.id))
    PoliceStep.objects.create(
        record=record, force_id=record.force_id, officer_id=UUID(by.actor.id), kind=StepKind.TAKEN_OVER
    )
    tell_officer(by, record, before, NoticeKind.TAKEN_OVER)
    return record


def reassign(*, by: Principal, record: CodewordRequest, to: Officer) -> CodewordRequest:
    """A supervisor gives it to an officer; who held it before and who holds it now are told."""
    record = locked(record)
    before = record.claimed_by_id
    if before == to.pk:
        raise NotPossible(_("%(holder)s holds it already.") % {"holder": to.display_name})
    _to(by, record, "reassign", to.pk, to=str(to.pk))
    tell_officer(by, record, to.pk, NoticeKind.REASSIGNED)
    if before is not None:
        tell_officer(by, record, before, NoticeKind.MOVED_AWAY)
    return record


def _to(by: Principal, record: CodewordRequest, name: str, officer: UUID, **detail: str) -> None:
    record.claimed_at, record.claimed_by_id = timezone.now(), officer
    record.acted_at = None
    move(name, record, by, ["claimed_at", "claimed_by", "acted_at"], **detail)


def tell_officer(by: Principal, record: CodewordRequest, officer: UUID, kind: NoticeKind) -> None:
    """Put a notice on an officer's screen; not on one's own."""
    if str(officer) != by.actor.id:
        Notice.objects.create(
            record=record, force_id=by.force_id, officer_id=officer, kind=kind, other_id=UUID(by.actor.id)
        )


def notice_seen(*, by: Principal, notice: UUID) -> bool:
    """The officer has read a notice; whether it is one of theirs."""
    theirs = Notice.objects.filter(pk=notice, officer_id=UUID(by.actor.id))
    theirs.filter(seen_at__isnull=True).update(seen_at=timezone.now())
    return theirs.exists()


def unclaim(*, by: Principal, record: CodewordRequest) -> CodewordRequest:
    """Give one's own claim up: as with one that lapsed, every queue of the force sounds until somebody claims it, and the
    tablet is told that no officer has it now."""
    record = locked(record)
    check_own_claim(by, record)
    record.claimed_at, record.claimed_by, record.acted_at = None, None, timezone.now()
    move("unclaim", record, by, ["claimed_at", "claimed_by", "acted_at"])
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


def acknowledge_attempts(*, by: Principal, attempts: list[UUID]) -> int:
    """Somebody has seen these alarms of a clock; how many there were."""
    found = Attempt.objects.filter(force_id=by.force_id, id__in=attempts, acknowledged_at__isnull=True).update(
        acknowledged_at=timezone.now(), acknowledged_by_id=UUID(by.actor.id)
    )
    if found:
        current_log().note(Event.ATTEMPT_SEEN, by=by.actor, force=by.force_id, count=found)
        announce(force_topic(by.force_id))
    return found
