"""Invitations, and training."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ani_portal.accounts.pins import PIN, not_obvious
from pharmacies.enums import InvitationKind

# What each kind of person does, where one is chosen.
AT_PHARMACY = _(
    "Staff record on the tablet, with a PIN. An administrator invites staff, sets up tablets and keeps the training, with"
    " an account."
)
OF_FORCE = _(
    "Officers answer records at the desk; a supervisor looks after the desk and how long records are kept; the data"
    " protection officer clears copies for people who ask. A coordinator brings pharmacies on board and reads no record;"
    " an auditor reads the log alone."
)


def day(label: Any, **more: Any) -> forms.DateField:
    """A date, chosen in the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class InvitationForm(forms.Form):
    """Whom to invite, as what. Only staff can be invited without an e-mail address: everybody else has an account."""

    name = forms.CharField(label=_("Name"), max_length=80, error_messages={"required": _("Who is it for?")})
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_(
            "Only they see the link that it brings. For staff you may leave it empty: then you are shown a link and a code."
        ),
        error_messages={"invalid": _("This is not an e-mail address, such as name@example.org.")},
    )
    kind = forms.ChoiceField(label=_("As"), widget=forms.RadioSelect, error_messages={"required": _("Say as what.")})

    def __init__(self, *args: Any, kinds: list[InvitationKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.initial.setdefault("kind", kinds[0].value)
        self.fields["kind"].help_text = AT_PHARMACY if InvitationKind.STAFF in kinds else OF_FORCE
        if len(kinds) == 1:
            del self.fields["kind"]
            self.only = kinds[0].value
        if InvitationKind.STAFF not in kinds:
            self.fields["email"].help_text = _("Their own at work. Only they see the link that it brings.")

    def clean(self) -> dict[str, Any]:
        """An account needs an address."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.setdefault("kind", getattr(self, "only", ""))
        if (
            cleaned["kind"] not in ("", InvitationKind.STAFF)
            and not cleaned.get("email")
            and "email" not in self.errors
        ):
            self.add_error("email", _("They need an e-mail address of their own to sign in with."))
        return cleaned


class StaffForm(forms.Form):
    """What somebody who was invited to a pharmacy says of themselves."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    initials = forms.RegexField(
        r"^\w{1,4}$",
        label=_("Your initials"),
        help_text=_("All that the tablet shows. Up to four letters."),
        error_messages={"invalid": _("One to four letters or digits.")},
    )
    pin = forms.CharField(
        label=_("A PIN of your own"),
        help_text=_("Four to eight digits. Nobody else knows it; do not use one that you use elsewhere."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
        validators=[PIN, not_obvious],
        max_length=8,
    )
    again = forms.CharField(
        label=_("The same PIN again"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
        max_length=8,
    )

    def clean(self) -> dict[str, Any]:
        """Both PINs are the same."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("pin") and cleaned.get("again") != cleaned["pin"]:
            self.add_error("again", _("The two PINs differ."))
        return cleaned


class AccountForm(forms.Form):
    """A password, for somebody who was invited and has no account."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    password = forms.CharField(
        label=_("A password"),
        help_text=_("At least 12 characters; four words that do not belong together do well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        min_length=12,
        max_length=128,
    )

    def clean_password(self) -> str:
        """Not a weak or common one."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class TrainingForm(forms.Form):
    """One training that somebody had."""

    course = forms.CharField(label=_("Course"), max_length=80, error_messages={"required": _("Which course?")})
    taken_on = day(_("Taken on"), error_messages={"required": _("When was it?"), "invalid": _("This is not a date.")})
    expires_on = day(
        _("In date until"),
        error_messages={"required": _("Until when does it count?"), "invalid": _("This is not a date.")},
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=200,
        help_text=_("Where the certificate is. No link to a person’s file."),
    )

    def clean_taken_on(self) -> date:
        """Not in the future."""
        taken: date = self.cleaned_data["taken_on"]
        if taken > timezone.localdate():
            raise ValidationError(_("That day has not come yet."))
        return taken

    def clean(self) -> dict[str, Any]:
        """It ends after it began."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("taken_on") and cleaned.get("expires_on") and cleaned["expires_on"] <= cleaned["taken_on"]:
            self.add_error("expires_on", _("It would have ended before it was taken."))
        return cleaned
