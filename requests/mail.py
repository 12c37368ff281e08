"""Sending what clocks.py found due. A mail says that the desk needs somebody, and nothing else."""

import smtplib
import time
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db import connections
from django.utils.translation import gettext as _

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.live.notify import announce, force_topic

from .enums import AttemptState, Event, Reach
from .telling import ALIAS, CLOCKS

DUE = [AttemptState.DUE, Reach.MAIL]
TOGETHER = 200  # attempts that one mail settles: each is a row of the log, and the force's chain waits for them
AT_ONCE = 8.0  # seconds; the job is due every ten


def deliver(*, now: datetime) -> int:
    """Send every mail that is due, each person's in a transaction of its own; how many went out.

    A process that dies after the sending and before the commit sends again: twice is better than not at all. It ends
    after some seconds and the next job goes on: a worker that is told to stop waits for the jobs it has.
    """
    sent, end = 0, time.monotonic() + AT_ONCE
    while time.monotonic() < end and (went := _one(now)) is not None:
        sent += went
    return sent


def _one(now: datetime) -> bool | None:
    """One mail to whom the oldest due attempt is for: whether it went out; None if none is due or somebody is sending.

    It stands for all that is due for that person now (no row is locked while the mail server is waited for). It says the
    same of one record as of a thousand, and a thousand mails at once are read by nobody.
    """
    with using_role(ALIAS), scoped(Scope(Kind.WORKER)) as log:
        with connections[ALIAS].cursor() as cursor:
            # One mail at a time, whoever sends: a server that hangs holds up one job of the worker and not all of them.
            cursor.execute("select pg_try_advisory_xact_lock(hashtext('ani mail'))")
            if cursor.fetchone() != (True,):
                return None
            cursor.execute(
                "select a.force_id, a.officer_id, case when a.officer_id is null then s.duty_email else u.email end"
                " from requests_attempt a join pharmacies_forcesettings s on s.force_id = a.force_id"
                " left join pharmacies_officer o on o.id = a.officer_id left join accounts_user u on u.id = o.user_id"
                " where a.state = %s and a.channel = %s order by a.at limit 1",
                DUE,
            )
            if (found := cursor.fetchone()) is None:
                return None
            force, officer, address = found
            cursor.execute(
                "select id from requests_attempt where state = %s and channel = %s and force_id = %s"
                " and officer_id is not distinct from %s order by at limit %s",
                [*DUE, force, officer, TOGETHER],
            )
            attempts = [attempt for (attempt,) in cursor.fetchall()]
            problem = _send(address)
            # What did not go is one attempt that failed: the others are still to be tried.
            state, tried = (AttemptState.FAILED, attempts[:1]) if problem else (AttemptState.SENT, attempts)
            cursor.execute(
                "update requests_attempt set state = %s, problem = %s, tried_at = %s where id = any(%s) and state = %s"
                " returning id",
                [state, problem, now, tried, AttemptState.DUE],
            )
            settled = [attempt for (attempt,) in cursor.fetchall()]
        for attempt in settled:
            log.note(
                Event.ATTEMPTED, by=CLOCKS, force=force, on=("attempt", attempt), state=str(state), problem=problem
            )
        announce(force_topic(force))
        return not problem


def _send(address: str | None) -> str:
    """Send to `address`; the kind of error if it did not go, never the server's own words."""
    if not address:
        return "no address"
    message: Any = EmailMessage(
        subject=_("Please look at the desk"),
        body=_("Something needs somebody at the desk now. Sign in to see what. This mail says no more on purpose."),
        to=[address],
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        return type(error).__name__
    return ""
