"""What is filled in on these pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from requests.enums import HoldReason
from requests.retention.forms import DateField


class HoldForm(forms.Form):
    """Why a record is held, and when somebody looks again."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=HoldReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )  # fmt: skip
    review_on = DateField(_("Review on"))


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
