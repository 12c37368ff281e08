"""The answers to each question. Nothing about a person is ever required."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ani_portal.accounts.pins import PIN

from ..enums import Danger, EntryKind, Override, Rung, Told, Wish

CHOOSE = {"required": _("Choose one of the answers."), "invalid_choice": _("Choose one of the answers.")}
LONGEST = 4000
TOO_LONG = {"max_length": _("This is longer than can be sent at once. Send part of it, then add the rest.")}


class DangerForm(forms.Form):
    """The first decision."""

    danger = forms.ChoiceField(choices=Danger.choices, error_messages=CHOOSE)


class RungForm(forms.Form):
    """Whether 999 was rung."""

    rung = forms.ChoiceField(choices=Rung.choices, error_messages=CHOOSE)


class WishForm(forms.Form):
    """The second decision. None of the answers is a default."""

    wish = forms.ChoiceField(choices=Wish.choices, error_messages=CHOOSE)


class AgreeForm(forms.Form):
    """Whether the person agrees, after what cannot be kept private was said aloud."""

    agree = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], error_messages=CHOOSE)


class OverrideForm(forms.Form):
    """Why words go to police without agreement."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=Override.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    told = forms.ChoiceField(
        label=_("Were they told?"), choices=Told.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )


class WordsForm(forms.Form):
    """The first account, and apart from it what staff saw."""

    own_words = forms.CharField(required=False, max_length=LONGEST, error_messages=TOO_LONG)
    observed = forms.CharField(required=False, max_length=LONGEST, error_messages=TOO_LONG)

    def clean(self) -> dict[str, str]:
        """Answers by the kind of entry they become."""
        data = super().clean() or {}
        return {kind: data.get(kind, "").strip() for kind in (EntryKind.OWN_WORDS, EntryKind.OBSERVED)}


class SupportForm(forms.Form):
    """Nothing to answer: only to go on."""


class BeginForm(forms.Form):
    """A PIN for a tile, or the typed name of somebody who has none."""

    staff = forms.UUIDField(required=False)
    pin = forms.CharField(required=False, validators=[PIN])
    name = forms.CharField(required=False, max_length=80)

    def clean(self) -> dict[str, object]:
        """One of the two ways must be complete."""
        data = super().clean() or {}
        if data.get("staff"):
            if not data.get("pin") and "pin" not in self.errors:
                self.add_error("pin", _("Type your PIN, or choose “Somebody else” on the cover."))
        elif not data.get("name", "").strip():
            self.add_error("name", _("Type your name, so that police know whom to ask for."))
        return data


class EnrolForm(forms.Form):
    """The short code that makes this browser a tablet."""

    code = forms.CharField(
        label=_("Code"), max_length=30, error_messages={"required": _("Type the code you were given.")}
    )
