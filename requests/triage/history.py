"""What police did about a record, in order, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..enums import MadeSure, OfferReason, Outcome, ReopenReason, StepKind
from ..models import CodewordRequest, Message, PoliceStep
from .contact import CHANNELS


@dataclass(frozen=True)
class Done:
    """One thing that police did."""

    at: datetime
    who: str
    what: str


def history(record: CodewordRequest, steps: Iterable[PoliceStep], messages: Iterable[Message]) -> list[Done]:
    """Its reading, every step and every line that went to the tablet."""
    elsewhere = _("an officer of another force")
    found = [Done(step.at, step.officer.display_name if step.officer else elsewhere, step_text(step)) for step in steps]
    found += [Done(one.sent_at, _("to the tablet"), one.text) for one in messages]
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


def step_text(step: PoliceStep) -> str:
    """A step in words, with its number and what it says."""
    said = step.get_kind_display()
    if step.number:
        said = f"{said} {step.number}"
    if step.day:
        said = _("%(number)s of %(day)s") % {"number": said, "day": date_format(step.day, "j F Y")}
    labels: Mapping[str, object] = LABELS.get(step.kind, {})
    return f"{said}: {labels[step.code]}" if step.code in labels else str(said)
