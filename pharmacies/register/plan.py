"""What an import would do: every row of the file, with its outcome and the reason. Held as data; apply.py writes it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pharmacies.models import Organisation, Pharmacy

from .settling import Map


class Outcome(TextChoices):
    """What happens to a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("the same")
    LEFT_OUT = "left out", _("left out")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True)
class Known:
    """What is known before the import, by the ODS codes of pharmacies and of head offices."""

    map: Map
    pharmacies: Mapping[str, Pharmacy] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)


@dataclass
class PlannedRow:
    """One row of the file and what becomes of it."""

    row: int
    ods_code: str
    name: str
    postcode: str
    outcome: Outcome
    heading: str = ""  # why it is not taken or must be confirmed, in words that rows of the same kind share
    reason: str = ""  # why it is not taken, in a sentence about this row
    confirm: str = ""  # what a person must look at, if anything; the row is taken all the same
    notes: tuple[str, ...] = ()
    force: str = ""
    open: bool = True
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)  # what: (before, after), for reading
    fields: frozenset[str] = frozenset()  # the columns of a known pharmacy that change
    pharmacy: Pharmacy | None = None  # as it is to be, where it is to be written
    known_part: int | None = None  # the force that a known pharmacy takes part with
    older: bool = False  # something differs, and what is known here is newer than the list
    renews: UUID | None = None  # a known pharmacy that the list confirms, as of a newer day


@dataclass
class Plan:
    """Every row, and the organisations that come with them."""

    layout: str
    as_of: date | None = None  # the day that the list is of
    rows: list[PlannedRow] = field(default_factory=list)
    organisations: dict[str, Organisation] = field(default_factory=dict)  # new or renamed, by code
    missing: list[str] = field(default_factory=list)  # codes known here that a complete register does not hold

    def of(self, *outcomes: Outcome) -> list[PlannedRow]:
        """The rows with one of these outcomes."""
        return [row for row in self.rows if row.outcome in outcomes]

    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome; every outcome is there."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}

    def by_force(self) -> dict[str, int]:
        """How many open pharmacies belong to each force, by name; "" for those without one."""
        taken = self.of(Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
        return dict(sorted(Counter(row.force for row in taken if row.open).items()))

    def to_confirm(self) -> list[PlannedRow]:
        """The rows that a person must look at."""
        return [row for row in self.rows if row.confirm]

    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.organisations or self.of(Outcome.NEW, Outcome.CHANGED) or self.renewed())

    def renewed(self) -> list[UUID]:
        """The known pharmacies that the list confirms as they are, as of a newer day."""
        return [row.renews for row in self.rows if row.renews]

    def older(self) -> list[PlannedRow]:
        """The rows whose differences are older than what is known here, and stay out."""
        return [row for row in self.rows if row.older]

    def new(self) -> list[Pharmacy]:
        """The pharmacies to be created."""
        return [row.pharmacy for row in self.of(Outcome.NEW) if row.pharmacy]

    def changed(self) -> list[Pharmacy]:
        """The pharmacies to be written again."""
        return [row.pharmacy for row in self.of(Outcome.CHANGED) if row.pharmacy]

    def changed_fields(self) -> set[str]:
        """The columns that change in any of them."""
        return set().union(*(row.fields for row in self.of(Outcome.CHANGED)))
