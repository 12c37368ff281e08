"""What of a force somebody may reach: its settings and its support directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal

from ..enums import FOUND_OUT, Audience, ForceCheck
from ..models import (
    CannedLine,
    District,
    ForceCheckDone,
    ForceSettings,
    Invitation,
    ResponseGrade,
    SettingsChange,
    SupportService,
)
from .sites import sites_of


def settings_of(by: Principal) -> ForceSettings | None:
    """The force's settings; None before anybody began them."""
    return ForceSettings.objects.filter(pk=by.force_id).first()


def grades_of(by: Principal) -> "QuerySet[ResponseGrade]":
    """The force's own grades."""
    return ResponseGrade.objects.filter(force_id=by.force_id)


def canned_lines_of(by: Principal) -> "QuerySet[CannedLine]":
    """The lines that its desk sends."""
    return CannedLine.objects.filter(force_id=by.force_id)


def changes_of(by: Principal) -> "QuerySet[SettingsChange]":
    """Who changed what, newest first."""
    return SettingsChange.objects.filter(force_id=by.force_id)


def force_checks(by: Principal) -> "QuerySet[ForceCheckDone]":
    """What of its checklist is done."""
    return ForceCheckDone.objects.filter(force_id=by.force_id)


@dataclass(frozen=True)
class CheckLine:
    """One item of a force's checklist: who said that it is done, or whether it was found to be."""

    item: str
    label: str
    said: ForceCheckDone | None
    found_out: bool
    is_done: bool


def checklist(by: Principal) -> list[CheckLine]:
    """The whole of it, as the database sees it."""
    said = {check.item: check for check in force_checks(by)}
    with connection.cursor() as cursor:
        cursor.execute("select ani.missing_for_live(%s)", [by.force_id])
        (missing,) = cursor.fetchone() or (None,)
    open_items = set((missing or "").split(","))
    return [
        CheckLine(item, str(label), said.get(item), item in FOUND_OUT, item not in open_items)
        for item, label in ForceCheck.choices
    ]


def districts_of(by: Principal) -> "QuerySet[District]":
    """The districts in its area."""
    return District.objects.filter(force_id=by.force_id)


def directory_of(by: Principal) -> Sequence[tuple[str, Sequence[SupportService]]]:
    """The support directory, apart by who may be shown a line: national lines and the force's own."""
    own = Q(force__isnull=True) | Q(force_id=by.force_id)
    rows = list(SupportService.objects.filter(own).select_related("force", "district"))
    return [(str(label), [row for row in rows if row.audience == audience]) for audience, label in Audience.choices]


def support_line(by: Principal, key: UUID) -> SupportService:
    """One of the force's own lines, or *not found*: national ones are the operator's."""
    found = SupportService.objects.filter(key=key, force_id=by.force_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Proofs:
    """When the ways that nobody looks at were last proven."""

    queue: datetime | None  # an officer answered a drill
    alarm: datetime | None  # an officer switched the desk's alarm on, and heard it
    watched: bool  # somebody looks at the queue now
    conflict_officers: int
    mails_failing: int  # invitations whose mail was tried and has not left
    mail: datetime | None  # a mail left


def proofs_of(by: Principal) -> Proofs:
    """When the queue, and the mail, were last proven to work for one's pharmacies."""
    queue = sites_of(by).aggregate(at=Max("proven_at"))["at"]
    invited = Invitation.objects.aggregate(
        at=Max("sent_at"),
        failing=Count("pk", Q(mail_tries__gt=0, sent_at__isnull=True, used_at__isnull=True, cancelled_at__isnull=True)),
    )
    with connection.cursor() as cursor:
        cursor.execute("select armed, watched, conflict from ani.desk_proofs()")
        armed, watched, conflict = cursor.fetchone() or (None, False, 0)
    return Proofs(queue, armed, bool(watched), conflict, invited["failing"], invited["at"])


def national_lines(by: Principal) -> "QuerySet[SupportService]":
    """The lines that belong to no force, those due first."""
    return SupportService.objects.filter(force__isnull=True).order_by(F("review_on").asc(nulls_first=True), "name")


def national_line(by: Principal, key: UUID) -> SupportService:
    """One of them, or *not found*."""
    found = national_lines(by).filter(key=key).first()
    if found is None:
        raise Http404
    return found
