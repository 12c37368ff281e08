"""Forms around the questions: whose turn it is, where the tablet is, and paper."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ani_portal.accounts.pins import PIN, is_easy, not_obvious

POSTCODE = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$")


class BeginForm(forms.Form):
    """A PIN for a tile, or the typed name of somebody who has none."""

    staff = forms.UUIDField(required=False)
    pin = forms.CharField(required=False, validators=[PIN])
    name = forms.CharField(required=False, max_length=80)
    drill = forms.BooleanField(required=False)

    def clean(self) -> dict[str, object]:
        """One of the two ways must be complete."""
        data = super().clean() or {}
        if data.get("staff"):
            if not data.get("pin") and "pin" not in self.errors:
                self.add_error("pin", _("Type your PIN, or choose “Somebody else” on the cover."))
        elif not data.get("name", "").strip():
            self.add_error("name", _("Type your name, so that police know whom to ask for."))
        return data


class VouchForm(forms.Form):
    """A locum says who they are, and a colleague puts their own PIN to it."""

    name = forms.CharField(max_length=80, error_messages={"required": _("Type your name.")})
    initials = forms.RegexField(
        r"^\w{1,4}$",
        error_messages={"required": _("Type your initials."), "invalid": _("One to four letters or digits.")},
    )
    new_pin = forms.CharField(
        max_length=8, validators=[PIN], error_messages={"required": _("Choose a PIN for this shift.")}
    )
    staff = forms.UUIDField(
        error_messages={"required": _("Choose who vouches for you."), "invalid": _("Choose who vouches for you.")}
    )
    pin = forms.CharField(
        max_length=8, validators=[PIN], error_messages={"required": _("Your colleague types their own PIN here.")}
    )

    def clean_new_pin(self) -> str:
        """Neither one digit over and over nor a row of them."""
        pin: str = self.cleaned_data["new_pin"]
        if is_easy(pin):
            raise forms.ValidationError(_("Too easy to guess. Choose digits that are not all the same or in a row."))
        return pin


class OwnPinForm(forms.Form):
    """A code from the person who looks after the pharmacy, and the PIN that somebody chooses for themselves."""

    code = forms.CharField(max_length=20, error_messages={"required": _("Type the code you were given.")})
    initials = forms.RegexField(
        r"^\w{1,4}$",
        required=False,
        error_messages={"invalid": _("One to four letters or digits.")},
    )
    pin = forms.CharField(validators=[PIN, not_obvious], error_messages={"required": _("Choose a PIN.")})
    again = forms.CharField(error_messages={"required": _("Type the same PIN again.")})

    def clean(self) -> dict[str, object]:
        """Both PINs are the same."""
        data = super().clean() or {}
        if data.get("pin") and data.get("again") and data["again"] != data["pin"]:
            self.add_error("again", _("The two PINs differ."))
        return data


class EnrolForm(forms.Form):
    """The short code that makes this browser a tablet."""

    code = forms.CharField(
        label=_("Code"), max_length=30, error_messages={"required": _("Type the code you were given.")}
    )


class PlaceForm(forms.Form):
    """*Not here*: the postcode of where the tablet really is, or words by which its pharmacy is looked for."""

    postcode = forms.CharField(
        max_length=60, error_messages={"required": _("Type the postcode of where you are, or the pharmacy’s name.")}
    )

    def whole(self) -> str:
        """The postcode in capitals without its space; empty for anything that is no whole postcode."""
        plain = re.sub(r"[^A-Z0-9]", "", self.cleaned_data["postcode"].upper())
        return plain if POSTCODE.match(plain) else ""


class PaperForm(forms.Form):
    """The serial number of a paper form, and when it happened."""

    serial = forms.CharField(
        max_length=12, error_messages={"required": _("Type the number from its top right corner.")}
    )
    day = forms.DateField(
        error_messages={"required": _("Type the day."), "invalid": _("Type a day such as 2026-11-21.")}
    )
    time = forms.TimeField(error_messages={"required": _("Type the time."), "invalid": _("Type a time such as 14:05.")})

    def clean_serial(self) -> str:
        """As it is printed, whatever gaps were typed."""
        plain = re.sub(r"[^A-Z0-9]", "", self.cleaned_data["serial"].upper()).removeprefix("P")
        return f"P-{plain[:3]}-{plain[3:]}"

    def clean(self) -> dict[str, Any]:
        """`happened_at`, which lies in the past."""
        data = super().clean() or {}
        if data.get("day") and data.get("time") is not None:
            data["happened_at"] = timezone.make_aware(datetime.combine(data["day"], data["time"]))
            if data["happened_at"] > timezone.now():
                self.add_error("day", _("That lies in the future."))
        return data
