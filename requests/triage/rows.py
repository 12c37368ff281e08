"""What the queue and the record show, in words; decisions are made here and not in the templates."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import Seal, seal_of
from pharmacies.models import ForceSettings

from ..attention import clock
from ..circumstances import circumstances
from ..entry_words import words_of
from ..enums import EntryKind, State
from ..models import CodewordRequest, Entry, InformationLine
from ..release import is_without_agreement

logger = logging.getLogger(__name__)

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
    fresh: bool = False


def waited_text(waited: timedelta) -> str:
    """How long, as a running clock reads: mm:ss, and hours where there are any."""
    seconds = int(waited.total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def row(record: CodewordRequest, settings: ForceSettings, now: datetime) -> Row:
    """A record as a row of the queue: nothing that a person said."""
    time = clock(record, settings, now)
    return Row(
        id=str(record.pk),
        open_url=reverse("triage:open", args=[record.pk]),
        place=f"{record.pharmacy.name}, {record.pharmacy.postcode}",
        waited=waited_text(time.waited),
        since=(record.released_at or record.started_at).isoformat(),
        facts=marks(record),
        held_by=held_by(record),
        overdue=time.overdue,
        drill=record.is_drill,
    )


def marks(record: CodewordRequest) -> list[str]:
    """What must not be overlooked about a record."""
    found = []
    if record.alerted_at is not None:
        found.append(_("danger now"))
    if record.declined_police:
        found.append(_("does not want police"))
    if is_without_agreement(record):
        found.append(_("without agreement"))
    if not record.verified:
        found.append(_("unverified"))
    if not record.words_released:
        found.append(_("no words released"))
    return found + circumstances(record)


def held_by(record: CodewordRequest) -> str:
    """Who holds it, or that somebody read it."""
    if record.state == State.CLAIMED and record.claimed_by is not None:
        return _("held by %(name)s") % {"name": record.claimed_by.display_name}
    if record.read_at is not None:
        return _("read %(time)s, nobody holds it") % {"time": timezone.localtime(record.read_at).strftime("%H:%M")}
    return ""


def bands(records: list[CodewordRequest], settings: ForceSettings, now: datetime) -> list[dict[str, Any]]:
    """The queue's bands, most urgent first, each with its rows."""
    found: dict[str, list[Row]] = {kind: [] for kind in BAND_KINDS.values()}
    for record in records:
        found[BAND_KINDS[record.attention]].append(row(record, settings, now))
    return [{"kind": kind, "rows": rows} for kind, rows in found.items()]


def line_text(line: InformationLine) -> str:
    """An information line in words: where it may be said, the day, what was wanted."""
    parts = [line.district_name] if line.district_name else []
    parts += [date_format(line.day, "j F"), line.get_wanted_display()]
    return " · ".join(parts)


@dataclass(frozen=True)
class Shown:
    """One entry as the record's page shows it."""

    kind: str
    label: str
    who: str
    at: datetime
    text: str
    broken: bool = False
    side: str = "person"


@dataclass
class Entries:
    """The opened entries of a record, in order."""

    shown: list[Shown] = field(default_factory=list)
    recorder: str = ""
    rung: str = ""


def entries(record: CodewordRequest) -> Entries:
    """What may be read of a record, opened. A seal that does not fit is shown as such, never as a wrong text."""
    found = Entries(recorder=record.recorder.name if record.recorder else "")
    rows = list(record.entries.select_related("staff", "officer").order_by("at"))
    if not rows:
        return found
    seal = _seal(record)
    for entry in rows:
        text, broken = _text(entry, seal)
        if entry.kind == EntryKind.RECORDER:
            found.recorder = text
            continue
        if entry.kind == EntryKind.RUNG_999:
            found.rung = text
        who = entry.officer.display_name if entry.officer else entry.staff.name if entry.staff else found.recorder
        found.shown.append(
            Shown(
                kind=entry.kind,
                label=entry.get_kind_display(),
                who=who or _("somebody at the tablet, unverified"),
                at=entry.at,
                text=text,
                broken=broken,
                side="police" if entry.officer else "person",
            )
        )
    return found


def _seal(record: CodewordRequest) -> Seal | None:
    try:
        return seal_of(record.pk)
    except SealBroken as broken:
        logger.error("the key of record %s does not open: %s", record.pk, broken)
        return None


def _text(entry: Entry, seal: Seal | None) -> tuple[str, bool]:
    if entry.taken_back_at is not None:
        return _("Taken back by who typed it: it was meant for another record."), False
    if seal is None:
        return _("This can no longer be read."), True
    try:
        value = seal.open(bytes(entry.sealed), field=entry.field)
    except SealBroken:
        logger.error("an entry of record %s does not open: %s", entry.record_id, entry.pk)
        return _("This can no longer be read."), True
    return words_of(entry.kind, value), False
