"""What a coordinator fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TabletForm(forms.Form):
    """What a new tablet is called."""

    name = forms.CharField(
        label=_("Where will it stand?"),
        help_text=_("For example: counter, or consultation room."),
        max_length=40,
        error_messages={"required": _("Say where it will stand, so that you can tell tablets apart.")},
    )
