"""Who looked at a record, and why: what they said, and every look that the log holds."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ani_portal.access.principals import Principal
from pharmacies.models import Officer

from ..enums import Event
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
MOST = 100


@dataclass(frozen=True)
class LookLine:
    """One look, or several of the same kind by one officer on one day: the last of them."""

    at: datetime
    who: str
    why: str
    times: int = 1


def looks(by: Principal, record: CodewordRequest) -> list[LookLine]:
    """The looks at a record of one's own force, the last first; two queries besides that of the names."""
    people = {one.pk: one for one in Officer.objects.filter(force_id=by.force_id)}

    def name(key: str | UUID) -> str:
        known = people.get(UUID(str(key)))
        return known.display_name if known else _("an officer of another force")

    found = [LookLine(one.at, name(one.officer_id), one.get_reason_display()) for one in looks_at(record)[:MOST]]
    rows = list(logged_looks_at(by, record, WORDS)[: 2 * MOST])
    broken = [(row.actor_id, row.at) for row in rows if row.event == Event.GLASS_BROKEN]
    same: dict[tuple[object, ...], LookLine] = {}
    for row in rows:
        why = WORDS[row.event]
        officer = people.get(UUID(row.actor_id))
        if row.event == Event.VIEWED and record.restricted_at and row.at >= record.restricted_at:
            through = any(who == row.actor_id and at <= row.at <= at + GLASS_HOLDS for who, at in broken)
            why = RESTRICTED if through or (officer and officer.conflict) else why
        key = (row.actor_id, str(why), timezone.localdate(row.at))
        before = same.get(key)
        same[key] = (
            replace(before, times=before.times + 1) if before else LookLine(row.at, name(row.actor_id), str(why))
        )
    return sorted([*found, *same.values()], key=lambda one: one.at, reverse=True)[:MOST]
