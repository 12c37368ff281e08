"""The mails that hold an invitation's link: sent by the worker, tried again, and marked where they do not leave.

No link is kept anywhere. It is derived from the service's secret and the invitation, so the worker can make it again;
the database holds its hash.
"""

import base64
import hashlib
import hmac
import smtplib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections
from django.utils.translation import gettext as _

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from pharmacies.enums import AuditEvent

MAILER = Actor("process", "invitations")
# After each try that fails; then it is left to the person who invited, whose page has been saying so since the first.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]


def token_of(invitation: UUID, links: int) -> str:
    """The secret part of the link that an invitation has now; `links` counts the ones it had."""
    said = f"invitation|{invitation}|{links}".encode()
    made = hmac.digest(settings.SECRET_KEY.encode(), said, hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def deliver(*, now: datetime) -> int:
    """Send every invitation's mail that is due, each in a transaction of its own; how many left.

    A process that dies between the sending and the commit sends again: the same link, twice.
    """
    sent = 0
    while (left := _one(now)) is not None:
        sent += left
    return sent


def _one(now: datetime) -> bool | None:
    with using_role("worker"), scoped(Scope(Kind.WORKER)) as log, connections["worker"].cursor() as cursor:
        cursor.execute(
            "select id, force_id, email, links, base_url, mail_tries from pharmacies_invitation"
            " where mail_due_at <= %s and used_at is null and cancelled_at is null and expires_at > %s"
            " order by mail_due_at limit 1 for no key update skip locked",
            [now, now],
        )
        if (found := cursor.fetchone()) is None:
            return None
        invitation, force, address, links, base_url, tries = found
        problem = _send(address, f"{base_url}/join/invitation/{token_of(invitation, links)}/")
        again = now + WAITS[tries] if problem and tries < len(WAITS) else None
        cursor.execute(
            "update pharmacies_invitation set mail_tries = %s, mail_due_at = %s, sent_at = %s where id = %s",
            [tries + 1, again, None if problem else now, invitation],
        )
        log.note(AuditEvent.MAILED, by=MAILER, force=force, on=("invitation", invitation), problem=problem)
    return not problem


def _send(address: str, link: str) -> str:
    """The kind of error if it did not go, never the server's own words. Neither scheme nor pharmacy stands in it."""
    message: Any = EmailMessage(
        subject=_("Your access"),
        body=_("You are invited to set up your access. The link works once, for seven days:\n\n%(link)s\n")
        % {"link": link},
        to=[address],
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        return type(error).__name__
    return ""
