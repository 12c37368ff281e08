"""Which records somebody may reach, always through who owns them, and what they may do with one."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal
from ani_portal.audit.models import AuditEntry
from pharmacies.models import CannedLine, ForceSettings, Pharmacy, PoliceForce

from .enums import Event, State
from .models import CodewordRequest, InformationLine, Message


def force_of(by: Principal) -> PoliceForce:
    """The force that somebody acts for."""
    return PoliceForce.objects.select_related("settings").get(pk=by.force_id)


def pharmacy_of(by: Principal) -> Pharmacy:
    """The pharmacy of a tablet, with its force's settings."""
    return Pharmacy.objects.select_related("force__settings").get(pk=by.pharmacy_id)


def settings_of(pharmacy: Pharmacy) -> ForceSettings:
    """The settings of the pharmacy's force; one that takes part always has a force."""
    if pharmacy.force is None:
        raise ValueError("a pharmacy that takes part has a force")
    return pharmacy.force.settings


def released_records(by: Principal) -> "QuerySet[CodewordRequest]":
    """The records that police of this officer's force can read."""
    return CodewordRequest.objects.filter(force_id=by.force_id, released_at__isnull=False)


def released_record(by: Principal, record_id: UUID) -> CodewordRequest:
    """One of them, or *not found*: the same for one of another force, one not released, and none at all."""
    record = released_records(by).select_related("pharmacy", "recorder", "claimed_by", "read_by").filter(pk=record_id)
    if (found := record.first()) is None:
        raise Http404
    return found


def looked_at(by: Principal, record: CodewordRequest) -> bool:
    """Whether the log already says that this officer, in this session, looked at the record."""
    return AuditEntry.objects.filter(
        chain=by.force_id, object_kind="record", object_id=str(record.pk), event__in=[Event.VIEWED, Event.READ],
        actor_id=by.actor.id, via=by.actor.via,
    ).exists()  # fmt: skip


def lines_of(by: Principal) -> "QuerySet[InformationLine]":
    """The force's information lines that nobody has acknowledged yet."""
    return InformationLine.objects.filter(force_id=by.force_id, acknowledged_at__isnull=True)


def open_receipts(by: Principal) -> "QuerySet[CodewordRequest]":
    """The records whose receipt is still out, on this tablet or of the person whose turn it is; oldest first."""
    records = CodewordRequest.objects.filter(
        pharmacy_id=by.pharmacy_id, finished_at__isnull=True, mistaken_at__isnull=True
    )
    return records.order_by("started_at")


def open_receipt(by: Principal, record_id: UUID | None, *, mistaken: bool = False) -> CodewordRequest | None:
    """The record that a screen speaks of, if this turn at the tablet may still add to it.

    One *asked by mistake* is gone for every screen, but for taking that back and for the alarm (`mistaken`).
    """
    if record_id is None:
        return None
    records = CodewordRequest.objects.filter(pk=record_id, finished_at__isnull=True)
    record = (records if mistaken else records.filter(mistaken_at__isnull=True)).first()
    return record if record and may_add(by, record) else None


def may_add(by: Principal, record: CodewordRequest) -> bool:
    """Who recorded it may add to it: the person who gave the PIN, or, without one, whoever is at that tablet."""
    if record.recorder_id is not None:
        return record.recorder_id == by.scope.staff
    return record.tablet_id == by.scope.tablet


def may_claim(by: Principal, record: CodewordRequest) -> bool:
    """Whether the button *Claim* leads anywhere."""
    return record.state == State.READ


def holds(by: Principal, record: CodewordRequest) -> bool:
    """Whether this officer holds the record."""
    return record.state == State.CLAIMED and str(record.claimed_by_id) == by.actor.id


def canned_lines(by: Principal) -> "QuerySet[CannedLine]":
    """The ready-made lines that the officer's force may send."""
    return CannedLine.objects.filter(force_id=by.force_id, active=True).order_by("order")


def messages_of(record: CodewordRequest) -> "QuerySet[Message]":
    """What police sent about this record, oldest first: for the desk, and for the tablet while it is open there."""
    return Message.objects.filter(record=record).order_by("sent_at")
