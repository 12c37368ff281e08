"""Somebody asks what is held about them: review, mask, clear, take out. Nothing is ever sent to anyone from here."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from ani_portal.access.principals import Principal
from ani_portal.sealing.keyring import SealBroken
from ani_portal.sealing.seal import Seal, seal_of

from ..actions import NotPossible, look
from ..actions.shared import call, locked, note
from ..entry_words import words_of
from ..enums import Event, HoldReason, LookReason
from ..models import AccessRequest, CodewordRequest, Entry, Hold, MaskedEntry
from .actions import place_hold

# While somebody waits for an answer the original stays; a month is the law's time, three leave room to complain.
HOLD_FOR = timedelta(days=92)
OPEN, CLOSE, BLOCK = "[[", "]]", "█████"


@dataclass(frozen=True)
class ReviewLine:
    """One entry, as it was said and as the copy would show it."""

    entry: Entry
    text: str
    masked: str | None  # None: not reviewed yet, so it does not go into a copy
    left_out: bool
    broken: bool = False


def open_access(*, by: Principal, record: CodewordRequest) -> AccessRequest:
    """Begin to answer; colleagues see that, and the original is put under hold. Twice is once."""
    record = locked(record)
    if known := AccessRequest.objects.filter(record=record, closed_at__isnull=True).first():
        return known
    if record.read_at is None:
        raise NotPossible(_("An officer of the desk must open it first."))
    look(by=by, record=record, reason=LookReason.ENQUIRY)
    made = AccessRequest.objects.create(record=record, force_id=record.force_id, opened_by_id=UUID(by.actor.id))
    if not Hold.objects.filter(record=record, reason=HoldReason.SUBJECT_ACCESS, lifted_at__isnull=True).exists():
        review: date = timezone.localdate() + HOLD_FOR
        place_hold(by=by, record=record, reason=HoldReason.SUBJECT_ACCESS, review_on=review)
    note(Event.ACCESS_OPENED, record, by)
    return made


def review(access: AccessRequest) -> list[ReviewLine]:
    """Every entry that police can read, opened, with its mask. What does not open is shown as such."""
    masks = {mask.entry_id: mask for mask in access.masked.all()}
    try:
        seal: Seal | None = seal_of(access.record_id)
    except SealBroken:
        seal = None
    return [_line(entry, masks.get(entry.pk), seal) for entry in access.record.entries.order_by("at")]


def _line(entry: Entry, mask: MaskedEntry | None, seal: Seal | None) -> ReviewLine:
    try:
        if seal is None:
            raise SealBroken("no key")
        text = words_of(entry.kind, seal.open(bytes(entry.sealed), field=entry.field))
        if mask is None:
            return ReviewLine(entry, text, None, False)
        kept = seal.open(bytes(mask.sealed), field=mask.field)
        return ReviewLine(entry, text, kept["text"], bool(kept["left_out"]))
    except SealBroken:
        return ReviewLine(entry, "", None, True, broken=True)


def hides_words(access: AccessRequest) -> bool:
    """Whether the record has restricted words that this officer does not see: a copy without them would not say so."""
    return access.record.restricted_at is not None and not call("sees_restricted", access.record_id)


def _check_sees_all(access: AccessRequest) -> None:
    if hides_words(access):
        raise NotPossible(_("Some of its words are restricted, and you cannot read them. Open them first."))


def masked_text(original: str, marked: str) -> str:
    """`marked` is the original with [[ ]] around what is about somebody else; NotPossible if it says anything else."""
    marked, original = marked.replace("\r\n", "\n"), original.replace("\r\n", "\n")
    if marked.replace(OPEN, "").replace(CLOSE, "").strip() != original.strip():
        raise NotPossible(
            _("Only add [[ and ]] around what must not be read. The words themselves stay as they were said.")
        )
    if re.sub(r"\[\[.*?\]\]", "", marked, flags=re.S).count("[[") or marked.count(OPEN) != marked.count(CLOSE):
        raise NotPossible(_("Each [[ needs its ]]."))
    return re.sub(r"\[\[.*?\]\]", BLOCK, marked, flags=re.S)


def mask_entry(*, by: Principal, access: AccessRequest, entry: Entry, marked: str, left_out: bool) -> MaskedEntry:
    """Keep how the copy shows one entry. A copy that was cleared must be cleared again."""
    record = locked(access.record)
    access = AccessRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=access.pk)
    if access.closed_at is not None:
        raise NotPossible(_("It was answered before."))
    seal = seal_of(record.pk)
    original = words_of(entry.kind, seal.open(bytes(entry.sealed), field=entry.field))
    text = "" if left_out else masked_text(original, marked)
    mask = MaskedEntry.objects.filter(access=access, entry=entry).first() or MaskedEntry(
        access=access, entry=entry, record=record, force_id=record.force_id
    )
    mask.sealed = seal.close({"text": text, "left_out": left_out}, field=mask.field)
    mask.at, mask.by_id = timezone.now(), UUID(by.actor.id)
    if mask._state.adding:
        mask.save(force_insert=True)
    else:
        mask.save(update_fields=["sealed", "at", "by"])
    if not access.needs_officer:
        access.needs_officer, access.cleared_at, access.cleared_by = True, None, None
        access.save(update_fields=["needs_officer", "cleared_at", "cleared_by"])
    note(Event.ACCESS_MASKED, record, by, left_out=left_out)
    return mask


def clear(*, by: Principal, access: AccessRequest) -> None:
    """The data protection officer clears the copy as it is now; every entry must have been reviewed."""
    access = AccessRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=access.pk)
    _check_sees_all(access)
    if any(line.masked is None and not line.broken for line in review(access)):
        raise NotPossible(_("Some entries were not reviewed yet."))
    access.needs_officer, access.cleared_at, access.cleared_by_id = False, timezone.now(), UUID(by.actor.id)
    access.save(update_fields=["needs_officer", "cleared_at", "cleared_by"])
    note(Event.ACCESS_CLEARED, access.record, by)


def check_may_export(access: AccessRequest) -> None:
    """NotPossible while the flag *do not release without the data protection officer* is up."""
    if access.needs_officer:
        raise NotPossible(_("Do not release without the data protection officer: this copy is not cleared yet."))


def copy(access: AccessRequest) -> list[ReviewLine]:
    """What the copy holds: the masked entries, without those left out. Refused unless it was cleared."""
    check_may_export(access)
    _check_sees_all(access)
    return [line for line in review(access) if line.masked is not None and not line.left_out]


def export(*, by: Principal, access: AccessRequest) -> list[ReviewLine]:
    """The copy, for who takes it out; its line in the log commits before anything leaves."""
    lines = copy(access)
    note(Event.ACCESS_EXPORTED, access.record, by, entries=len(lines))
    return lines


def close_access(*, by: Principal, access: AccessRequest) -> None:
    """It was answered. The hold stays until somebody lifts it: the person may complain."""
    access = AccessRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=access.pk)
    if access.closed_at is None:
        access.closed_at, access.closed_by_id = timezone.now(), UUID(by.actor.id)
        access.save(update_fields=["closed_at", "closed_by"])
        note(Event.ACCESS_CLOSED, access.record, by)
