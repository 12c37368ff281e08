"""A record's entries, opened, for the page of an officer."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import Seal, seal_of

from ..entry_words import words_of
from ..enums import OFFICER_KINDS, EntryKind
from ..models import CodewordRequest, Entry
from .forms import THRIVE

logger = logging.getLogger(__name__)


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
    """The opened entries of a record, in order; apart from them what the page shows elsewhere."""

    shown: list[Shown] = field(default_factory=list)
    police: list[Shown] = field(default_factory=list)
    sendable: list[tuple[UUID, str]] = field(default_factory=list)  # what another force may be told of, each in a line
    recorder: str = ""
    rung: str = ""
    safe_contact: Mapping[str, Any] | None = None
    rationales: dict[UUID, str] = field(default_factory=dict)


def entries(record: CodewordRequest) -> Entries:
    """What may be read of a record, opened. A seal that does not fit is shown as such, never as a wrong text."""
    found = Entries(recorder=record.recorder.name if record.recorder else "")
    rows = list(record.entries.select_related("staff", "officer").order_by("at"))
    seal = _seal(record) if rows else None
    for entry in rows:
        value, text = _opened(entry, seal)
        if entry.kind == EntryKind.RECORDER:
            found.recorder = text
            continue
        if entry.kind == EntryKind.RATIONALE:
            found.rationales[entry.pk] = text
            continue
        if value is not None and entry.taken_back_at is None and entry.kind != EntryKind.HAND_OVER:
            found.sendable.append((entry.pk, _in_a_line(entry, found, text)))
        if entry.kind == EntryKind.RUNG_999:
            found.rung = text
        if entry.kind == EntryKind.SAFE_CONTACT:
            found.safe_contact = value or {}  # one that cannot be read is known to exist, and nothing in it is safe
            continue
        police = entry.kind in OFFICER_KINDS
        (found.police if police else found.shown).append(
            Shown(
                kind=entry.kind,
                label=entry.get_kind_display(),
                who=_who(entry, found),
                at=entry.at,
                text=text,
                broken=value is None,
                side="police" if police else "person",
            )
        )
    return found


def _in_a_line(entry: Entry, found: Entries, text: str) -> str:
    time = timezone.localtime(entry.at).strftime("%H:%M:%S")
    return f"{entry.get_kind_display()} · {time} · {_who(entry, found)}: {Truncator(' '.join(text.split())).chars(90)}"


def _who(entry: Entry, found: Entries) -> str:
    if entry.kind in OFFICER_KINDS:
        return entry.officer.display_name if entry.officer else _("an officer of another force")
    return (entry.staff.name if entry.staff else found.recorder) or _("somebody at the tablet, unverified")


def _seal(record: CodewordRequest) -> Seal | None:
    try:
        return seal_of(record.pk)
    except SealBroken as broken:
        logger.error("the key of record %s does not open: %s", record.pk, broken)
        return None


def _opened(entry: Entry, seal: Seal | None) -> tuple[Mapping[str, Any] | None, str]:
    if entry.taken_back_at is not None:
        return {}, _("Taken back by who typed it: it was meant for another record.")
    try:
        if seal is None:
            raise SealBroken("no key")
        value = seal.open(bytes(entry.sealed), field=entry.field)
    except SealBroken:
        logger.error("an entry of record %s does not open: %s", entry.record_id, entry.pk)
        return None, _("This can no longer be read.")
    return value, _text(entry.kind, value)


def _text(kind: str, value: Mapping[str, Any]) -> str:
    if kind == EntryKind.RATIONALE:
        return "\n".join(f"{label}: {value[name]}" for name, label in THRIVE if value.get(name))
    return words_of(kind, value)
