"""The auditor's page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission

from . import entries
from .anchors import last_mark
from .forms import LogForm


@allow(Permission.READ_LOG, logs="log.read")
@require_safe
def log(request: GuardedRequest) -> HttpResponse:
    """The force's log with filters, a hundred rows at a time; reading it is a row of it."""
    form = LogForm(request.GET or None)
    bad = form.is_bound and not form.is_valid()
    wanted = form.cleaned_data if form.is_bound and not bad else {}
    rows = [] if bad else list(entries.entries(request.principal.force_id, wanted))
    older = ""
    if len(rows) == entries.PAGE:
        kept = {name: value for name, value in wanted.items() if value and name != "before"}
        older = "?" + urlencode(kept | {"before": rows[-1].seq})
    context = {
        "form": form,
        "rows": rows,
        "older": older,
        "mark": last_mark(),
        "signed_in_name": request.principal.name,
        "sign_out_url": reverse("account_logout"),
    }
    return render(request, "audit/log.html", context, status=422 if bad else 200)
