"""What an auditor looks for."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: object) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))  # type: ignore[arg-type]


class LogForm(forms.Form):
    """Filters of the log; each may be left empty. They hold kinds and ids, and so may stand in an address."""

    event = forms.CharField(label=_("Event, or how it begins"), max_length=60, required=False)
    who = forms.CharField(label=_("Who, by id"), max_length=64, required=False)
    what = forms.CharField(label=_("On what, by id"), max_length=64, required=False)
    since = _day(_("From"))
    until = _day(_("Until"))
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """No null characters: the database has none."""
        found = super().clean() or {}
        for name, value in found.items():
            if isinstance(value, str) and "\x00" in value:
                self.add_error(name, _("That holds a character that cannot be looked for."))
        return found
