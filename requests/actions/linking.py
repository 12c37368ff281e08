"""Records that may be about the same person: linked, never folded into one."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.sealing.models import PhoneMark

from ..enums import Event
from ..models import CodewordRequest, Link
from .shared import NotPossible, note, tell

# Two at one pharmacy within this time may be one person asking twice.
NEAR = timedelta(hours=1)
MOST = 20  # suggested at once


def links_of(record: CodewordRequest) -> "QuerySet[Link]":
    """The links that hold now."""
    return Link.objects.filter(Q(record=record) | Q(other=record), ended_at__isnull=True)


@dataclass(frozen=True)
class Suggestion:
    """Another record that may be about the same person, and why it may."""

    other: CodewordRequest
    why: str


def suggestions(record: CodewordRequest) -> list[Suggestion]:
    """Other records of the force, not linked yet: the same phone number was given, or the same pharmacy within the hour."""
    linked = {pair for link in links_of(record) for pair in (link.record_id, link.other_id)}
    same_phone = set(_with_the_same_phone(record))
    near = Q(pharmacy_id=record.pharmacy_id, started_at__range=(record.started_at - NEAR, record.started_at + NEAR))
    found = (
        CodewordRequest.objects.filter(near | Q(pk__in=same_phone), force_id=record.force_id, released_at__isnull=False)
        .exclude(pk__in=linked | {record.pk})
        .select_related("pharmacy")
        .order_by("-started_at")[:MOST]
    )
    return [
        Suggestion(one, _("the same phone number") if one.pk in same_phone else _("the same pharmacy within the hour"))
        for one in found
    ]


def _with_the_same_phone(record: CodewordRequest) -> "QuerySet[PhoneMark, UUID]":
    """Records in which a number of this one was given as well. Never where the words are withheld or restricted: that a
    number is the same would tell of them."""
    marks = PhoneMark.objects.filter(force_id=record.force_id)
    if record.restricted_at is not None or not record.words_released:
        return marks.none().values_list("record_id", flat=True)
    open_words = CodewordRequest.objects.filter(
        force_id=record.force_id, restricted_at__isnull=True, words_released=True
    )
    same = marks.filter(mark__in=marks.filter(record_id=record.pk).values("mark"))
    return same.filter(record_id__in=open_words.values("pk")).values_list("record_id", flat=True)


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
