"""What people fill in to prove who they are."""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import factors
from .adapters import note_sign_in, slow_down
from .standing import Standing

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
        clear = slow_down(self.user)
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
                _("That code is not right. Check that the device’s clock is right, and type the newest one.")
            )
        return code


class AgainForm(forms.Form):
    """What opens a session again: the password, the second factor, or both."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Type your password.")},
    )
    code = code_field()

    def __init__(
        self, *args: Any, user: Any, stands: Standing, check_password: Callable[[str], bool], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.check_password = user, check_password
        self.factor: Authenticator | None = None
        if stands is Standing.LOCKED:
            del self.fields["code"]
        elif stands is Standing.OPEN:
            del self.fields["password"]

    def clean_password(self) -> str:
        """The person's own, slowed down as at the sign-in."""
        password: str = self.cleaned_data["password"]
        if not self.check_password(password):
            raise ValidationError(_("That password is not right."))
        return password

    def clean_code(self) -> str:
        """A fresh one; asked only of whoever knew the password, where both are needed."""
        code: str = self.cleaned_data["code"]
        if self.errors:
            return code
        clear = slow_down(self.user)
        self.factor = factors.use_code(self.user, code)
        if self.factor is None:
            note_sign_in("signin.wrong_code", self.user)
            raise ValidationError(WRONG)
        clear()
        return code


class ExternalAgainForm(forms.Form):
    """The same for somebody whose force signs them in: there, or with a code of their own second factor."""

    code = code_field()

    def __init__(self, *args: Any, user: Any, stands: Standing, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.fresh = user, fresh
        self.factor: Authenticator | None = None
        self.fields["code"].required = False
        if stands is Standing.ENDED or not factors.has_factor(user):
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """Signed in there just now, or a fresh code."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.fresh or self.errors:
            return cleaned
        if not cleaned.get("code"):
            raise ValidationError(_("Sign in again through your force first, then press Continue here."))
        clear = slow_down(self.user)
        self.factor = factors.use_code(self.user, cleaned["code"])
        if self.factor is None:
            note_sign_in("signin.wrong_code", self.user)
            raise ValidationError({"code": WRONG})
        clear()
        return cleaned


class PasswordForm(SetPasswordForm):
    """A new password, twice; the validators of the settings say what is weak."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""
        self.fields["new_password1"].help_text = _(
            "Twelve characters or more. Three words that do not belong together are good."
        )


@contextmanager
def _garbage() -> Iterator[None]:
    """What stands for a browser's answer and is none fails in many ways deep down; all mean the same."""
    try:
        yield
    except (TypeError, ValueError, LookupError, AttributeError, struct.error, InvalidSignature) as fault:
        raise ValidationError(_("The browser gave no passkey that we know. Try again.")) from fault


class CredentialField(forms.JSONField):
    """What the browser says of a passkey."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Its parts; what is nested without end is as wrong as what is no JSON."""
        try:
            found = super().to_python(value)
        except RecursionError:
            found = None
        if found and isinstance(found, dict):
            return found
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class PasskeyFactorForm(AuthenticateWebAuthnForm):
    """The second step of signing in, by a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean_credential(self) -> Authenticator:
        """The passkey that answered."""
        with _garbage():
            found: Authenticator = super().clean_credential()
            return found
        raise AssertionError  # _garbage raises, or the block returns


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, under a name of the person's choosing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()
        self.fields["name"] = forms.CharField(
            label=_("What is it called?"), required=False, max_length=40, help_text=_("For example: key on my ring.")
        )

    def clean(self) -> dict[str, Any]:
        """With what the browser answered checked against what was asked."""
        with _garbage():
            cleaned: dict[str, Any] = super().clean()
            return cleaned
        raise AssertionError  # _garbage raises, or the block returns
