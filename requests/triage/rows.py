"""What the queue and the record show, in words; decisions are made here and not in the templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pharmacies.models import ForceSettings, StaffMember

from ..attention import claim_lapsed, clock
from ..circumstances import circumstances
from ..enums import State
from ..models import OPEN_STATES, CodewordRequest, InformationLine, Offer
from ..release import is_without_agreement

BAND_KINDS = {1: "alert", 2: "now", 3: "later"}


@dataclass(frozen=True)
class Row:
    """One row of the queue."""

    id: str
    open_url: str
    place: str
    waited: str
    since: str
    facts: list[str]
    held_by: str
    overdue: bool
    drill: bool
    alarming: bool = False  # sounds until somebody opens or claims it
    present: str = ""
    fresh: bool = False


def waited_text(waited: timedelta) -> str:
    """How long, as a running clock reads: mm:ss, and hours where there are any."""
    seconds = int(waited.total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def with_clocks(offers: Iterable[Offer], now: datetime) -> list[tuple[Offer, str]]:
    """Offers, each with how long its record has waited: a row of either kind reads the same before the clock runs on."""
    return [(offer, waited_text(max(now - offer.released_at, timedelta(0)))) for offer in offers]


def place(record: CodewordRequest) -> str:
    """Where they are: at the pharmacy, or at the postcode that staff gave instead of it."""
    if record.elsewhere:
        return _("%(postcode)s, NOT at the pharmacy") % {"postcode": record.elsewhere}
    return f"{record.pharmacy.name}, {record.pharmacy.postcode}"


def row(record: CodewordRequest, settings: ForceSettings, now: datetime, present: Iterable[str] = ()) -> Row:
    """A record as a row of the queue: nothing that a person said."""
    time = clock(record, settings, now)
    names = ", ".join(present)
    return Row(
        id=str(record.pk),
        open_url=reverse("triage:open", args=[record.pk]),
        place=place(record),
        waited=waited_text(time.waited),
        since=(record.released_at or record.started_at).isoformat(),
        facts=[record.reference, *marks(record)],
        held_by=held_by(record, settings, now),
        overdue=time.overdue and record.state in OPEN_STATES,
        drill=record.is_drill,
        alarming=alarming(record, settings, now),
        present=_("open at %(names)s") % {"names": names} if names else "",
    )


def alarming(record: CodewordRequest, settings: ForceSettings, now: datetime) -> bool:
    """Whether it must be heard: nobody has read it, or it was read and nobody has it: for too long, or since a claim ended."""
    if record.state == State.WAITING or claim_lapsed(record, settings, now):
        return True
    if record.state != State.READ or record.read_at is None:
        return False
    return record.acted_at is not None or now - record.read_at > settings.claim_limit


def in_date(recorder: StaffMember) -> bool:
    """Whether the recorder's training holds today. Shown, never a reason to withhold anything."""
    return recorder.training_expires_on is not None and recorder.training_expires_on >= timezone.localdate()


def marks(record: CodewordRequest) -> list[str]:
    """What must not be overlooked about a record."""
    found = []
    if record.helps is not None:
        found.append(_("%(force)s asks for help") % {"force": record.helps.short_name})
    if record.alerted_at is not None:
        found.append(_("danger now"))
    if record.declined_police:
        found.append(_("does not want police"))
    if is_without_agreement(record):
        found.append(_("without agreement"))
    if record.recorder is None:
        found.append(_("unverified"))
    elif not in_date(record.recorder):
        found.append(_("training not in date"))
    if not record.words_released:
        found.append(_("no words released"))
    return found + circumstances(record)


def held_by(record: CodewordRequest, settings: ForceSettings, now: datetime) -> str:
    """Who holds it, or that somebody read it."""
    if record.state == State.CLOSED:
        return _("closed: %(outcome)s") % {"outcome": record.get_outcome_display()}
    if record.state == State.CLAIMED:
        name = record.claimed_by.display_name if record.claimed_by else _("an officer")
        if claim_lapsed(record, settings, now):
            return _("%(name)s claimed it and did nothing: nobody has it") % {"name": name}
        return _("held by %(name)s") % {"name": name}
    if record.state == State.READ and record.acted_at is not None:
        ended = timezone.localtime(record.acted_at).strftime("%H:%M")
        return _("its claim ended %(time)s, nobody holds it") % {"time": ended}
    if record.read_at is not None:
        return _("read %(time)s, nobody holds it") % {"time": timezone.localtime(record.read_at).strftime("%H:%M")}
    return ""


def bands(
    records: list[CodewordRequest],
    settings: ForceSettings,
    now: datetime,
    counts: Mapping[int, int],
    present: Mapping[UUID, list[str]],
) -> list[dict[str, Any]]:
    """The queue's bands, most urgent first, each with its rows and how many there are in all."""
    found: dict[int, list[Row]] = {number: [] for number in BAND_KINDS}
    for record in records:
        found[record.attention].append(row(record, settings, now, present.get(record.pk, ())))
    return [
        {
            "kind": BAND_KINDS[number],
            "rows": rows,
            "count": counts.get(number, 0),
            "more": counts.get(number, 0) - len(rows),
        }
        for number, rows in found.items()
    ]


def line_text(line: InformationLine) -> str:
    """An information line in words: where it may be said, the day, what was wanted."""
    parts = [line.district_name] if line.district_name else []
    parts += [date_format(line.day, "j F"), line.get_wanted_display()]
    return " · ".join(parts)
