"""Inviting people, letting them in, recording their training, and letting them go."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.accounts.models import User
from ani_portal.accounts.pins import hash_pin
from ani_portal.audit.log import Actor
from pharmacies.enums import AuditEvent, InvitationKind
from pharmacies.models import Administrator, Invitation, Organisation, Pharmacy, StaffMember, TrainingRecord
from pharmacies.principals import digest

from .sites import note

LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Sent:
    """An invitation's link, to be shown once, and whether the mail with it left."""

    token: str
    mailed: bool


def invite(
    *, by: Principal, kind: InvitationKind, name: str, email: str, base_url: str, force: int,
    pharmacy: Pharmacy | None = None, organisation: Organisation | None = None, staff: StaffMember | None = None,
) -> Sent:  # fmt: skip
    """Invite somebody to a pharmacy, or to all of an owner's. Only a hash of the link is kept."""
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        force_id=force, kind=kind, pharmacy=pharmacy, organisation=organisation, staff=staff, name=name, email=email,
        token_hash=digest(token), made_by=by.actor.id, expires_at=timezone.now() + LIFE,
    )  # fmt: skip
    current_log().note(AuditEvent.INVITED, by=by.actor, force=force, on=("invitation", made.pk), kind=kind)
    return _send(made, token, base_url)


def resend(*, by: Principal, invitation: Invitation, base_url: str) -> Sent:
    """A new link in place of the old one, which stops working."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = digest(token), timezone.now() + LIFE
    invitation.save(update_fields=["token_hash", "expires_at"])
    current_log().note(
        AuditEvent.INVITED, by=by.actor, force=invitation.force_id, on=("invitation", invitation.pk), again=True
    )
    return _send(invitation, token, base_url)


def withdraw(*, by: Principal, invitation: Invitation) -> None:
    """The link stops working."""
    if invitation.is_open:
        invitation.cancelled_at = timezone.now()
        invitation.save(update_fields=["cancelled_at"])
        current_log().note(
            AuditEvent.INVITATION_ENDED, by=by.actor, force=invitation.force_id, on=("invitation", invitation.pk)
        )


def _send(invitation: Invitation, token: str, base_url: str) -> Sent:
    link = f"{base_url}/join/invitation/{token}/"
    # No pharmacy, no scheme: a mail can be read over a shoulder.
    words = _("You are invited to set up your access. The link works once, for seven days:\n\n%(link)s\n") % {
        "link": link
    }
    try:
        mailed = bool(send_mail(_("Your access"), words, None, [invitation.email])) if invitation.email else False
    except (OSError, SMTPException):
        mailed = False  # the page says so, and shows the link
    if mailed:
        Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    return Sent(token, mailed)


def accept_as_staff(*, token: str, name: str, initials: str, pin: str) -> str:
    """Join a pharmacy with a PIN of one's own; "accepted" or "gone"."""
    return _accept(token, name, initials, hash_pin(pin), None)


def accept_as_administrator(*, token: str, user: User) -> str:
    """Look after a pharmacy, or an owner's, with this account; "accepted" or "gone"."""
    return _accept(token, "", "", "", user.pk)


def make_account(*, email: str, name: str, password: str) -> User:
    """An account for somebody who was invited and had none."""
    return User.objects.create_user(email, password, name=name)


def _accept(token: str, name: str, initials: str, pin_hash: str, account: int | None) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from ani.accept_invitation(%s, %s, %s, %s, %s)",
            [digest(token), name, initials, pin_hash, account],
        )
        outcome, member, force = cursor.fetchone() or ("gone", None, None)
    if outcome == "accepted":
        actor = Actor("person", str(account)) if account else Actor("staff", str(member))
        current_log().note(AuditEvent.ACCEPTED, by=actor, force=force, on=("member", member or ""))
    return str(outcome)


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
