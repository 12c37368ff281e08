"""A pharmacy's details, its owner, and asking to join."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pharmacies.models import GPHC_NUMBER, ODS_CODE, Organisation
from pharmacies.register.phones import tidy
from pharmacies.register.postcodes import BadPostcode, normalise

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class SiteFacts(forms.Form):
    """What is known of a pharmacy."""

    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(label=_("Address, without the postcode"), max_length=250)
    postcode = forms.CharField(label=_("Postcode"), max_length=10)
    phone = forms.CharField(
        label=_("Telephone number in the official register"),
        help_text=_("The line that police ring back. Not a mobile of anybody."),
        max_length=20,
        required=False,
    )
    ods_code = forms.CharField(label=_("ODS code"), max_length=5, required=False, validators=[ODS_CODE])
    gphc_number = forms.CharField(
        label=_("GPhC premises number"), max_length=7, required=False, validators=[GPHC_NUMBER]
    )

    def clean_postcode(self) -> str:
        """A UK postcode, in its usual form."""
        try:
            return normalise(self.cleaned_data["postcode"])
        except BadPostcode as error:
            raise ValidationError(str(error)) from error

    def clean_phone(self) -> str:
        """A UK number."""
        phone, notes = self.cleaned_data["phone"], []  # type: tuple[str, list[str]]
        if phone and not tidy(phone, notes):
            raise ValidationError(_("This is not a UK telephone number with its area code."))
        return phone

    def clean_ods_code(self) -> str | None:
        """None where there is none: two pharmacies may both have none."""
        return self.cleaned_data["ods_code"].upper() or None

    def clean_gphc_number(self) -> str | None:
        """None where there is none."""
        return self.cleaned_data["gphc_number"] or None


class SiteForm(SiteFacts):
    """The same, to be changed; `version` and `basis` are what the form was filled in on top of."""

    version = forms.CharField(widget=forms.HiddenInput)
    basis = forms.CharField(widget=forms.HiddenInput, required=False)


class NewSiteForm(SiteFacts):
    """A pharmacy that no register here lists, as in Scotland and Northern Ireland: by its premises number, if it has one."""

    said = forms.BooleanField(
        label=_("I know that it lies in our force’s area"),
        error_messages={"required": _("Look it up and say so: its postcode may not be known here.")},
    )


class OwnerForm(forms.Form):
    """A new owner."""

    version = forms.CharField(widget=forms.HiddenInput)
    owner = forms.CharField(label=_("Code of the new owner in the official register"), max_length=8)

    def clean_owner(self) -> Organisation:
        """One that the register knows."""
        found = Organisation.objects.filter(ods_code=self.cleaned_data["owner"].strip().upper()).first()
        if found is None:
            raise ValidationError(_("The official register has no owner with this code. Give its newest file first."))
        return found


class JoinForm(forms.Form):
    """Who asks for a pharmacy to join, and what it has."""

    confirmed = forms.BooleanField(label=_("This is our pharmacy, and this is our police force"), error_messages={
        "required": _("Look at the pharmacy and the force above, and say that they are right.")},
        help_text=_("If the force is not right, ring 101 and ask for the scheme’s coordinator first."))  # fmt: skip
    name = forms.CharField(
        label=_("Your name"), max_length=80, error_messages={"required": _("Who are we to ask for?")}
    )
    role = forms.CharField(
        label=_("What you do there"),
        max_length=80,
        error_messages={"required": _("For example: superintendent pharmacist.")},
    )
    email = forms.EmailField(
        label=_("E-mail at work"),
        error_messages={
            "required": _("We write here once it is decided."),
            "invalid": _("This is not an e-mail address, such as name@example.org."),
        },
    )
    private_space = forms.ChoiceField(
        label=_("Is there a private space, such as a consultation room?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say yes or no. A no does not end it.")},
    )
    spare_phone = forms.ChoiceField(
        label=_("Is there a phone that somebody who asks for help may use there?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say yes or no. A no does not end it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Why not now"),
        help_text=_("The applicant reads this."),
        max_length=300,
        error_messages={"required": _("Say why: the applicant reads it.")},
    )
