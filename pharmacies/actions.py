"""Writes to who takes part: enrolling and revoking tablets, and whose turn it is at one."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from ani_portal.access.backend import prepared
from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.accounts.pins import LOCK_AFTER, check_pin, hash_pin, wait_after
from ani_portal.audit.log import Actor
from ani_portal.sealing.keyring import SealBroken, key_service

from .enums import AuditEvent
from .models import EnrolmentCode, Pharmacy, PinTries, Sitting, StaffMember, Tablet
from .principals import digest, normalise_code

CODE_ALPHABET = "23456789CDFGHJKMNPQRTVWXY"
CODE_LIFE = timedelta(minutes=30)
SHIFT = timedelta(hours=12)  # how long a locum whom a colleague vouched for has a tile


def random_code(groups: int) -> str:
    """A code to be read out and typed: groups of four, without letters that look like others or make words."""
    return "-".join("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(groups))


def make_enrolment_code(*, by: Principal, pharmacy: Pharmacy, tablet_name: str, life: timedelta = CODE_LIFE) -> str:
    """A new code for one tablet of `pharmacy`, to be shown once; only its hash is kept."""
    code = random_code(3)
    EnrolmentCode.objects.create(
        pharmacy=pharmacy,
        code_hash=digest(normalise_code(code)),
        tablet_name=tablet_name,
        expires_at=timezone.now() + life,
    )
    current_log().note(AuditEvent.CODE_MADE, by=by.actor, force=pharmacy.force_id, on=("pharmacy", pharmacy.pk))
    return code


@dataclass(frozen=True)
class Enrolment:
    """How an enrolment went: enrolled, unknown, used or expired; and the tablet's secret, to be kept by its browser."""

    outcome: str
    secret: str = ""


def enrol_tablet(*, code: str) -> Enrolment:
    """Turn `code` into a tablet, once."""
    secret = secrets.token_urlsafe(32)
    with connection.cursor() as cursor:
        cursor.execute("select * from ani.enrol_tablet(%s, %s)", [digest(normalise_code(code)), digest(secret)])
        outcome, tablet, pharmacy, force = cursor.fetchone() or ("unknown", None, None, None)
    if outcome != "enrolled":
        current_log().note(AuditEvent.ENROL_FAILED, by=Actor("unknown", "-"), force=None, reason=outcome)
        return Enrolment(outcome)
    current_log().note(AuditEvent.ENROLLED, by=Actor("tablet", str(tablet)), force=force, on=("pharmacy", pharmacy))
    return Enrolment(outcome, secret)


def heard(*, by: Principal) -> None:
    """The tablet gave a sign of life. No row of the log: one comes every minute.

    To plan this under the tablets' policies takes seven times as long as to do it, and a whole country's tablets do it.
    """
    with prepared():
        Tablet.objects.filter(pk=by.tablet_id).update(last_heard_at=timezone.now())


def revoke_tablet(*, by: Principal, tablet: Tablet) -> None:
    """End a tablet's access on its next request."""
    if tablet.revoked_at is None:
        tablet.revoked_at = timezone.now()
        tablet.save(update_fields=["revoked_at"])
        current_log().note(AuditEvent.REVOKED, by=by.actor, force=tablet.pharmacy.force_id, on=("tablet", tablet.pk))


@dataclass(frozen=True)
class Begun:
    """How a beginning went: the page's token, locked, or how many seconds to wait; none means that the PIN was wrong."""

    token: str = ""
    wait_seconds: int = 0
    locked: bool = False


def begin_with_pin(*, by: Principal, staff: StaffMember, pin: str, drill: bool = False) -> Begun:
    """Start a person's turn with their PIN; each wrong one in a row makes the next wait longer, and the tenth locks it."""
    now = timezone.now()
    tries, _made = PinTries.objects.get_or_create(tablet_id=by.tablet_id, staff=staff, defaults={"not_before": now})
    tries = PinTries.objects.select_for_update(of=("self",), no_key=True).get(pk=tries.pk)
    if tries.locked_at is not None:
        return Begun(locked=True)
    if tries.not_before > now:
        return Begun(wait_seconds=max(1, round((tries.not_before - now).total_seconds())))
    if not check_pin(pin, staff.pin_hash):
        failures = tries.failures + 1
        wait, locks = wait_after(failures), failures >= LOCK_AFTER
        PinTries.objects.filter(pk=tries.pk).update(
            failures=F("failures") + 1, not_before=now + wait, locked_at=now if locks else None
        )
        event = AuditEvent.PIN_LOCKED if locks else AuditEvent.PIN_WRONG
        current_log().note(event, by=by.actor, force=None, on=("staff", staff.pk), failures=failures)
        return Begun(wait_seconds=round(wait.total_seconds()), locked=locks)
    if tries.failures:
        PinTries.objects.filter(pk=tries.pk).update(failures=0, not_before=now)
    return Begun(_sit(by, staff.pk, "", drill=drill))


def begin_with_name(*, by: Principal, name: str, drill: bool = False) -> Begun:
    """Start the turn of somebody without a PIN, under a typed name: unverified."""
    return Begun(_sit(by, None, name, drill=drill))


def vouch(*, by: Principal, name: str, initials: str, pin: str) -> Begun:
    """Let a locum in for one shift, on the word of the colleague whose turn it is, and begin the locum's turn.

    Begun without a token: this turn may not vouch (nobody gave a PIN, or they were vouched for themselves).
    """
    with connection.cursor() as cursor:
        cursor.execute("select ani.vouch(%s, %s, %s, %s)", [name, initials, hash_pin(pin), timezone.now() + SHIFT])
        (locum,) = cursor.fetchone() or (None,)
    if locum is None:
        return Begun()
    current_log().note(AuditEvent.VOUCHED, by=by.actor, force=by.force_id, on=("staff", locum))
    return Begun(_sit(by, locum, "", drill=False))


def locked_at(*, staff: StaffMember) -> list[PinTries]:
    """The tablets at which a person's PIN is locked."""
    return list(PinTries.objects.filter(staff=staff, locked_at__isnull=False).select_related("tablet"))


def unlock_pin(*, by: Principal, staff: StaffMember) -> None:
    """The manager takes the locks of a person's PIN off, at every tablet."""
    if PinTries.objects.filter(staff=staff).update(failures=0, locked_at=None, not_before=timezone.now()):
        current_log().note(AuditEvent.PIN_UNLOCKED, by=by.actor, force=staff.pharmacy.force_id, on=("staff", staff.pk))


def end_sitting(*, by: Principal) -> None:
    """Cover: the turn at this tablet is over, and the typed name is wiped."""
    open_sittings = Sitting.objects.filter(tablet_id=by.tablet_id, ended_at__isnull=True)
    if open_sittings.update(ended_at=timezone.now(), sealed_name=None):
        current_log().note(AuditEvent.COVERED, by=by.actor, force=None, on=("tablet", by.tablet_id))


def sit_elsewhere(*, by: Principal, postcode: str) -> int | None:
    """*Not here*: this turn is at `postcode`. The force responsible there, or None where the postcode is not known."""
    with connection.cursor() as cursor:
        cursor.execute("select ani.sit_elsewhere(%s)", [postcode])
        (force,) = cursor.fetchone() or (None,)
    current_log().note(
        AuditEvent.ELSEWHERE, by=by.actor, force=None, on=("sitting", by.scope.sitting), known=force is not None
    )
    return int(force) if force is not None else None


def sit_at(*, by: Principal, pharmacy: UUID) -> int | None:
    """*Not here*, but at a pharmacy that takes part: this turn is there. The force confirmed for it, or None."""
    with connection.cursor() as cursor:
        cursor.execute("select ani.sit_at(%s)", [pharmacy])
        (force,) = cursor.fetchone() or (None,)
    current_log().note(
        AuditEvent.ELSEWHERE, by=by.actor, force=None, on=("sitting", by.scope.sitting), known=force is not None
    )
    return int(force) if force is not None else None


def _sit(by: Principal, staff: UUID | None, name: str, *, drill: bool) -> str:
    end_sitting(by=by)
    token = secrets.token_urlsafe(24)
    sitting = Sitting(tablet_id=by.tablet_id, staff_id=staff, token_hash=digest(token), is_drill=drill)
    sitting.sealed_name = _seal_name(sitting, name) if name else None
    sitting.save(force_insert=True)
    actor = Actor("staff", str(staff), via=str(by.scope.tablet)) if staff else by.actor
    current_log().note(AuditEvent.BEGUN, by=actor, force=None, on=("sitting", sitting.pk), verified=staff is not None)
    return token


def typed_name(*, by: Principal) -> str:
    """The name that somebody without a PIN typed for this turn."""
    sitting = Sitting.objects.filter(pk=by.scope.sitting).first() if by.scope.sitting else None
    if sitting is None or not sitting.sealed_name:
        return ""
    master_key, _mark, sealed = bytes(sitting.sealed_name).partition(b"|")
    try:
        return key_service().unwrap(master_key.decode(), sealed, f"sitting|{sitting.pk}".encode()).decode()
    except SealBroken:
        return ""  # the alarm and the record go on without a name


def _seal_name(sitting: Sitting, name: str) -> bytes:
    master_key, sealed = key_service().wrap(name.encode(), f"sitting|{sitting.pk}".encode())
    return master_key.encode() + b"|" + sealed


def note_proof(*, pharmacy_id: UUID, tablet_id: UUID, sitting_id: UUID | None) -> None:
    """An officer of the pharmacy's force answered a drill: the place, the tablet, both people are proven."""
    with connection.cursor() as cursor:
        cursor.execute("select ani.note_proof(%s, %s, %s)", [pharmacy_id, tablet_id, sitting_id])
