"""Who looked at a record, and why: what they said, and every look that the log holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, Max, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ani_portal.access.principals import Principal
from pharmacies.models import Officer

from ..enums import Event, LookReason
from ..models import CodewordRequest
from ..policies import logged_looks_at, looks_at

# Every kind of look that has a row of the log of its own. Opening (READ) and the reasons given are rows of `Look`.
WORDS: dict[str, Promise] = {
    Event.VIEWED: gettext_lazy("Looked at its page"),
    Event.PRINTED: gettext_lazy("Had the sheet for printing on the screen"),
    Event.NOTES_READ: gettext_lazy("Read its notes for the next shift, on the hand-over sheet"),
    Event.GLASS_BROKEN: gettext_lazy("Opened its restricted words; the typed reason is in the officers’ notes"),
    Event.KEEPING_SEEN: gettext_lazy("Looked at how long it is kept, without its words"),
    Event.ACCESS_READ: gettext_lazy("Read its entries, for somebody who asked what is held about them"),
    Event.ACCESS_EXPORTED: gettext_lazy("Took out the masked copy, for somebody who asked what is held about them"),
    Event.FOUND: gettext_lazy("Found it by a search"),
}
RESTRICTED = gettext_lazy("Looked at its page, with the restricted words")
GLASS_HOLDS = timedelta(hours=1)  # as ani.sees_restricted has it
MOST = 200


@dataclass(frozen=True)
class LookLine:
    """One look, or several of the same kind by one officer on one day: the last of them."""

    at: datetime
    who: str
    why: str
    times: int = 1


def looks(by: Principal, record: CodewordRequest) -> list[LookLine]:
    """The looks at a record of one's own force, the last first.

    The database puts the same looks of a day together: nobody pushes theirs off the list by looking again and again.
    """
    people = {one.pk: one for one in Officer.objects.filter(force_id=by.force_id)}

    def name(key: str | UUID) -> str:
        known = people.get(UUID(str(key)))
        return known.display_name if known else _("an officer of another force")

    together = {"last": Max("at"), "times": Count("pk")}
    said = looks_at(record).order_by().annotate(day=TruncDate("at"))
    found = [
        LookLine(last, name(officer), str(LookReason(reason).label), times)
        for officer, reason, _day, last, times in said.values_list("officer_id", "reason", "day").annotate(**together)
    ]
    logged = logged_looks_at(by, record, WORDS).order_by()
    restricted = Case(When(_with_restricted(by, record, people.values()), then=Value(True)), default=Value(False))
    rows = logged.annotate(day=TruncDate("at"), restricted=restricted).values_list(
        "actor_id", "event", "restricted", "day"
    )
    found += [
        LookLine(last, name(actor), str(RESTRICTED if through else WORDS[event]), times)
        for actor, event, through, _day, last, times in rows.annotate(**together)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _with_restricted(by: Principal, record: CodewordRequest, people: Iterable[Officer]) -> Q:
    """Which rows of the log are looks at the page that showed its restricted words."""
    if record.restricted_at is None:
        return Q(pk__in=[])
    through = Q(actor_id__in=[str(one.pk) for one in people if one.conflict])
    for row in logged_looks_at(by, record, [Event.GLASS_BROKEN]):
        through |= Q(actor_id=row.actor_id, at__range=(row.at, row.at + GLASS_HOLDS))
    return Q(event=Event.VIEWED, at__gte=record.restricted_at) & through
