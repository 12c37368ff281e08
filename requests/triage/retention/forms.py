"""What is filled in on these pages."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests.enums import HoldReason
from requests.retention.schedule import outcomes


def ahead(value: date) -> None:
    """A review lies in the future, and not out of sight."""
    today = timezone.localdate()
    if not today < value <= today + timedelta(days=3660):
        raise ValidationError(_("Choose a date after today, within ten years."))


class DateField(forms.DateField):
    """A date as the browser's own picker gives it."""

    def __init__(self, label: object) -> None:
        super().__init__(
            label=label,  # type: ignore[arg-type]
            widget=forms.DateInput(attrs={"type": "date"}),
            validators=[ahead],
            error_messages={"required": _("Choose a date."), "invalid": _("Type the date as day, month, year.")},
        )


class HoldForm(forms.Form):
    """Why a record is held, and when somebody looks again."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=HoldReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )  # fmt: skip
    review_on = DateField(_("Review on"))


class RuleForm(forms.Form):
    """One line of the schedule."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=outcomes)
    keep_months = forms.IntegerField(
        label=_("Keep for (months)"), min_value=1, max_value=1200,
        error_messages={
            "required": _("Say for how many months."), "invalid": _("Type a whole number of months."),
            "min_value": _("At least one month."), "max_value": _("At most 1,200 months."),
        },
    )  # fmt: skip
    review_on = DateField(_("Look at this line again on"))


class FindForm(forms.Form):
    """A reference, or a phone number; never in an address."""

    wanted = forms.CharField(
        label=_("Reference or phone number"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type a reference such as K7M-2QX, or a phone number.")},
    )  # fmt: skip


class MaskForm(forms.Form):
    """How the copy shows one entry."""

    marked = forms.CharField(
        label=_("What the copy says"), required=False, max_length=12000, strip=False,
        help_text=_("Put [[ and ]] around what is about somebody else. The copy shows █████ there."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    left_out = forms.BooleanField(label=_("Leave this entry out of the copy"), required=False)
