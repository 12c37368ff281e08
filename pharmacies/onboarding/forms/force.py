"""A force's settings, grades, ready-made lines, checklist and support directory."""

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pharmacies.models import ForceSettings, SupportService
from pharmacies.numbers import PLACES, BadShape, shape_of

from .people import day


def whole(label: Any, least: int = 1, most: int = 1440, help_text: Any = "") -> forms.IntegerField:
    """A limit in whole minutes, or the unit that its label names."""
    says = format_lazy(_("A whole number from {least} to {most}."), least=least, most=most)
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), says)
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=least, max_value=most, error_messages=messages
    )


# The settings that are durations, and the unit in which people give them.
UNITS = {
    "unread_limit": "minutes", "claim_limit": "minutes", "hold_limit": "minutes", "touch_limit": "minutes",
    "offer_limit": "minutes", "cover_after": "seconds", "finish_unreleased_after": "hours", "disposal_wait": "days",
}  # fmt: skip


class SettingsForm(forms.ModelForm):
    """What differs between forces."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    basis = forms.CharField(widget=forms.HiddenInput, required=False)
    unread_limit = whole(_("Minutes until an unread record is late"), 1, 60)
    claim_limit = whole(_("Minutes until a claim without action ends"), 1, 60)
    hold_limit = whole(_("Minutes until a claim that was acted on ends, without another action"), 1, 240)
    touch_limit = whole(
        _("Minutes without a touch until the queue counts as not watched"), 1, 60,
        _("Sixty at most: tablets tell people that police watch."),
    )  # fmt: skip
    offer_limit = whole(_("Minutes that an offered transfer may wait"), 1, 240)
    cover_after = whole(_("Seconds until the tablet covers itself"), 30, 600)
    finish_unreleased_after = whole(
        _("Hours until an entry that went nowhere is destroyed"), 1, 4, _("Four at most: it is what people are told.")
    )
    disposal_wait = whole(
        _("Days between the approval of a disposal and the disposal"), 1, 90,
        _("Time for whoever sees then that it was wrong."),
    )  # fmt: skip
    log_keep_months = forms.IntegerField(
        label=_("Months that the log names a record that was disposed of"),
        help_text=_("From the last row about it. Then its rows lose every id; that something was done stays."),
        min_value=12, max_value=120,
    )  # fmt: skip
    scheme_from = day(_("The local scheme began on"), required=False)
    scheme_until = day(_("It ends on, if that is known"), required=False)

    class Meta:
        model = ForceSettings
        fields = [
            "codeword", "codeword_stands_for", "said_aloud", "scheme_status", "scheme_from", "scheme_until",
            "screen_title", "cover_after", "unread_limit", "claim_limit", "hold_limit", "touch_limit", "offer_limit",
            "duty_email", "escalation", "desk_opens", "desk_closes", "reason_to_look", "incident_pattern",
            "finish_unreleased_after", "disposal_wait", "log_keep_months", "data_protection_contact",
        ]  # fmt: skip
        labels = {
            "codeword": _("The word people ask for"),
            "codeword_stands_for": _("What its letters stand for here"),
            "said_aloud": _("What staff say aloud before words are taken"),
            "reason_to_look": _("Ask officers for a reason before they open a record that is not theirs"),
            "scheme_status": _("What the scheme is today, for the public page"),
            "screen_title": _("The neutral word on the tablet"),
            "duty_email": _("Duty mailbox"),
            "escalation": _("Whom to reach when nobody reads: a role and its number"),
            "desk_opens": _("The desk opens at"),
            "desk_closes": _("The desk closes at"),
            "incident_pattern": _("What an incident number looks like"),
            "data_protection_contact": _("Whom people ask what is held about them"),
        }
        help_texts = {
            "desk_opens": _("Both empty: day and night."),
            "said_aloud": _(
                "Empty: “I keep this private unless you, a child or someone else could be seriously hurt. "
                "What goes to police cannot be called back.”"
            ),
            "duty_email": _("Mails to it hold no content."),
            "incident_pattern": _(
                "Letters and digits as they are; {digits} for the number, {letters}, {date} for a day such as 21112026. "
                "NC-{digits}-{date} takes NC-123-21112026. Empty: any letters and digits."
            ),
        }
        error_messages = {
            "duty_email": {"invalid": _("This is not an e-mail address, such as name@example.org.")},
            "codeword": {"required": _("The word that people ask for; on screen it is shown nowhere else.")},
            "screen_title": {"required": _("A neutral word: it stands on every screen of the tablet.")},
        }
        widgets = {
            "incident_pattern": forms.TextInput(
                attrs={
                    "data-number-shape": json.dumps({name: example for name, (_match, example) in PLACES.items()}),
                    "data-words-example": _("Officers will be asked for a number such as"),
                    "spellcheck": "false",
                }
            ),
            "desk_opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "desk_closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "scheme_status": forms.Textarea(attrs={"rows": 4}),
            "said_aloud": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, unit in UNITS.items():
            self.initial[name] = int(self.instance.__dict__[name] / timedelta(**{unit: 1}))

    def clean_incident_pattern(self) -> str:
        """Understood, or what to mend in it."""
        text: str = self.cleaned_data["incident_pattern"].strip()
        if text:
            try:
                shape_of(text)
            except BadShape as bad:
                raise forms.ValidationError(str(bad)) from bad
        return text

    def clean(self) -> dict[str, Any]:
        """Minutes become durations; opening hours come in pairs; the scheme does not end before it began."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, unit in UNITS.items():
            if isinstance(cleaned.get(name), int):
                cleaned[name] = timedelta(**{unit: cleaned[name]})
        if bool(cleaned.get("desk_opens")) != bool(cleaned.get("desk_closes")):
            self.add_error("desk_closes", _("Give both times, or neither."))
        if (
            cleaned.get("scheme_from")
            and cleaned.get("scheme_until")
            and cleaned["scheme_until"] < cleaned["scheme_from"]
        ):
            self.add_error("scheme_until", _("It would have ended before it began."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was said, by the setting's name."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or []}


class GradeForm(forms.Form):
    """One of the force's own grades."""

    code = forms.CharField(label=_("Grade"), max_length=10)
    name = forms.CharField(label=_("What it is called"), max_length=60)
    target = forms.IntegerField(
        label=_("Minutes to attend, if the grade has a time"), min_value=1, max_value=525_600, required=False
    )

    def clean_target(self) -> Any:
        """As a duration."""
        found = self.cleaned_data["target"]
        return timedelta(minutes=found) if found else None


class CannedLineForm(forms.Form):
    """One line that the desk sends to a tablet."""

    code = forms.SlugField(label=_("Short name"), max_length=20)
    text = forms.CharField(
        label=_("The line"),
        help_text=_("Neutral words: the tablet stands on a counter. Never an order to keep somebody in."),
        max_length=200,
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class LineForm(forms.ModelForm):
    """A line of the support directory."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    last_verified = day(_("Last verified on"), help_text=_("The day somebody rang it or read it on its own site."))
    review_on = day(_("To be looked at again on"), help_text=_("Overdue after it; withheld from people 90 days later."))

    class Meta:
        model = SupportService
        fields = [
            "name", "audience", "for_whom", "phone", "website", "hours", "note", "district", "owner", "source",
            "last_verified", "review_on",
        ]  # fmt: skip
        labels = {
            "name": _("Name"), "audience": _("Who may be shown it"), "for_whom": _("Who it helps"), "phone": _("Number"),
            "website": _("Website"), "hours": _("Hours"), "note": _("Note"), "district": _("District, if it serves one alone"),
            "owner": _("Who answers for this entry"), "source": _("Where it was confirmed"),
        }  # fmt: skip
        help_texts = {
            "audience": _(
                "A line for people who harm, or for professionals, is never shown to a person asking for help."
            ),
            "for_whom": _("For example: women, men, LGBT+ people, deaf people, children."),
        }

    def clean(self) -> dict[str, Any]:
        """A way to reach it; verified in the past, due later."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("phone") and not cleaned.get("website"):
            self.add_error("phone", _("A number or a website is needed."))
        verified, due = cleaned.get("last_verified"), cleaned.get("review_on")
        if verified and verified > timezone.localdate():
            self.add_error("last_verified", _("That day has not come yet."))
        if verified and due and due <= verified:
            self.add_error("review_on", _("Later than the day it was verified."))
        return cleaned


class NationalLineForm(LineForm):
    """A line that serves a nation, or all of them; the operator keeps these."""

    class Meta(LineForm.Meta):
        fields = [name if name != "district" else "nation" for name in LineForm.Meta.fields]
        labels = LineForm.Meta.labels | {"nation": _("Nation, if it serves one alone")}
