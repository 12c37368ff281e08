"""Somebody asks what is held about them: review, mask, clear, take out."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.permissions import Permission
from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from requests.actions import NotPossible
from requests.enums import Event
from requests.policies import released_record
from requests.retention import access as acts
from requests.retention.policies import access_request

from ..views import page
from .forms import MaskForm
from .views import record_page


@allow(Permission.ANSWER_ACCESS)
@require_POST
def begin(request: GuardedRequest, record: UUID) -> HttpResponse:
    """Begin to answer for one record; it is put under hold."""
    by = request.principal
    found = released_record(by, record)
    try:
        made = acts.open_access(by=by, record=found)
    except NotPossible as refusal:
        return record_page(request, record, 409, refusal=str(refusal))
    return redirect("triage:retention:access", access=made.pk)


def _of_record(by: Principal, access: UUID) -> Iterator[tuple[str, str, object]]:
    yield Event.ACCESS_READ, "record", access_request(by, access).record_id  # who looked is told on the record's page


@allow(Permission.ANSWER_ACCESS, logs=Event.ACCESS_READ, of=access_request, each=_of_record)
@require_safe
def review_page(request: GuardedRequest, access: UUID) -> HttpResponse:
    """Every entry, as it was said and as the copy will show it."""
    return _review(request, access)


def _review(request: GuardedRequest, access: UUID, status: int = 200, **more: Any) -> HttpResponse:
    by = request.principal
    found = access_request(by, access)
    if request.method == "POST":
        # A GET has its row of the log before it is read; what is read as the answer to a refused POST gets one here.
        current_log().note(Event.ACCESS_READ, by=by.actor, force=by.force_id, on=("access", access))
    typed: dict[UUID, MaskForm] = more.pop("typed", {})
    lines: list[dict[str, Any]] = []
    for line in acts.review(found):
        start = {"marked": line.text, "left_out": line.left_out}
        form = typed.get(line.entry.pk) or MaskForm(
            initial=start, prefix=str(line.entry.pk), use_required_attribute=False
        )
        lines.append({"line": line, "form": form})
    return page(
        request, "retention/access", status, access=found, record=found.record, lines=lines,
        may_clear=by.may(Permission.CLEAR_ACCESS), hides=acts.hides_words(found),
        to_review=sum(one["line"].masked is None and not one["line"].broken for one in lines), **more,
    )  # fmt: skip


@allow(Permission.ANSWER_ACCESS)
@require_POST
def mask(request: GuardedRequest, access: UUID, entry: UUID) -> HttpResponse:
    """Keep how the copy shows one entry."""
    by = request.principal
    found = access_request(by, access)
    wanted = found.record.entries.filter(pk=entry).first()
    if wanted is None:
        raise Http404
    form = MaskForm(request.POST, prefix=str(entry))
    if form.is_valid():
        try:
            data = form.cleaned_data
            acts.mask_entry(by=by, access=found, entry=wanted, marked=data["marked"], left_out=data["left_out"])
            return redirect("triage:retention:access", access=access)
        except NotPossible as refusal:
            form.add_error("marked", str(refusal))
    return _review(request, access, 422, typed={entry: form})


@allow(Permission.CLEAR_ACCESS)
@require_POST
def clear(request: GuardedRequest, access: UUID) -> HttpResponse:
    """The data protection officer clears the copy."""
    by = request.principal
    try:
        acts.clear(by=by, access=access_request(by, access))
    except NotPossible as refusal:
        return _review(request, access, 409, refusal=str(refusal))
    return redirect("triage:retention:access", access=access)


@allow(Permission.ANSWER_ACCESS)
@require_POST
def copy(request: GuardedRequest, access: UUID) -> HttpResponse:
    """The masked copy as a file with a neutral name, to be handed over by a person. Refused unless it was cleared."""
    by = request.principal
    found = access_request(by, access)
    try:
        lines = acts.export(by=by, access=found)
    except NotPossible as refusal:
        return _review(request, access, 409, refusal=str(refusal))
    parts = [_("Copy of what is held. Parts about other people are shown as █████."), ""]
    for line in lines:
        parts += [f"{line.entry.get_kind_display()}, {line.entry.at:%d.%m.%Y %H:%M}", line.masked or "", ""]
    response = HttpResponse("\n".join(parts), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="document.txt"'
    return response


@allow(Permission.ANSWER_ACCESS)
@require_POST
def close(request: GuardedRequest, access: UUID) -> HttpResponse:
    """It was answered."""
    by = request.principal
    acts.close_access(by=by, access=access_request(by, access))
    return redirect("triage:retention:overview")
