"""What police did about a record, in order, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..enums import DeclineReason, MadeSure, OfferReason, Outcome, ReopenReason, StepKind
from ..models import CodewordRequest, Message, Offer, PoliceStep
from .contact import CHANNELS


@dataclass(frozen=True)
class Done:
    """One thing that police did."""

    at: datetime
    who: str
    what: str


def history(
    record: CodewordRequest, steps: Iterable[PoliceStep], messages: Iterable[Message], offers: Iterable[Offer] = ()
) -> list[Done]:
    """Its reading, every step, every line that went to the tablet and every offer that came back."""
    elsewhere = _("an officer of another force")
    found = [Done(step.at, step.officer.display_name if step.officer else elsewhere, step_text(step)) for step in steps]
    found += [Done(one.sent_at, _("to the tablet"), one.text) for one in messages]
    found += [Done(one.decided_at, one.to_force.short_name, offer_text(one)) for one in offers if one.decided_at]
    if record.read_at is not None:
        reader = record.read_by.display_name if record.read_by else elsewhere
        found.append(Done(record.read_at, reader, _("Read it first")))
    return sorted(found, key=lambda one: one.at)


LABELS: dict[str, Mapping[str, object]] = {
    StepKind.MADE_SURE: dict(MadeSure.choices),
    StepKind.CLOSED: dict(Outcome.choices),
    StepKind.REOPENED: dict(ReopenReason.choices),
    StepKind.PASSED: dict(OfferReason.choices),
    StepKind.HELP_ASKED: dict(OfferReason.choices),
    StepKind.HELPS: dict(OfferReason.choices),
    StepKind.CONTACT: CHANNELS,
}


def offer_text(offer: Offer) -> str:
    """How an offer ended, and why."""
    said = _("Offered to them %(time)s: %(how)s") % {
        "time": timezone.localtime(offer.offered_at).strftime("%H:%M"), "how": offer.get_state_display().lower(),
    }  # fmt: skip
    why = dict(DeclineReason.choices).get(offer.decline_reason)
    return f"{said}. {why}" if why else said


def step_text(step: PoliceStep) -> str:
    """A step in words, with its number and what it says."""
    said = step.get_kind_display()
    if step.number:
        said = f"{said} {step.number}"
    if step.day:
        said = _("%(number)s of %(day)s") % {"number": said, "day": date_format(step.day, "j F Y")}
    labels: Mapping[str, object] = LABELS.get(step.kind, {})
    return f"{said}: {labels[step.code]}" if step.code in labels else str(said)
