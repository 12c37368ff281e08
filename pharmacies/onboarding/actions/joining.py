"""Asking to join, and answering."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.access.refusals import Refused
from ani_portal.access.scope import current_log
from ani_portal.audit.log import Actor
from pharmacies.enums import ApplicationState, AuditEvent, InvitationKind
from pharmacies.models import Application
from pharmacies.principals import digest

from .invitations import invite
from .sites import bring_on_board


@dataclass(frozen=True)
class Asked:
    """How a wish to join was received; with the secret of the link that shows where it stands."""

    outcome: str
    secret: str = ""


def ask_to_join(*, site: UUID, came_from: str, answers: dict[str, Any]) -> Asked:
    """Take down a wish to join. Nothing else is made before a coordinator of the pharmacy's force approves it."""
    secret = secrets.token_urlsafe(24)
    client = hmac.digest(settings.SECRET_KEY.encode(), came_from.encode(), hashlib.sha256)
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from ani.ask_to_join(%s, %s, %s, %s, %s, %s, %s, %s)",
            [site, digest(secret), client, answers["name"], answers["role"], answers["email"],
             answers["private_space"] == "yes", answers["spare_phone"] == "yes"],
        )  # fmt: skip
        outcome, application, force = cursor.fetchone() or ("unknown", None, None)
    if outcome != "made":
        return Asked(outcome)
    current_log().note(
        AuditEvent.APPLIED_TO_JOIN,
        by=Actor("applicant", str(application)),
        force=force,
        on=("application", application),
    )
    return Asked("made", secret)


def note_rung(*, by: Principal, application: Application) -> None:
    """The pharmacy was rung on the register's number, and somebody there confirmed the wish."""
    if application.state != ApplicationState.WAITING:
        raise _changed()
    application.state, application.rung_at, application.rung_by = ApplicationState.RUNG, timezone.now(), by.actor.id
    application.save(update_fields=["state", "rung_at", "rung_by"])
    _note(by, application, AuditEvent.RUNG)


def approve(*, by: Principal, application: Application, base_url: str) -> None:
    """The pharmacy takes part from now on, and who asked is invited by mail to look after it."""
    if application.state != ApplicationState.RUNG:
        raise _changed()
    _decide(by, application, ApplicationState.APPROVED, "")
    bring_on_board(by=by, pharmacies=[application.pharmacy])
    invite(
        by=by, kind=InvitationKind.ADMINISTRATOR, name=application.name, email=application.email, base_url=base_url,
        force=by.force_id, pharmacy=application.pharmacy,
    )  # fmt: skip
    _note(by, application, AuditEvent.JOINED)


def decline(*, by: Principal, application: Application, reason: str) -> None:
    """Not now; the applicant reads why."""
    if application.state not in (ApplicationState.WAITING, ApplicationState.RUNG):
        raise _changed()
    _decide(by, application, ApplicationState.DECLINED, reason)
    _note(by, application, AuditEvent.DECLINED)


def _decide(by: Principal, application: Application, state: ApplicationState, reason: str) -> None:
    application.state, application.reason = state, reason
    application.decided_at, application.decided_by = timezone.now(), by.actor.id
    application.save(update_fields=["state", "reason", "decided_at", "decided_by"])


def _changed() -> Refused:
    return Refused("changed", _("Somebody else has dealt with it meanwhile. Look at the list again."), status=409)


def _note(by: Principal, application: Application, event: str) -> None:
    current_log().note(event, by=by.actor, force=by.force_id, on=("application", application.pk))
