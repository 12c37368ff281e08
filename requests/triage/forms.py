"""What an officer fills in."""

import re
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pharmacies.models import ForceSettings, Officer, PoliceForce, ResponseGrade
from pharmacies.numbers import ANYTHING, known_shape

from ..enums import DeclineReason, LookReason, MadeSure, NoReference, OfferReason, Outcome, ReopenReason, StepKind

# THRIVE's six questions; the last word is a person's, so any one of them is enough and none is a score.
THRIVE = (
    ("threat", _("Threat")),
    ("harm", _("Harm")),
    ("risk", _("Risk")),
    ("investigation", _("Investigation")),
    ("vulnerability", _("Vulnerability")),
    ("engagement", _("Engagement")),
)
LOOK_REASONS = (
    LookReason.ASKED, LookReason.COVERING, LookReason.SUPERVISING, LookReason.LINKED, LookReason.ENQUIRY,
)  # fmt: skip
STEPS = (StepKind.OFFICERS_SENT, StepKind.MARAC, StepKind.IDVA, StepKind.SUPPORT)


class Once(forms.Form):
    """A form that writes once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class NoteForm(Once):
    """An officer's note."""

    text = forms.CharField(
        label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first.")},
    )  # fmt: skip


class HandOverNoteForm(NoteForm):
    """What the next shift must know."""

    prefix = "next"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("For the next shift")


class AssessForm(forms.Form):
    """The grade and why."""

    systems_checked = forms.BooleanField(
        label=_("The force's systems were checked"),
        error_messages={"required": _("Check the force's systems first, then tick this.")},
    )
    grade = forms.ChoiceField(
        label=_("Grade"), widget=forms.RadioSelect, error_messages={"required": _("Choose a grade.")}
    )

    def __init__(self, *args: Any, grades: list[ResponseGrade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grades = {str(grade.pk): grade for grade in grades}
        self.fields["grade"].choices = [(key, str(grade)) for key, grade in self.grades.items()]  # type: ignore[attr-defined]
        for name, label in THRIVE:
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
            )

    def clean(self) -> dict[str, Any]:
        """At least one of the six says something."""
        data = super().clean() or {}
        if not any(data.get(name) for name, _label in THRIVE):
            self.add_error("threat", _("Say why: under one of the six headings at least."))
        return data

    @property
    def rationale(self) -> dict[str, str]:
        """The headings that say something."""
        return {name: self.cleaned_data[name] for name, _label in THRIVE if self.cleaned_data[name]}

    @property
    def chosen(self) -> ResponseGrade:
        """The grade that was chosen."""
        return self.grades[self.cleaned_data["grade"]]


class IncidentForm(forms.Form):
    """The number of the force's own incident log, with its day: numbers start anew each day."""

    prefix = "incident"

    number = forms.CharField(
        label=_("Incident number"), max_length=40, error_messages={"required": _("Type the incident number.")}
    )
    day = forms.DateField(
        label=_("Of which day"), initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give the day of the number."), "invalid": _("That is not a day.")},
    )  # fmt: skip

    def __init__(self, *args: Any, settings: ForceSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = known_shape(settings.incident_pattern)
        if self.shape is not None:
            self.fields["number"].help_text = _("Such as %(example)s.") % {"example": self.shape.example}

    def clean_number(self) -> str:
        """As the force writes its numbers."""
        number: str = self.cleaned_data["number"].strip().upper()
        if self.shape is not None and not self.shape.fits(number):
            raise ValidationError(
                _("Your force’s numbers look like %(example)s.") % {"example": self.shape.example}, code="invalid"
            )
        if self.shape is None and not re.fullmatch(ANYTHING, number):
            raise ValidationError(_("Letters, digits, spaces and / . - only."))
        return number


class CrimeForm(forms.Form):
    """A crime reference."""

    prefix = "crime"

    number = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9/\-. ]*$", label=_("Crime reference"), max_length=40,
        error_messages={"required": _("Type the crime reference."), "invalid": _("Letters, digits, / and - only.")},
    )  # fmt: skip


class StepForm(forms.Form):
    """Which button was pressed."""

    kind = forms.ChoiceField(choices=[(kind, kind.label) for kind in STEPS])


class LookForm(forms.Form):
    """Why somebody looks at a record that is not their own claim."""

    reason = forms.ChoiceField(
        label=_("Why do you look at it?"), choices=[(reason, reason.label) for reason in LOOK_REASONS],
        widget=forms.RadioSelect, error_messages={"required": _("Choose why you look at it.")},
    )  # fmt: skip


class MadeSureForm(forms.Form):
    """How police made sure that it was a mistake."""

    how = forms.ChoiceField(
        label=_("How we made sure"), choices=MadeSure.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Say how you made sure.")},
    )  # fmt: skip


class CloseForm(forms.Form):
    """How it ended."""

    prefix = "close"

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )  # fmt: skip
    no_reference = forms.ChoiceField(
        label=_("No incident number, because"), choices=[("", _("there is one")), *NoReference.choices], required=False
    )
    risk_looked_at = forms.BooleanField(
        label=_("I have looked at the risk again, now"),
        error_messages={"required": _("Look at the risk again, then tick this.")},
    )


class ReopenForm(forms.Form):
    """Why it is opened again."""

    reason = forms.ChoiceField(
        label=_("Open it again, because"), choices=ReopenReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )  # fmt: skip


class ReassignForm(forms.Form):
    """To whom a supervisor gives it."""

    officer = forms.ChoiceField(label=_("Give it to"), error_messages={"required": _("Choose an officer.")})

    def __init__(self, *args: Any, officers: list[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {str(officer.pk): officer for officer in officers}
        self.fields["officer"].choices = [(key, one.display_name) for key, one in self.officers.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Officer:
        """The officer."""
        return self.officers[self.cleaned_data["officer"]]


class OfferForm(forms.Form):
    """To which force, and why."""

    prefix = "offer"

    to_force = forms.TypedChoiceField(label=_("Offer it to"), coerce=int)
    reason = forms.ChoiceField(
        label=_("Because"), choices=OfferReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )  # fmt: skip

    def __init__(self, *args: Any, forces: list[PoliceForce], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_force"].choices = [(force.pk, force.short_name) for force in forces]  # type: ignore[attr-defined]


class HelpForm(Once):
    """Which force is asked for help, why, and what it is told."""

    prefix = "help"

    to_force = forms.TypedChoiceField(label=_("Ask"), coerce=int)
    reason = forms.ChoiceField(
        label=_("Because"), choices=OfferReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )  # fmt: skip
    entries = forms.TypedMultipleChoiceField(
        label=_("What they are told"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you tick. With it always: the pharmacy and its line, the time, the order of attention."),
    )  # fmt: skip

    def __init__(self, *args: Any, forces: list[PoliceForce], entries: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_force"].choices = [(force.pk, force.short_name) for force in forces]  # type: ignore[attr-defined]
        self.fields["entries"].choices = [(str(key), line) for key, line in entries]  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why an offer is declined."""

    reason = forms.ChoiceField(
        label=_("Decline, because"), choices=DeclineReason.choices, error_messages={"required": _("Choose why.")}
    )


class BeatForm(forms.Form):
    """What an armed page says of itself."""

    page = forms.UUIDField()
    touched = forms.BooleanField(required=False)


def id_of(value: str | None) -> UUID | None:
    """The id in a field that our own page filled in."""
    try:
        return UUID(value or "")
    except ValueError:
        return None
