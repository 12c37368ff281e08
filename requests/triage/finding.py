"""Filtering and searching the records of one's own force. What is looked for stands in the address, so it is never a
name: only what has the form of a reference, a number, a pharmacy's code or a day gets there."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode

from ani_portal.access.principals import Principal
from pharmacies.models import Pharmacy

from ..enums import StepKind
from ..models import OPEN_STATES, CodewordRequest
from ..policies import released_records

REFERENCE = re.compile(r"^[2-9CDFGHJKMNPQRTVWXY]{3}-?[2-9CDFGHJKMNPQRTVWXY]{3}$")
PHARMACY = re.compile(r"^F[A-Z0-9]{4}$")
NUMBER = re.compile(r"^(?=.*\d)[A-Z0-9][A-Z0-9/.\-]{0,39}$")
# A number that somebody rang from is looked for elsewhere (retention/find/), where it stands in no address.
PHONE = re.compile(r"^(?:0|44|0044)[1-9]\d{8,9}$")
MOST = 100  # rows of one page; the queue says how many more there are
MOST_COUNTED = 1_000  # of what is closed as well; everything that is open is counted whole
HELD = ("me", "nobody")


@dataclass(frozen=True)
class Filter:
    """What the address asks for. Empty is the whole open queue."""

    reference: str = ""
    pharmacy: str = ""
    number: str = ""
    day: date | None = None
    held: str = ""
    closed: bool = False

    @property
    def active(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.reference or self.pharmacy or self.number or self.day or self.held or self.closed)

    @property
    def needs_row(self) -> bool:
        """Whether it is a search, which leaves a row of the log: by what names a record, or among closed ones."""
        return bool(self.reference or self.number or self.closed)

    @property
    def parts(self) -> dict[str, str]:
        """What is asked for, as an address or a form has it."""
        parts = {
            "reference": self.reference, "pharmacy": self.pharmacy, "number": self.number,
            "day": self.day.isoformat() if self.day else "", "held": self.held, "closed": "yes" if self.closed else "",
        }  # fmt: skip
        return {name: value for name, value in parts.items() if value}

    @property
    def words(self) -> str:
        """What is looked for, to be read; empty if it is only whether they are closed or held."""
        day = date_format(self.day, "j F Y") if self.day else ""
        return " · ".join(filter(None, (self.reference, self.number, self.pharmacy, day)))

    def query(self) -> str:
        """The same as an address has it."""
        return urlencode(self.parts)


def filter_of(query: QueryDict) -> Filter:
    """The filter in an address; what has no proper form is left out."""

    def shaped(name: str, form: re.Pattern[str]) -> str:
        value = query.get(name, "").strip().upper()
        return value if form.match(value) else ""

    held = query.get("held", "")
    return Filter(
        shaped("reference", REFERENCE), shaped("pharmacy", PHARMACY), shaped("number", NUMBER),
        _day(query.get("day", "")), held if held in HELD else "", query.get("closed") == "yes",
    )  # fmt: skip


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def understood(text: str) -> Filter | None:
    """What somebody typed into the search, as a filter; None if it has the form of nothing that can be looked for."""
    text = text.strip().upper()
    if REFERENCE.match(text):
        plain = text.replace("-", "")
        return Filter(reference=f"{plain[:3]}-{plain[3:]}", closed=True)
    if PHARMACY.match(text):
        return Filter(pharmacy=text, closed=True)
    if (day := _day(text)) or (day := _british(text)):
        return Filter(day=day, closed=True)
    if NUMBER.match(text) and not PHONE.match(re.sub(r"[.\-]", "", text)):
        return Filter(number=text, closed=True)
    found = list(Pharmacy.objects.filter(name__icontains=text).exclude(ods_code=None)[:2]) if len(text) > 2 else []
    if len(found) == 1:
        return Filter(pharmacy=found[0].ods_code or "", closed=True)
    return None


def _british(text: str) -> date | None:
    if found := re.match(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$", text):
        day, month, year = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            return None
    return None


def records(by: Principal, wanted: Filter) -> "QuerySet[CodewordRequest]":
    """The force's released records that fit."""
    found = released_records(by)
    if not wanted.closed:
        found = found.filter(state__in=OPEN_STATES)
    if wanted.reference:
        found = found.filter(reference=wanted.reference)
    if wanted.pharmacy:
        # By its id, so that the index of a pharmacy's records gives them in order.
        found = found.filter(pharmacy_id=Pharmacy.objects.filter(ods_code=wanted.pharmacy).values("pk")[:1])
    if wanted.number:
        found = found.filter(
            Q(policesteps__number=wanted.number, policesteps__kind__in=(StepKind.INCIDENT, StepKind.CRIME))
        ).distinct()
    if wanted.day:
        start = timezone.make_aware(datetime.combine(wanted.day, time()))
        end = timezone.make_aware(datetime.combine(wanted.day + timedelta(days=1), time()))
        found = found.filter(released_at__gte=start, released_at__lt=end)
    if wanted.held == "me":
        found = found.filter(state="claimed", claimed_by_id=UUID(by.actor.id))
    elif wanted.held == "nobody":
        found = found.exclude(state="claimed")
    return found


def newest_first(found: "QuerySet[CodewordRequest]", wanted: Filter) -> "QuerySet[CodewordRequest]":
    """What was found among closed ones too, in the order that its index has."""
    return found.order_by("-started_at" if wanted.pharmacy else "-released_at", "id")
