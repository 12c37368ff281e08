"""A tablet, a file, and what its columns hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pharmacies.register.layout_own import LABELS, NEEDED


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
