"""What an officer fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import Outcome


class CloseForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )
