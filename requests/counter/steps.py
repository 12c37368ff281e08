"""The questions, in their order, as a table: when each is asked, its form, and what its answer does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ani_portal.access.principals import Principal

from .. import actions
from ..enums import WANTS_POLICE, Danger, EntryKind, Override, Told, Wish
from ..models import CodewordRequest
from ..release import is_alert
from .forms import AgreeForm, DangerForm, OverrideForm, RungForm, SupportForm, WishForm, WordsForm

Data = Mapping[str, Any]
Save = Callable[[Principal, CodewordRequest, UUID, Data], CodewordRequest]


@dataclass(frozen=True)
class Step:
    """One question a screen."""

    name: str
    form: type[forms.Form]
    save: Save
    asked: Callable[[CodewordRequest], bool]
    title: Promise


def _danger(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    return actions.answer_danger(by=by, record=record, danger=Danger(data["danger"]))


def _rung(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    actions.add_entry(by=by, record=record, key=key, kind=EntryKind.RUNG_999, value={"rung": data["rung"]})
    return record


def _wish(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    return actions.answer_wish(by=by, record=record, wish=Wish(data["wish"]))


def _agree(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    if data["agree"] == "yes":
        return actions.agree(by=by, record=record)
    return actions.answer_wish(by=by, record=record, wish=Wish.SUPPORT)


def _override(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    return actions.override(by=by, record=record, reason=Override(data["reason"]), told=Told(data["told"]))


def _words(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    for kind in (EntryKind.OWN_WORDS, EntryKind.OBSERVED):
        if data[kind]:
            # Two entries from one screen: each needs a key of its own, the same one on every retry.
            actions.add_entry(by=by, record=record, key=uuid5(key, kind), kind=kind, value={"text": data[kind]})
    return record


def _nothing(by: Principal, record: CodewordRequest, key: UUID, data: Data) -> CodewordRequest:
    return record


def _wants_police(record: CodewordRequest) -> bool:
    return record.wish in WANTS_POLICE


def _agreed(record: CodewordRequest) -> bool:
    return bool(record.words_released) or record.overridden_at is not None


STEPS = (
    Step("danger", DangerForm, _danger, lambda record: True, _("Is anyone in danger right now?")),
    Step("rung", RungForm, _rung, is_alert, _("Has 999 been rung?")),
    Step("wish", WishForm, _wish, lambda record: True, _("What would they like?")),
    Step("agree", AgreeForm, _agree, _wants_police, _("Do they agree that police are told?")),
    # Asked only by going there on purpose, from the support screen.
    Step("override", OverrideForm, _override, lambda record: False, _("Must police be told without their agreement?")),
    Step("words", WordsForm, _words, _agreed, _("In their own words")),
    Step("support", SupportForm, _nothing, lambda record: not _agreed(record), _("Support for them")),
)
BY_NAME = {step.name: step for step in STEPS}
RECEIPT = "receipt"


def following(name: str, record: CodewordRequest) -> str:
    """The question after `name` that this record still needs, or the receipt."""
    names = [step.name for step in STEPS]
    for step in STEPS[names.index(name) + 1 :]:
        if step.asked(record):
            return step.name
    return RECEIPT
