"""What is filled in to change a line of the schedule, at the desk and on the coordinator's page."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .schedule import least_months, outcomes


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


class RuleForm(forms.Form):
    """One line of the schedule."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=outcomes)
    keep_months = forms.IntegerField(
        label=_("Keep for (months)"), min_value=1, max_value=1200,
        help_text=_("At least 12, a drill at least 1; seventy-two are six years."),
        error_messages={
            "required": _("Say for how many months."), "invalid": _("Type a whole number of months."),
            "min_value": _("At least one month."), "max_value": _("At most 1,200 months."),
        },
    )  # fmt: skip
    review_on = DateField(_("Look at this line again on"))

    def clean(self) -> dict[str, Any]:
        """The floor that the database keeps, said beside the field."""
        cleaned: dict[str, Any] = super().clean() or {}
        months, outcome = cleaned.get("keep_months"), cleaned.get("outcome")
        if months and outcome and months < least_months(outcome):
            self.add_error(
                "keep_months",
                _("At least 12: a complaint, an inspection or the person’s own question still has to find the record."),
            )
        return cleaned
