"""Records that may be about the same person: linked, never folded into one."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal

from ..enums import Event
from ..models import CodewordRequest, Link
from .shared import NotPossible, note, tell

# Two at one pharmacy within this time may be one person asking twice.
NEAR = timedelta(hours=1)


def links_of(record: CodewordRequest) -> "QuerySet[Link]":
    """The links that hold now."""
    return Link.objects.filter(Q(record=record) | Q(other=record), ended_at__isnull=True)


def suggestions(record: CodewordRequest) -> "QuerySet[CodewordRequest]":
    """Other records of the force at the same pharmacy within the hour, not linked yet."""
    linked = {pair for link in links_of(record) for pair in (link.record_id, link.other_id)}
    return (
        CodewordRequest.objects.filter(
            force_id=record.force_id,
            pharmacy_id=record.pharmacy_id,
            released_at__isnull=False,
            started_at__range=(record.started_at - NEAR, record.started_at + NEAR),
        )
        .exclude(pk__in=linked | {record.pk})
        .select_related("pharmacy")
        .order_by("started_at")
    )


def link(*, by: Principal, record: CodewordRequest, other: CodewordRequest) -> None:
    """Link two records of one's own force. Twice is once."""
    if record.pk == other.pk:
        raise NotPossible(_("A record is not linked to itself."))
    first, second = sorted((record, other), key=lambda one: one.pk)
    made = Link(force_id=by.force_id, record=first, other=second, by_id=UUID(by.actor.id))
    Link.objects.bulk_create([made], ignore_conflicts=True)
    # By the link's id in both: the log of the one must not name the other for longer than the other is kept.
    for one in (record, other):
        note(Event.LINKED, one, by, link=str(made.pk))
    tell(record)


def unlink(*, by: Principal, record: CodewordRequest, link: UUID) -> None:
    """Take a link away. Once is enough."""
    found = links_of(record).filter(pk=link).update(ended_at=timezone.now(), ended_by_id=UUID(by.actor.id))
    if found:
        note(Event.UNLINKED, record, by, link=str(link))
        tell(record)
