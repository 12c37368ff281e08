"""The tablet. One address that never changes in a way that tells anything; every answer is saved as it is given."""

from contextlib import suppress
from uuid import uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ani_portal.access.decorators import GuardedRequest, allow, public
from ani_portal.access.origin import same_origin_post
from ani_portal.access.permissions import Permission
from ani_portal.access.scope import Kind, Scope, scoped
from pharmacies import actions as pharmacy_actions
from pharmacies.principals import enter_tablet

from .. import actions
from ..enums import Danger, EntryKind, Wish
from ..models import CodewordRequest
from ..policies import may_add, open_receipt, open_receipts, pharmacy_of
from . import screens
from .forms import BeginForm, EnrolForm
from .screens import parse_id
from .steps import BY_NAME, RECEIPT, following

# The cookie of an enrolled tablet lasts as long as browsers let it; the heartbeat renews it.
DEVICE_COOKIE_AGE = 400 * 24 * 60 * 60


@allow(Permission.USE_TABLET)
@require_safe
def cover(request: GuardedRequest) -> HttpResponse:
    """What anyone at the counter may see."""
    return screens.cover(request, request.principal)


@public("a browser that is not a tablet yet cannot know anybody")
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Type the code; this browser is a tablet of that pharmacy from then on."""
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with scoped(Scope(Kind.PUBLIC)):
            done = pharmacy_actions.enrol_tablet(code=form.cleaned_data["code"])
        if done.outcome == "enrolled":
            response = redirect("counter:front")
            set_device_cookie(response, done.secret)
            return response
        form.add_error("code", ENROL_SAYS[done.outcome]())
    return render(request, "counter/enrol.html", {"form": form}, status=422 if form.is_bound else 200)


ENROL_SAYS = {
    "unknown": lambda: _("That code is not right. Type it again, or ask for a new one."),
    "used": lambda: _("That code was used before. Each works once: ask for a new one."),
    "expired": lambda: _("That code is too old. Ask for a new one."),
}


def set_device_cookie(response: HttpResponse, secret: str) -> None:
    """Let this browser prove that it is the tablet."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        secret,
        max_age=DEVICE_COOKIE_AGE,
        secure=settings.OVER_TLS,
        httponly=True,
        samesite="Strict",
    )


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def heartbeat(request: GuardedRequest) -> HttpResponse:
    """The tablet is alive: say when it was last heard from, and renew its cookie."""
    pharmacy_actions.heard(by=request.principal)
    response = HttpResponse(status=204)
    set_device_cookie(response, request.COOKIES[settings.DEVICE_COOKIE_NAME])
    return response


@allow(Permission.USE_TABLET)
@require_safe
def help_panel(request: GuardedRequest) -> HttpResponse:
    """Open to anyone at the pharmacy, without a PIN."""
    by = request.principal
    return screens.screen(request, by, "help", services=screens.support_lines(by))


@allow(Permission.USE_TABLET)
@require_safe
def urgent(request: GuardedRequest) -> HttpResponse:
    """The first of two taps: the 999 words, and the button that tells police now."""
    return screens.screen(request, request.principal, "urgent")


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def alarm(request: GuardedRequest) -> HttpResponse:
    """The second of two taps: in the police queue, whoever is at the tablet. The same button again is one record."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")), mistaken=True)
    if record is not None:
        try:
            record = actions.raise_alert(by=by, record=record)
        except actions.NotPossible:
            record = None  # police have closed it, or it was just put away: a new one, or nobody would read this
    if record is None:
        if (key := parse_id(request.POST.get("key"))) is None:
            return HttpResponseBadRequest()
        try:
            record = actions.start_record(by=by, key=key, danger=Danger.YES)
        except actions.NotPossible as refusal:
            return screens.screen(request, by, "urgent", 409, refusal=str(refusal))
    actions.go_to(by=by, record=record, step="rung")
    return screens.question(request, by, "rung", record)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def who(request: GuardedRequest) -> HttpResponse:
    """After a tile: the PIN, or a typed name. Writes nothing."""
    by = request.principal
    staff_id = parse_id(request.POST.get("staff"))
    staff = pharmacy_of(by).staff.current().filter(pk=staff_id).first() if staff_id else None
    return screens.screen(request, by, "begin", staff=staff, form=BeginForm())


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def begin(request: GuardedRequest) -> HttpResponse:
    """Check the PIN or take the name, and go on where this person was, or to the first question."""
    by = request.principal
    form = BeginForm(request.POST)
    staff_id = parse_id(request.POST.get("staff"))
    staff = pharmacy_of(by).staff.current().filter(pk=staff_id).first() if staff_id else None
    if form.is_valid() and form.cleaned_data["staff"] and staff is None:
        form.add_error("name", _("That tile is no longer on this tablet. Go on under your name."))
    if form.is_valid():
        if staff is not None:
            begun = pharmacy_actions.begin_with_pin(by=by, staff=staff, pin=form.cleaned_data["pin"])
        else:
            begun = pharmacy_actions.begin_with_name(by=by, name=form.cleaned_data["name"].strip())
        if begun.token:
            return _after_begin(request, begun.token)
        form.add_error("pin", _pin_refusal(begun.wait_seconds))
    return screens.screen(request, by, "begin", 422, staff=staff, form=form)


def _pin_refusal(wait: int) -> str:
    if wait:
        return _(
            "That PIN is not right. Wait %(seconds)d seconds, then try again. In danger now? “Urgent help” needs no PIN."
        ) % {"seconds": wait}
    return _("That PIN is not right. Try again.")


def _after_begin(request: GuardedRequest, token: str) -> HttpResponse:
    # The turn has just begun, so the scope of this transaction does not know it yet: enter again, with its token.
    by = enter_tablet(request.COOKIES[settings.DEVICE_COOKIE_NAME], token)
    if by is None:
        return screens.cover(request, request.principal)
    mine = [record for record in open_receipts(by) if may_add(by, record)]
    if mine:
        return screens.screen(request, by, "people", token=token, people=screens.lettered(by), mine=mine)
    return screens.question(request, by, "danger", None, token=token)


@allow(Permission.RECORD)
@same_origin_post
@require_POST
def resume(request: GuardedRequest) -> HttpResponse:
    """Go on with an open record where it was left, or start for another person."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    return screens.question(request, by, record.step or RECEIPT if record else "danger", record)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def answer(request: GuardedRequest) -> HttpResponse:
    """Save one answer and show the next question."""
    by = request.principal
    step = BY_NAME.get(request.POST.get("step", ""))
    key = parse_id(request.POST.get("key"))
    if step is None or key is None:
        return HttpResponseBadRequest()
    asked_of = parse_id(request.POST.get("record"))
    record = open_receipt(by, asked_of)
    if record is None and (asked_of is not None or step.name != "danger"):
        return _gone(request)
    if record is None and not by.may(Permission.RECORD):
        return _gone(request)
    form = step.form(request.POST)
    if not form.is_valid():
        return screens.question(request, by, step.name, record, 422, form=form)
    try:
        if record is None:
            record = actions.start_record(by=by, key=key, danger=Danger(form.cleaned_data["danger"]))
            _name_recorder(request, record)
        else:
            record = step.save(by, record, key, form.cleaned_data)
    except actions.Gone:
        return _gone(request)
    except actions.NotPossible as refusal:
        return screens.question(request, by, step.name, record, 409, refusal=str(refusal))
    coming = following(step.name, record)
    actions.go_to(by=by, record=record, step=coming)
    return screens.question(request, by, coming, record)


def _name_recorder(request: GuardedRequest, record: CodewordRequest) -> None:
    by = request.principal
    if by.scope.staff is None and by.scope.sitting is not None:
        name = pharmacy_actions.typed_name(by=by)
        if name:
            actions.add_entry(
                by=by, record=record, key=uuid5(record.key, "recorder"), kind=EntryKind.RECORDER, value={"text": name}
            )


def _gone(request: GuardedRequest) -> HttpResponse:
    """An answer for a record that is closed, put away, or somebody else's: nothing written, and a way on."""
    return screens.screen(request, request.principal, "gone", 409)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def go(request: GuardedRequest) -> HttpResponse:
    """Go to a question on purpose: the overriding reason, more words, the receipt."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    to = request.POST.get("to", "")
    if record is None:
        return _gone(request)
    if to not in ("override", "words", "wish", "support", RECEIPT):
        return HttpResponseBadRequest()
    return screens.question(request, by, to, record)


@allow(Permission.RECORD)
@same_origin_post
@require_POST
def mistake(request: GuardedRequest) -> HttpResponse:
    """Asked by mistake: nothing kept, nobody told; can be undone for ten seconds."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    if record is None:
        return screens.screen(request, by, "mistake", record=None)
    try:
        actions.mistake(by=by, record=record)
    except actions.NotPossible as refusal:
        return screens.question(request, by, record.step or "wish", record, 409, refusal=str(refusal))
    return screens.screen(request, by, "mistake", record=record)


@allow(Permission.RECORD)
@same_origin_post
@require_POST
def undo(request: GuardedRequest) -> HttpResponse:
    """Take *asked by mistake* back."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")), mistaken=True)
    if record is None:
        return _gone(request)
    try:
        record = actions.undo_mistake(by=by, record=record)
    except actions.NotPossible as refusal:
        return screens.question(request, by, "danger", None, 409, refusal=str(refusal))
    return screens.question(request, by, record.step or following("danger", record), record)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def receipt(request: GuardedRequest) -> HttpResponse:
    """The receipt as it is now: what the tablet asks for when something changed."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    return screens.receipt(request, by, record) if record else _gone(request)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def finish(request: GuardedRequest) -> HttpResponse:
    """Finish and cover: the receipt is gone for good."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    if record is not None:
        # Twice at the same moment: the second finds it put away, which is what was wanted.
        with suppress(actions.Gone):
            if not record.wish and record.released_at is None:
                actions.answer_wish(by=by, record=record, wish=Wish.COULD_NOT_ASK)
            actions.put_away(by=by, record=record)
    pharmacy_actions.end_sitting(by=by)
    return screens.cover(request, by)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def hide(request: GuardedRequest) -> HttpResponse:
    """One touch: the cover, with the entry kept."""
    pharmacy_actions.end_sitting(by=request.principal)
    return screens.cover(request, request.principal)
