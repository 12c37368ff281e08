"""Which pharmacies would work today, and what to do about those that would not."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pharmacies.enums import SiteCheck
from pharmacies.models import Pharmacy, Tablet

# A tablet's heartbeat comes every minute while it is switched on; shops close on Sundays and for holidays.
SILENT_AFTER = timedelta(days=3)
TRAINING_SOON = timedelta(days=30)
# Rare use is forgotten use: a drill at least every quarter.
DRILL_EVERY = timedelta(days=91)
DRILL_SOON = timedelta(days=14)


class Grade(IntEnum):
    """How bad it is; failing comes first."""

    FAILING, AT_RISK, READY = range(3)


@dataclass
class Line:
    """One pharmacy on the board."""

    pharmacy: Pharmacy
    grade: Grade = Grade.READY
    findings: list[tuple[str, str]] = field(default_factory=list)  # what is wrong, and its remedy

    def add(self, grade: Grade, finding: str, remedy: str) -> None:
        """One thing that is wrong."""
        self.grade = min(self.grade, grade)
        self.findings.append((finding, remedy))

    @property
    def css(self) -> str:
        """The class of its row."""
        return ("is-failing", "is-at-risk", "is-ready")[self.grade]

    @property
    def word(self) -> str:
        """The word that stands beside the colour."""
        return (_("Failing"), _("At risk"), _("Ready"))[self.grade]


def board(sites: "QuerySet[Pharmacy]") -> list[Line]:
    """A line for each pharmacy, failing on top. Four queries, however many there are."""
    today, now = timezone.localdate(), timezone.now()
    working = Tablet.objects.filter(revoked_at__isnull=True)
    found = sites.prefetch_related(Prefetch("tablets", working, to_attr="working")).annotate(
        people=Count("staff", filter=Q(staff__ended_at__isnull=True), distinct=True),
        in_date=Count(
            "staff", filter=Q(staff__ended_at__isnull=True, staff__training_expires_on__gte=today), distinct=True
        ),
        done=Count("checks", distinct=True),
        last_in_date=Max("staff__training_expires_on", filter=Q(staff__ended_at__isnull=True)),
    )
    lines = [_line(site, today, now) for site in found]
    return sorted(lines, key=lambda line: (line.grade, line.pharmacy.name))


def _line(site: Any, today: Any, now: Any) -> Line:
    line = Line(site)
    heard = [tablet.last_heard_at for tablet in site.working if tablet.last_heard_at]
    if not site.working:
        line.add(Grade.FAILING, _("No tablet"), _("Make a code, and set one up."))
    elif not heard:
        line.add(Grade.FAILING, _("No tablet was ever heard from"), _("Switch it on, and open the counter."))
    elif now - max(heard) > SILENT_AFTER:
        days = (now - max(heard)).days
        line.add(
            Grade.FAILING, _("Tablets silent for %d days") % days, _("Switch one on; if it is lost, end its access.")
        )
    if not site.people:
        line.add(Grade.FAILING, _("Nobody works there"), _("Invite the staff."))
    elif not site.in_date:
        line.add(Grade.FAILING, _("Nobody’s training is in date"), _("Arrange a training, and record it."))
    elif site.last_in_date - today < TRAINING_SOON:
        line.add(Grade.AT_RISK, _("The last training in date ends soon"), _("Arrange the next one."))
    elif site.in_date == 1:
        line.add(Grade.AT_RISK, _("One person alone is trained"), _("Train a second."))
    for tablet in site.working:
        if len(site.working) > 1 and (tablet.proven_at is None or now - tablet.proven_at > DRILL_EVERY):
            line.add(
                Grade.AT_RISK,
                _("The alarm of “%s” was not proven for a quarter") % tablet.name,
                _("Hold a drill on it."),
            )
    if not site.phone:
        line.add(Grade.FAILING, _("No number for police to ring back"), _("Add the register’s number."))
    if open_items := len(SiteCheck) - site.done:
        line.add(
            Grade.AT_RISK,
            _("%d items of the checklist are open") % open_items,
            _("Go through them on the pharmacy’s page."),
        )
    if site.proven_at is None:
        line.add(Grade.AT_RISK, _("Never proven by a drill"), _("Hold a drill."))
    elif now - site.proven_at > DRILL_EVERY:
        line.add(Grade.FAILING, _("Drill overdue"), _("Hold a drill."))
    elif now - site.proven_at > DRILL_EVERY - DRILL_SOON:
        line.add(Grade.AT_RISK, _("Drill due soon"), _("Hold a drill."))
    return line
