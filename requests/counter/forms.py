"""The answers to each question. Nothing about a person is ever required, and *not known* is what stands when nobody answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import (
    Channel,
    Connected,
    Danger,
    Known,
    Left,
    Meeting,
    Need,
    Override,
    Place,
    Rung,
    Safety,
    Stay,
    Told,
    ToldAbout,
    Wish,
)

CHOOSE = {"required": _("Choose one of the answers."), "invalid_choice": _("Choose one of the answers.")}
LONGEST, SHORT = 4000, 200
TOO_LONG = {"max_length": _("This is longer than can be sent at once. Send part of it, then add the rest.")}


def words(longest: int = SHORT) -> forms.CharField:
    """A box that nobody has to fill."""
    return forms.CharField(required=False, max_length=longest, error_messages=TOO_LONG)


def one_of(choices: Any, default: str = "") -> forms.ChoiceField:
    """One answer; with `default`, that is what stands when none is given."""
    field = forms.ChoiceField(choices=choices.choices, required=not default, error_messages=CHOOSE)
    field.empty_answer = default  # type: ignore[attr-defined]
    return field


def any_of(choices: Any) -> forms.MultipleChoiceField:
    """As many answers as fit."""
    return forms.MultipleChoiceField(choices=choices.choices, required=False, error_messages=CHOOSE)


class Answer(forms.Form):
    """One screen's answers, stripped; an answer that was not given is its default."""

    def clean(self) -> dict[str, Any]:
        """Fill in what was not answered."""
        data = super().clean() or {}
        for name, field in self.fields.items():
            if name in data and not data[name]:
                data[name] = getattr(field, "empty_answer", data[name])
        return data


class DangerForm(Answer):
    """The first decision."""

    danger = one_of(Danger)


class RungForm(Answer):
    """Whether 999 was rung; when, and their reference, if known."""

    rung = one_of(Rung)
    when = words(20)
    reference = words(40)


class WishForm(Answer):
    """The second decision. None of the answers is a default."""

    wish = one_of(Wish)


class AgreeForm(Answer):
    """Whether the person agrees, after what cannot be kept private was said aloud."""

    agree = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], error_messages=CHOOSE)


class OverrideForm(Answer):
    """Why words go to police without agreement."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=Override.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    told = forms.ChoiceField(
        label=_("Were they told?"), choices=Told.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )


class ConnectedForm(Answer):
    """Whether the person who harms is close to the police or to this pharmacy."""

    connected = one_of(Connected)


class ContactForm(Answer):
    """How the person may be reached. Nothing is safe unless somebody said so."""

    ring = one_of(Safety, Safety.NOT_KNOWN)
    text = one_of(Safety, Safety.NOT_KNOWN)
    voicemail = one_of(Safety, Safety.NOT_KNOWN)
    email = one_of(Safety, Safety.NOT_KNOWN)
    visit = one_of(Safety, Safety.NOT_KNOWN)
    number = words(40)
    email_address = words()
    address = words()
    times = words()
    not_know = words()
    announce = words()

    def answered(self) -> bool:
        """Whether anything at all was said."""
        data = self.cleaned_data
        return any(data[channel] != Safety.NOT_KNOWN for channel in Channel) or any(
            data[name] for name in ("number", "email_address", "address", "times", "not_know", "announce")
        )


class WhereForm(Answer):
    """Where the person is in the building, and where officers may come."""

    place = one_of(Place, Place.NOT_KNOWN)
    entrance = words()
    meeting = one_of(Meeting, Meeting.NOT_KNOWN)
    meeting_text = words()


class WordsForm(Answer):
    """The first account, and apart from it what staff saw."""

    own_words = words(LONGEST)
    observed = words(LONGEST)


class AddForm(WordsForm):
    """More to add, and what was not right before: entries of their own, never in place of the first."""

    correction = words(LONGEST)


class ToldForm(Answer):
    """What staff were told without asking, how long the person can stay, and what it takes to speak with them."""

    about = any_of(ToldAbout)
    young = one_of(Known, Known.NOT_KNOWN)
    children = words()
    near = words()
    stay = one_of(Stay, Stay.NOT_KNOWN)
    needs = any_of(Need)
    language = words(60)


class SupportForm(Answer):
    """Which lines were offered, and which were rung from here. Kept only where words may be kept."""

    offered = forms.TypedMultipleChoiceField(required=False, coerce=int)
    rang = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Which of them exist for this pharmacy is looked up when they are saved.
        for name in ("offered", "rang"):
            self.fields[name].valid_value = str.isdecimal  # type: ignore[attr-defined]


class LeftForm(Answer):
    """How the person left."""

    left = one_of(Left)


class NothingForm(Answer):
    """Nothing to answer: only to go on."""
