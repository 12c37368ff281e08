"""Inviting people to a pharmacy, to an owner's pharmacies or to a force, and letting them in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from ani_portal.accounts.models import User
from ani_portal.accounts.pins import hash_pin
from ani_portal.audit.log import Actor
from pharmacies.actions import random_code
from pharmacies.enums import AuditEvent, InvitationKind
from pharmacies.mailing import token_of
from pharmacies.models import Invitation, Organisation, Pharmacy, StaffMember
from pharmacies.principals import digest, normalise_code

LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Made:
    """An invitation; its link and its code for the tablet are there only where no mail carries the link."""

    invitation: Invitation
    token: str = ""
    code: str = ""


def invite(
    *, by: Principal, kind: InvitationKind, name: str, email: str, base_url: str, force: int,
    pharmacy: Pharmacy | None = None, organisation: Organisation | None = None, staff: StaffMember | None = None,
) -> Made:  # fmt: skip
    """Invite somebody. With an e-mail address the worker mails the link and nobody else sees it."""
    made = Invitation(
        force_id=force, kind=kind, pharmacy=pharmacy, organisation=organisation, staff=staff, name=name, email=email,
        base_url=base_url, made_by=by.actor.id,
    )  # fmt: skip
    answer = _renew(made, by_hand=not email)
    made.save(force_insert=True)
    current_log().note(AuditEvent.INVITED, by=by.actor, force=force, on=("invitation", made.pk), kind=kind)
    return answer


def resend(*, by: Principal, invitation: Invitation, base_url: str, by_hand: bool = False) -> Made:
    """A new link in place of the old one, which stops working. `by_hand`: for staff, shown instead of mailed."""
    invitation.links += 1
    invitation.base_url = base_url
    answer = _renew(invitation, by_hand=not invitation.email or (by_hand and invitation.kind == InvitationKind.STAFF))
    invitation.save(
        update_fields=[
            "links", "base_url", "token_hash", "code_hash", "expires_at", "mail_due_at", "mail_tries", "sent_at",
        ]
    )  # fmt: skip
    current_log().note(
        AuditEvent.INVITED, by=by.actor, force=invitation.force_id, on=("invitation", invitation.pk), again=True
    )
    return answer


def _renew(invitation: Invitation, *, by_hand: bool) -> Made:
    now, token = timezone.now(), token_of(invitation.pk, invitation.links)
    code = random_code(2) if by_hand and invitation.kind == InvitationKind.STAFF else ""
    invitation.token_hash, invitation.expires_at = digest(token), now + LIFE
    invitation.code_hash = digest(normalise_code(code)) if code else None
    invitation.mail_due_at, invitation.mail_tries, invitation.sent_at = (None if by_hand else now), 0, None
    return Made(invitation, token if by_hand else "", code)


def withdraw(*, by: Principal, invitation: Invitation) -> None:
    """The link stops working, and no mail with it leaves any more."""
    if invitation.is_open:
        invitation.cancelled_at, invitation.mail_due_at = timezone.now(), None
        invitation.save(update_fields=["cancelled_at", "mail_due_at"])
        current_log().note(
            AuditEvent.INVITATION_ENDED, by=by.actor, force=invitation.force_id, on=("invitation", invitation.pk)
        )


def accept_as_staff(*, token: str, name: str, initials: str, pin: str) -> str:
    """Join a pharmacy with a PIN of one's own; "accepted" or "gone"."""
    return _accept("accept_invitation", [digest(token), name, initials, hash_pin(pin), None], None)


def accept_with_account(*, token: str, user: User) -> str:
    """Take the part with this account; "accepted", "gone", or "both" where the person has another part in that force."""
    return _accept("accept_invitation", [digest(token), "", "", "", user.pk], user)


def accept_on_tablet(*, by: Principal, code: str, name: str, initials: str, pin: str) -> str:
    """The same by the short code, at a tablet of the pharmacy; "accepted" or "gone"."""
    return _accept("accept_on_tablet", [digest(normalise_code(code)), name, initials, hash_pin(pin)], None, via=by)


def make_account(*, email: str, name: str, password: str) -> User:
    """An account for somebody who was invited and had none."""
    return User.objects.create_user(email, password, name=name)


def _accept(function: str, arguments: list[Any], user: User | None, via: Principal | None = None) -> str:
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ani.{function}({marks})", arguments)
        outcome, member, force = cursor.fetchone() or ("gone", None, None)
    if outcome == "accepted":
        tablet = str(via.scope.tablet) if via else ""
        actor = Actor("person", str(user.pk)) if user else Actor("staff", str(member), via=tablet)
        current_log().note(AuditEvent.ACCEPTED, by=actor, force=force, on=("member", member or ""))
    return str(outcome)
