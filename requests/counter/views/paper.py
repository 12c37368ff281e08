"""The paper twin: printed with a serial number, keyed in afterwards."""

from uuid import uuid4

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.origin import same_origin_post
from ani_portal.access.permissions import Permission

from ... import actions
from ...policies import pharmacy_of, settings_of, support_of, turn_of, unreturned_papers
from .. import screens, words
from ..screens import parse_id
from ..turn_forms import PaperForm


@allow(Permission.USE_TABLET)
@require_safe
def paper(request: GuardedRequest) -> HttpResponse:
    """What the paper form is for, and the button that prints one."""
    return screens.screen(request, request.principal, "paper", missing=unreturned_papers(request.principal))


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def sheet(request: GuardedRequest) -> HttpResponse:
    """One form with its own serial number, on one page: the browser prints it, or keeps it as a PDF."""
    by = request.principal
    if (key := parse_id(request.POST.get("key"))) is None:
        return HttpResponseBadRequest()
    form = actions.print_form(by=by, key=key)
    settings, pharmacy = settings_of(by), pharmacy_of(by)
    return render(
        request,
        "counter/sheet.html",
        {
            "screen_title": settings.screen_title,
            "form": form,
            "pharmacy": pharmacy,
            "ring": words.words_999(pharmacy, settings),
            "services": support_of(by)[:4],
        },
    )


@allow(Permission.RECORD)
@same_origin_post
@require_POST
def key_in(request: GuardedRequest) -> HttpResponse:
    """Key a form in: its serial number and when it happened, then the questions. Never danger now."""
    by = request.principal
    if "serial" not in request.POST:
        return screens.screen(request, by, "key_in", form=PaperForm(), missing=unreturned_papers(by))
    form, key = PaperForm(request.POST), parse_id(request.POST.get("key"))
    if not form.is_valid() or key is None:
        return screens.screen(request, by, "key_in", 422, form=form, key=key or uuid4())
    turn = turn_of(by)
    try:
        record = actions.key_in(
            by=by, key=key, serial=form.cleaned_data["serial"], happened_at=form.cleaned_data["happened_at"],
            drill=turn is not None and turn.is_drill,
        )  # fmt: skip
    except actions.NotPossible as refusal:
        form.add_error("serial", str(refusal))
        return screens.screen(request, by, "key_in", 409, form=form, key=key)
    actions.go_to(by=by, record=record, step="wish")
    return screens.question(request, by, "wish", record)


@allow(Permission.RECORD)
@same_origin_post
@require_POST
def shred(request: GuardedRequest) -> HttpResponse:
    """A form that was never used has been shredded: asked once more first, because it cannot be keyed in afterwards."""
    by = request.principal
    wanted = parse_id(request.POST.get("form"))
    form = unreturned_papers(by).filter(pk=wanted).first() if wanted else None
    if form is not None and "sure" not in request.POST:
        return screens.screen(request, by, "shred", form=form)
    if form is not None:
        actions.give_back(by=by, form=form)
    return screens.screen(request, by, "key_in", form=PaperForm(), missing=unreturned_papers(by))
