"""How long each outcome is kept: the force's own lines, and where it has none, the defaults it starts with.

The defaults are a place to start from, not advice. Police information is reviewed under the Code of Practice on Police
Information and Records Management and the College of Policing's Authorised Professional Practice (review, retention and
disposal); six years is its usual first review. A force sets its own in agreement with its data protection officer.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..enums import Outcome
from ..models import RetentionRule

DRILL = "drill"
USUAL_MONTHS = 72
# A year at least, so that a complaint, an inspection or the person's own question still finds the record.
LEAST_MONTHS = 12
DEFAULT_MONTHS = {Outcome.NOTHING_FURTHER: 12, DRILL: 12}
# A line that nobody set is looked at again when the service is a year old; a set one when its setter said.
REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """One line of the schedule as it holds now."""

    outcome: str
    label: str | Promise
    keep_months: int
    review_on: date | None  # None: nobody has set this line yet
    own: bool


def outcomes() -> list[tuple[str, str | Promise]]:
    """Everything that a closed record can be, with its name."""
    return [*Outcome.choices, (DRILL, _("Drill"))]


def default_months(outcome: str) -> int:
    """The months that an outcome is kept where the force has set nothing. The database says the same (sql/schedule.sql)."""
    return DEFAULT_MONTHS.get(outcome, USUAL_MONTHS)


def least_months(outcome: str) -> int:
    """The fewest months that a force may set for it; the database keeps to it."""
    return 1 if outcome == DRILL else LEAST_MONTHS


def schedule(force_id: int) -> list[Line]:
    """The whole schedule of a force."""
    rules = {rule.outcome: rule for rule in RetentionRule.objects.filter(force_id=force_id)}
    lines = []
    for outcome, label in outcomes():
        rule = rules.get(outcome)
        months = rule.keep_months if rule else default_months(outcome)
        lines.append(Line(outcome, label, months, rule.review_on if rule else None, rule is not None))
    return lines


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier, or the last day of a shorter month."""
    local = timezone.localtime(moment)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return local.replace(year=year, month=month + 1, day=min(local.day, 28))


def is_due(force_id: int, now: datetime) -> Q:
    """Which closed records of the force are past their time."""
    due = Q(pk__in=[])
    for line in schedule(force_id):
        due |= Q(closed_at__lte=months_before(now, line.keep_months)) & ended_so(line.outcome)
    return due


def ended_so(outcome: str) -> Q:
    """Which closed records a line of the schedule is about."""
    return Q(is_drill=True) if outcome == DRILL else Q(is_drill=False, outcome=outcome)
