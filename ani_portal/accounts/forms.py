"""What people fill in to prove who they are."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import factors
from .adapters import note_sign_in

WRONG = _("That code is not right, or was used before. Wait for the next one.")


def code_field() -> forms.CharField:
    """The field for a code of six digits, or a recovery code."""
    return forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}
        ),
        error_messages={"required": _("Type the code that your app shows.")},
    )


class SecondFactorForm(AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()

    def clean_code(self) -> str:
        """Slowed down like a password, and each code good for one time."""
        clear = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        if (found := factors.use_code(self.user, code)) is None:
            note_sign_in("signin.wrong_code", self.user)
            raise ValidationError(WRONG)
        self.authenticator = found
        clear()
        return code


class EnrolForm(forms.Form):
    """A first code, to show that the app was set up."""

    code = code_field()

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self) -> str:
        """A code of the secret that the page shows."""
        code: str = self.cleaned_data["code"]
        if not factors.is_code_of(self.secret, code):
            raise ValidationError(
                _("That code is not right. Check that the device's clock is right, and type the newest one.")
            )
        return code
