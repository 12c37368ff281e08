"""What of a force somebody may reach: its settings and its support directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet
from django.http import Http404

from ani_portal.access.principals import Principal

from ..enums import Audience
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


def districts_of(by: Principal) -> "QuerySet[District]":
    """The districts in its area."""
    return District.objects.filter(force_id=by.force_id)


def directory_of(by: Principal) -> Sequence[tuple[str, Sequence[SupportService]]]:
    """The support directory, apart by who may be shown a line: national lines and the force's own."""
    rows = list(SupportService.objects.select_related("force", "district"))
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
    mail: datetime | None  # a mail left


def proofs_of(by: Principal) -> Proofs:
    """When the queue, and the mail, were last proven to work for one's pharmacies."""
    queue = sites_of(by).aggregate(at=Max("proven_at"))["at"]
    return Proofs(queue, Invitation.objects.aggregate(at=Max("sent_at"))["at"])
