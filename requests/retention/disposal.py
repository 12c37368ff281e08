"""Disposing of what two people decided: the worker (hourly, or when the desk asks) and `manage.py dispose --due` come here."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.utils.translation import gettext_lazy as _

from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor

from ..actions import NotPossible
from ..enums import Event
from .ledger import ledger

DISPOSER = Actor("process", "dispose")
ALIAS = "worker"

WHY_NOT = {
    "gone": _("It is not there any more."),
    "cancelled": _("It was cancelled."),
    "not approved": _("Somebody else must approve it first."),
    "open": _("It is not closed. Only a closed record is ever disposed of."),
    "offered": _("It is offered to another force."),
    "closed anew": _("It was open again after its disposal was asked for. Ask anew."),
    "held": _("It is under legal hold."),
    "too early": _("The waiting time is not over yet."),
}


def dispose(*, disposal_id: UUID) -> None:
    """Destroy the record's key and everything of it but a stub; NotPossible with the reason otherwise.

    As the worker, in a transaction of its own. The log names the decision and not the record, so that its ids lead
    nowhere. The ledger is on disk before the commit; if that fails, the ledger says so too.
    """
    record: UUID | None = None
    force = 0
    try:
        with scoped(Scope(Kind.WORKER)) as log, connections[ALIAS].cursor() as cursor:
            cursor.execute("select said, record, force from ani.dispose(%s)", [disposal_id])
            said, found, force = cursor.fetchone() or ("gone", None, 0)
            if said != "done" or found is None:
                raise NotPossible(str(WHY_NOT[said]))
            log.note(Event.DISPOSED, by=DISPOSER, force=force, on=("disposal", disposal_id))
            ledger().append(found, force=force)
            record = found
    except BaseException:
        if record is not None:
            ledger().append(record, force=force, undone=True)
        raise


def ledger_what_was_taken_back(*, now: datetime) -> int:
    """Entries taken back lately get their line in the ledger; how many were new. Every minute, as the worker.

    The web server writes no ledger. Two days back, so that a worker that stood still misses none.
    """
    with using_role(ALIAS), scoped(Scope(Kind.WORKER)), connections[ALIAS].cursor() as cursor:
        cursor.execute("select id, force_id from requests_entry where taken_back_at > %s - interval '2 days'", [now])
        return ledger().append_missing(cursor.fetchall())


@dataclass
class Went:
    """How a run went: how many were disposed of, and what was left and why."""

    done: int = 0
    left: dict[str, int] = field(default_factory=dict)


def dispose_due(*, now: datetime) -> Went:
    """Every approved disposal whose waiting time is over, each in a transaction of its own."""
    went = Went()
    with using_role(ALIAS):
        with scoped(Scope(Kind.WORKER)), connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "select d.id from requests_disposal d join pharmacies_forcesettings s on s.force_id = d.force_id"
                " where d.cancelled_at is null and d.approved_at + s.disposal_wait <= %s order by d.approved_at",
                [now],
            )
            wanted = [row[0] for row in cursor.fetchall()]
        for disposal_id in wanted:
            try:
                dispose(disposal_id=disposal_id)
                went.done += 1
            except NotPossible as refusal:
                went.left[str(refusal)] = went.left.get(str(refusal), 0) + 1
    return went
