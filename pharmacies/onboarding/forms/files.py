"""A tablet, a file, and what its columns hold."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pharmacies.register.age import day_of_name
from pharmacies.register.layout_own import LABELS, NEEDED

from .people import day


class TabletForm(forms.Form):
    """What a new tablet is called."""

    name = forms.CharField(
        label=_("Where will it stand?"),
        help_text=_("For example: counter, or consultation room."),
        max_length=40,
        error_messages={"required": _("Say where it will stand, so that you can tell tablets apart.")},
    )


class FileForm(forms.Form):
    """A register or a list."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_("The NHS ODS register, the NHSBSA list, or your own list of pharmacies. CSV or XLSX, up to 25 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    as_of = day(
        _("The day it is of"),
        required=False,
        help_text=_(
            "When it was published or made. Leave it empty if the file’s name tells. What is newer here stays."
        ),
        error_messages={"invalid": _("This is not a date.")},
    )

    def clean(self) -> dict[str, Any]:
        """The day is said, or the name tells it; and it has come."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("file") and not cleaned.get("as_of") and "as_of" not in self.errors:
            cleaned["as_of"] = day_of_name(cleaned["file"].name)
            if cleaned["as_of"] is None:
                self.add_error(
                    "as_of", _("Its name does not tell of which day it is: say when it was published or made.")
                )
        if cleaned.get("as_of") and cleaned["as_of"] > timezone.localdate():
            self.add_error("as_of", _("That day has not come yet."))
        return cleaned


class ColumnsForm(forms.Form):
    """Which column of a list holds what."""

    headings = forms.BooleanField(label=_("The first row holds headings"), required=False, initial=True)

    def __init__(self, columns: list[list[str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("– not in this file –"))] + [
            (str(n), f"{heading or _('(no heading)')}: {example}") for n, (heading, example) in enumerate(columns)
        ]
        for name, label in LABELS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=int,
                required=name in NEEDED,
                error_messages={"required": _("Every pharmacy needs one: say which column holds it.")},
            )

    def clean(self) -> dict[str, Any]:
        """Two facts cannot stand in one column."""
        cleaned: dict[str, Any] = super().clean() or {}
        used = [cleaned[name] for name in LABELS if cleaned.get(name) not in (None, "")]
        if len(used) != len(set(used)):
            raise forms.ValidationError(_("One column is named twice. Each holds one thing."))
        return cleaned

    def columns(self) -> dict[str, int | bool]:
        """What was said, as it is kept."""
        said: dict[str, int | bool] = {
            name: self.cleaned_data[name] for name in LABELS if self.cleaned_data.get(name) not in (None, "")
        }
        return said | {"headings": self.cleaned_data["headings"]}
