"""Registers and lists: give a file, see what it would do, apply it."""

import csv
from datetime import timedelta
from io import StringIO
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.refusals import Refused
from pharmacies import policies
from pharmacies.enums import UploadState
from pharmacies.models import RegisterUpload
from pharmacies.register.plan import Outcome
from pharmacies.register.report import safe_cell
from pharmacies.register.uploads import forgotten

from ..actions import files as actions
from ..forms.files import ColumnsForm, FileForm
from ..page import page, paged

# After so long without a word from the worker the page says what that can mean; after a minute the file is looked after.
QUIET = timedelta(seconds=20)
WORKING = (UploadState.READING, UploadState.APPLYING)


@allow(Permission.BRING_ON_BOARD)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: GuardedRequest) -> HttpResponse:
    """The force's files, and a place for another."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if request.META.get("ani.file_too_large"):
            form.errors["file"] = form.error_class(
                [_("The file is larger than 25 MB. A list of pharmacies is not that large.")]
            )
        elif form.is_valid():
            upload = actions.give_file(
                by=request.principal,
                content=form.cleaned_data["file"].read(),
                as_of=form.cleaned_data["as_of"],
            )
            return redirect("onboarding:file", upload.pk)
    uploads = policies.uploads_of(request.principal)[:20]
    return page(request, "files", 422 if request.method == "POST" else 200, form=form, uploads=uploads)


@allow(Permission.BRING_ON_BOARD)
@require_safe
def file(request: GuardedRequest, upload: UUID) -> HttpResponse:
    """One file: how far it is; its columns to be matched; or its dry run, totals first."""
    found = policies.upload(request.principal, upload)
    if found.state == UploadState.COLUMNS:
        return page(request, "columns", upload=found, form=ColumnsForm(found.headings, initial=found.columns))
    wanted = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "outcome", "force")}
    rows = policies.upload_rows(found, **wanted)
    shown = paged(request, rows)
    return page(
        request, "file", upload=found, rows=shown, wanted=wanted, outcomes=Outcome.choices, **_working(found),
        query="&".join(f"{name}={value}" for name, value in wanted.items() if value), totals=_totals(found.totals),
        forces=_by_count(found, "forces"),
        headings=_by_count(found, "headings"), confirm=_by_count(found, "confirm"),
    )  # fmt: skip


def _by_count(upload: RegisterUpload, part: str) -> list[tuple[str, int]]:
    counts: dict[str, int] = upload.totals.get(part, {})
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))


def _totals(totals: dict) -> list[dict]:
    counts = totals.get("outcomes", {})
    return [
        {"label": outcome.label, "count": counts[outcome.value], "refused": outcome == Outcome.REFUSED}
        for outcome in Outcome
        if outcome.value in counts
    ]


@allow(Permission.BRING_ON_BOARD)
@require_safe
def progress(request: GuardedRequest, upload: UUID) -> HttpResponse:
    """How far a file is: the part of its page that renews itself."""
    found = policies.upload(request.principal, upload)
    return render(request, "onboarding/_progress.html", {"upload": found, **_working(found)})


def _working(upload: RegisterUpload) -> dict[str, bool]:
    working = upload.state in WORKING
    return {"working": working, "silent": working and upload.heard_at < timezone.now() - QUIET}


def _refuse_forgotten(upload: RegisterUpload) -> None:
    if upload.is_forgotten:
        raise Refused("forgotten", forgotten(), status=409)


@allow(Permission.BRING_ON_BOARD)
@require_POST
def columns(request: GuardedRequest, upload: UUID) -> HttpResponse:
    """Say which column holds what."""
    found = policies.upload(request.principal, upload)
    _refuse_forgotten(found)
    form = ColumnsForm(found.headings, request.POST)
    if not form.is_valid():
        return page(request, "columns", 422, upload=found, form=form)
    if not actions.match_columns(by=request.principal, upload=found, columns=form.columns()):
        raise Refused("state", _("This file is not waiting for its columns any more."), status=409)
    return redirect("onboarding:file", upload)


@allow(Permission.BRING_ON_BOARD)
@require_POST
def apply(request: GuardedRequest, upload: UUID) -> HttpResponse:
    """Have the dry run written that was shown."""
    found = policies.upload(request.principal, upload)
    _refuse_forgotten(found)
    if not actions.ask_to_apply(by=request.principal, upload=found, mark=request.POST.get("mark", "")[:64]):
        raise Refused("changed", _("This dry run is not the newest any more. Look at the file again."), status=409)
    return redirect("onboarding:file", upload)


@allow(Permission.BRING_ON_BOARD)
@require_safe
def rows(request: GuardedRequest, upload: UUID) -> HttpResponse:
    """Every row with its outcome, for a spreadsheet."""
    found = policies.upload(request.principal, upload)
    out = StringIO()
    table = csv.writer(out)
    heads = (
        _("row"),
        _("ODS code"),
        _("name"),
        _("postcode"),
        _("outcome"),
        _("force"),
        _("about"),
        _("why, and what changes"),
    )
    table.writerow(heads)
    for row in policies.upload_rows(found):
        cells = (row.ods_code, row.name, row.postcode, row.outcome, row.lies_in, row.heading, row.text)
        table.writerow([row.number, *(safe_cell(cell) for cell in cells)])
    # With a mark of UTF-8, without which Excel misreads accents.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rows.csv"'
    return answer
