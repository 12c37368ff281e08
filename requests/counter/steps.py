"""The questions, in their order, as a table: when each is asked, its form, and what its answer does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ani_portal.access.principals import Principal

from ..enums import WANTS_POLICE, Known
from ..models import CodewordRequest
from ..release import is_alert
from . import saving
from .forms import (
    AddForm,
    AgreeForm,
    ConnectedForm,
    ContactForm,
    DangerForm,
    LeftForm,
    NothingForm,
    OverrideForm,
    RungForm,
    SupportForm,
    ToldForm,
    WhereForm,
    WishForm,
    WordsForm,
)

Data = Mapping[str, Any]
Save = Callable[[Principal, CodewordRequest, UUID, Data], CodewordRequest]
RECEIPT = "receipt"


@dataclass(frozen=True)
class Step:
    """One question a screen."""

    name: str
    form: type[forms.Form]
    save: Save
    asked: Callable[[CodewordRequest], bool]
    title: Promise
    then: Callable[[Data], str] = lambda data: ""  # where an answer leads besides the order of the table
    typed: bool = False  # has boxes: what stands in them is kept when the tablet is covered


def _always(record: CodewordRequest) -> bool:
    return True


def _on_purpose(record: CodewordRequest) -> bool:
    return False


def _wants_police(record: CodewordRequest) -> bool:
    return record.wish in WANTS_POLICE


def agreed(record: CodewordRequest) -> bool:
    """Whether words may be asked, and are read by police as they are saved."""
    return bool(record.words_released) or record.overridden_at is not None


def _not_paper(record: CodewordRequest) -> bool:
    return agreed(record) and not record.paper_serial


def _young(data: Data) -> str:
    return "young" if data.get("young") == Known.YES or "under_16" in data.get("about", []) else ""


def _receipt(data: Data) -> str:
    return RECEIPT


STEPS = (
    Step("danger", DangerForm, saving.danger, _always, _("Is anyone in danger right now?")),
    Step("rung", RungForm, saving.rung, is_alert, _("Has 999 been rung?"), typed=True),
    Step("wish", WishForm, saving.wish, _always, _("What would they like?")),
    Step("agree", AgreeForm, saving.agree, _wants_police, _("Do they agree that police are told?")),
    # Asked only by going there on purpose, from the support screen.
    Step("override", OverrideForm, saving.override, _on_purpose, _("Must police be told without their agreement?")),
    Step(
        "connected", ConnectedForm, saving.connected, agreed,
        _("Could anyone in the police or this pharmacy be connected with the person who harms them?"),
    ),
    Step("contact", ContactForm, saving.contact, agreed, _("How may they be reached?"), typed=True),
    Step("where", WhereForm, saving.where, _not_paper, _("Where are they, and where may officers come?"), typed=True),
    Step("words", WordsForm, saving.words, agreed, _("In their own words"), typed=True),
    Step("told", ToldForm, saving.told, agreed, _("What you were told"), _young, typed=True),
    Step("young", NothingForm, saving.nothing, _on_purpose, _("Under 16")),
    Step("support", SupportForm, saving.support, _always, _("Support for them")),
    # Reached from the receipt.
    Step("again", RungForm, saving.rung, _on_purpose, _("999 has been rung"), _receipt, typed=True),
    Step("left", LeftForm, saving.left, _on_purpose, _("They have left"), _receipt),
    Step("mistaken", NothingForm, saving.mistaken, _on_purpose, _("The alarm was a mistake"), _receipt),
    Step("add", AddForm, saving.words, _on_purpose, _("More to add"), _receipt, typed=True),
)  # fmt: skip
BY_NAME = {step.name: step for step in STEPS}
# What the person wants, or what goes against it: never without somebody whose turn it is.
DECISIONS = {"wish", "agree", "override"}
# Where a button may lead on purpose.
WAYS = {"rung", "override", "words", "wish", "support", "again", "left", "mistaken", "add", RECEIPT}


def following(name: str, record: CodewordRequest, data: Data | None = None) -> str:
    """The question after `name` that this record still needs, or the receipt."""
    if data is not None and (led := BY_NAME[name].then(data)):
        return led
    names = [step.name for step in STEPS]
    for step in STEPS[names.index(name) + 1 :]:
        if step.asked(record):
            return step.name
    return RECEIPT
