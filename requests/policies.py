"""Which records somebody may reach, always through who owns them, and what they may do with one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from ani_portal.access.permissions import Permission
from ani_portal.access.principals import Principal
from ani_portal.audit.models import AuditEntry
from pharmacies.enums import Audience
from pharmacies.models import (
    CannedLine,
    ForceSettings,
    Officer,
    Pharmacy,
    PoliceForce,
    Postcode,
    ResponseGrade,
    Sitting,
    SupportService,
    Tablet,
)

from .enums import Event, LookReason, OfferState, State
from .models import (
    Assessment,
    Attempt,
    CodewordRequest,
    HandOver,
    InformationLine,
    Look,
    Message,
    Notice,
    Offer,
    PaperForm,
    PoliceStep,
    Presence,
)


def force_of(by: Principal) -> PoliceForce:
    """The force that somebody acts for."""
    return PoliceForce.objects.select_related("settings").get(pk=by.force_id)


def pharmacy_of(by: Principal) -> Pharmacy:
    """The pharmacy of a tablet."""
    return Pharmacy.objects.get(pk=by.pharmacy_id)


def settings_of(by: Principal) -> ForceSettings:
    """The settings of the force that is responsible for this turn: the pharmacy's, or, *not here*, that of the place."""
    return ForceSettings.objects.select_related("force").get(force_id=by.force_id)


def turn_of(by: Principal) -> Sitting | None:
    """Whose turn it is at the tablet, if anybody's."""
    return Sitting.objects.filter(pk=by.scope.sitting).first() if by.scope.sitting else None


def tablet_of(by: Principal) -> Tablet:
    """The tablet that asks."""
    return Tablet.objects.get(pk=by.tablet_id)


@dataclass(frozen=True)
class Participating:
    """A pharmacy that takes part, as everybody may find it."""

    id: UUID
    name: str
    address: str
    postcode: str


def participating_like(text: str) -> list[Participating]:
    """The pharmacies that take part and whose name, address or first half of the postcode is that; at most twelve."""
    with connection.cursor() as cursor:
        cursor.execute("select id, name, address, postcode from ani.pharmacies_like(%s)", [text])
        return [Participating(*row) for row in cursor.fetchall()]


def district_of(by: Principal, elsewhere: str) -> str | None:
    """The district of where the turn is: of the postcode given for *not here*, else the pharmacy's; None: not known."""
    if not elsewhere:
        return pharmacy_of(by).district_id
    found = Postcode.objects.filter(postcode=elsewhere.replace(" ", "")).first()
    return found.district_id if found else None


def support_of(by: Principal, *, elsewhere: str | None = None) -> list[SupportService]:
    """The lines for the person, of this nation, force and district; never one for people who harm (rings.py).

    `elsewhere`: the place of the record that a screen is about; without one, of this turn.
    """
    if elsewhere is None:
        turn = turn_of(by)
        elsewhere = turn.elsewhere if turn else ""
    force = PoliceForce.objects.get(pk=by.force_id)
    lines = SupportService.objects.filter(
        Q(force__isnull=True) | Q(force_id=by.force_id),
        Q(nation="") | Q(nation=force.nation),
        Q(district__isnull=True) | Q(district_id=district_of(by, elsewhere)),
        audience=Audience.PERSON,
    )
    return list(lines)


def child_lines(by: Principal) -> list[SupportService]:
    """The children's duty lines of this force, for staff to ring."""
    lines = SupportService.objects.raw("select * from ani.lines_for_staff()")
    return [line for line in lines if "child" in line.for_whom.lower()]


def unreturned_papers(by: Principal) -> "QuerySet[PaperForm]":
    """The paper forms that have not come back: of the coordinator's force, or of the tablet's pharmacy; oldest first."""
    own = Q(pharmacy_id=by.scope.pharmacy) if by.scope.pharmacy else Q(pharmacy__force_id=by.force_id)
    found = PaperForm.objects.filter(own, returned_at__isnull=True)
    return found.select_related("pharmacy").order_by("printed_at")


def released_records(by: Principal) -> "QuerySet[CodewordRequest]":
    """The records that police of this officer's force can read."""
    return CodewordRequest.objects.filter(force_id=by.force_id, released_at__isnull=False)


def released_record(by: Principal, record_id: UUID) -> CodewordRequest:
    """One of them, or *not found*: the same for one of another force, one not released, and none at all."""
    record = (
        released_records(by)
        .select_related("pharmacy", "recorder", "claimed_by", "read_by", "helps")
        .filter(pk=record_id)
    )
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
    """Who recorded it may add to it: the person who gave the PIN, if it is not a newer one; without one, that turn, and,
    once police know of it, whoever is at that tablet."""
    if record.recorder_id is not None:
        since = by.scope.since
        return record.recorder_id == by.scope.staff and since is not None and record.started_at >= since
    if record.tablet_id != by.scope.tablet:
        return False
    return record.released_at is not None or record.sitting_id in (None, by.scope.sitting)


def may_decide(by: Principal, record: CodewordRequest) -> bool:
    """Who may say what the person wants, or override it: somebody whose turn it is, never an uncovered tablet alone.

    What somebody without a PIN recorded is decided in the same turn, or by a colleague with a PIN, not by whoever types
    a name next; an alarm from the cover belongs to nobody yet, so to whoever begins a turn at that tablet.
    """
    if by.scope.sitting is None or not may_add(by, record):
        return False
    return by.scope.staff is not None or record.sitting_id in (None, by.scope.sitting)


def may_claim(by: Principal, record: CodewordRequest) -> bool:
    """Whether the button *Claim* leads anywhere."""
    return record.state == State.READ and by.may(Permission.WORK_RECORD)


def holds(by: Principal, record: CodewordRequest) -> bool:
    """Whether this officer holds the record."""
    return record.state == State.CLAIMED and str(record.claimed_by_id) == by.actor.id


def canned_lines(by: Principal) -> "QuerySet[CannedLine]":
    """The ready-made lines that the officer's force may send."""
    return CannedLine.objects.filter(force_id=by.force_id, active=True).order_by("order")


def messages_of(record: CodewordRequest) -> "QuerySet[Message]":
    """What police sent about this record, oldest first: for the desk, and for the tablet while it is open there."""
    return Message.objects.filter(record=record).order_by("sent_at")


def lines_to_send(by: Principal, code: str) -> CannedLine:
    """One of them, by its code."""
    if (found := canned_lines(by).filter(code=code).first()) is None:
        raise Http404
    return found


def notices_of(by: Principal) -> list[Notice]:
    """What this officer has not read yet."""
    found = Notice.objects.filter(force_id=by.force_id, officer_id=by.actor.id, seen_at__isnull=True)
    return list(found.select_related("other").order_by("at")[:10])


@dataclass
class Alarms:
    """Attempts of one kind that went the same way: the newest of them, and all of their ids."""

    newest: Attempt
    ids: list[UUID]


def alarms_of(by: Principal) -> list[Alarms]:
    """The red list: alarms of clocks that nobody acknowledged, and mails that did not go. For supervisors what is
    theirs, for everybody what failed; a mail server that is down is one line for each kind, not one for each mail."""
    found = Attempt.objects.filter(force_id=by.force_id, acknowledged_at__isnull=True).exclude(
        state="sent", channel="mail"
    )
    mine = [
        one
        for one in found.select_related("officer")[:200]
        if one.state == "failed" or str(one.officer_id) == by.actor.id
    ]
    lines: dict[tuple[object, ...], Alarms] = {}
    for one in mine:
        about = one.problem if one.state == "failed" else one.record_id
        line = lines.setdefault((one.kind, one.channel, one.state, about, one.officer_id is None), Alarms(one, []))
        line.ids.append(one.pk)
    return list(lines.values())[:20]


def presences(by: Principal, since: datetime) -> "QuerySet[Presence]":
    """Who has which record open."""
    return Presence.objects.filter(force_id=by.force_id, at__gte=since).select_related("officer").order_by("at")


def officers_of(by: Principal) -> list[Officer]:
    """The force's officers of today."""
    return list(Officer.objects.current().filter(force_id=by.force_id).order_by("display_name"))


def grades_of(by: Principal) -> list[ResponseGrade]:
    """The force's own grades."""
    return list(ResponseGrade.objects.filter(force_id=by.force_id).order_by("order"))


def other_forces(by: Principal) -> list[PoliceForce]:
    """The forces that a record can be offered to."""
    return list(PoliceForce.objects.filter(active=True).exclude(pk=by.force_id).order_by("short_name"))


def offers_got(by: Principal) -> "QuerySet[Offer]":
    """What other forces offer to this one now."""
    return (
        Offer.objects.filter(to_force_id=by.force_id, state="open").select_related("from_force").order_by("offered_at")
    )


def offers_made(by: Principal) -> "QuerySet[Offer]":
    """What this force offers now."""
    return (
        Offer.objects.filter(from_force_id=by.force_id, state="open").select_related("to_force").order_by("offered_at")
    )


def offer_of(by: Principal, offer_id: UUID) -> Offer:
    """An offer that this force made or got; the database shows no other."""
    if (found := Offer.objects.filter(pk=offer_id).first()) is None:
        raise Http404
    return found


def open_offer(record: CodewordRequest) -> Offer | None:
    """The offer of a record that stands now."""
    return Offer.objects.filter(record=record, state="open").select_related("to_force").first()


def offers_back(record: CodewordRequest) -> "QuerySet[Offer]":
    """Offers of a record that came back to the force that has it."""
    back = (OfferState.DECLINED, OfferState.TIMED_OUT, OfferState.WITHDRAWN)
    return Offer.objects.filter(record=record, from_force_id=record.force_id, state__in=back).select_related("to_force")


def stubs(by: Principal) -> "QuerySet[Offer]":
    """What is left here of records that other forces accepted."""
    return Offer.objects.filter(from_force_id=by.force_id, state="accepted").select_related("to_force")


def steps_of(record: CodewordRequest) -> "QuerySet[PoliceStep]":
    """What police did about a record, in order."""
    return PoliceStep.objects.filter(record=record).select_related("officer").order_by("at")


def assessments_of(record: CodewordRequest) -> "QuerySet[Assessment]":
    """Its grades, the first first."""
    return Assessment.objects.filter(record=record).order_by("at")


def looks_at(record: CodewordRequest) -> "QuerySet[Look]":
    """Who looked at it and why, the last first."""
    return Look.objects.filter(record=record).order_by("-at")


def logged_looks_at(by: Principal, record: CodewordRequest, events: Iterable[str]) -> "QuerySet[AuditEntry]":
    """The looks of officers at it that the log of one's own force holds, the last first."""
    found = AuditEntry.objects.filter(
        chain=by.force_id, object_kind="record", object_id=str(record.pk), event__in=list(events), actor_kind="officer"
    )
    return found.order_by("-seq")


def sheets_of(by: Principal) -> "QuerySet[HandOver]":
    """The force's hand-over sheets that nobody signed yet."""
    return HandOver.objects.filter(force_id=by.force_id, signed_at__isnull=True).select_related("made_by")


def sheets_signed(by: Principal, since: datetime) -> "QuerySet[HandOver]":
    """Those that were signed since then, the newest first: who took whose records on."""
    found = HandOver.objects.filter(force_id=by.force_id, signed_at__gte=since).select_related("made_by", "signed_by")
    return found.order_by("-signed_at")


def may_read(by: Principal, record: CodewordRequest, settings: ForceSettings, since: datetime) -> bool:
    """Whether this officer has said why they look: their own claim says it, and so does a reason given since then."""
    if not settings.reason_to_look or holds(by, record):
        return True
    said = Look.objects.filter(record=record, officer_id=by.actor.id, at__gte=since)
    return said.exclude(reason__in=[LookReason.PRINTED, LookReason.EXPORTED]).exists()


def sheet_of(by: Principal, sheet_id: UUID) -> HandOver:
    """A hand-over sheet of one's own force."""
    if (found := HandOver.objects.filter(pk=sheet_id, force_id=by.force_id).first()) is None:
        raise Http404
    return found
