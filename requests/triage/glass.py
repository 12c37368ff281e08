"""Opening words that are restricted to the force's named officers."""

from uuid import UUID

from django import forms
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from .. import actions
from ..policies import force_of, released_record
from .views.pages import page


class ReasonForm(forms.Form):
    """Why somebody who is not named for it must read it now."""

    reason = forms.CharField(
        label=gettext_lazy("Why must you read it now?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Type your reason. It is kept with the record.")},
    )


@allow(Permission.BREAK_GLASS)
@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: GuardedRequest, record: UUID) -> HttpResponse:
    """A typed reason opens the words for an hour, and the whole desk learns of it."""
    found = released_record(request.principal, record)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.break_glass(by=request.principal, record=found, reason=form.cleaned_data["reason"])
        duty = force_of(request.principal).settings.duty_email
        if duty:
            transaction.on_commit(lambda: _tell(duty), robust=True)
        return redirect("triage:record", record=record)
    return page(request, "break_glass", 422 if form.is_bound else 200, record=found, form=form)


def _tell(duty: str) -> None:
    # Without content: who and which record stand in the log and at the desk.
    send_mail(_("Desk: look at the log"), _("An officer opened something restricted. Sign in to see it."), None, [duty])
