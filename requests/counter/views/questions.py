"""The questions, one a screen, and the receipt."""

from contextlib import suppress
from uuid import uuid5

from django.http import HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ani_portal.access.decorators import GuardedRequest, allow
from ani_portal.access.origin import same_origin_post
from ani_portal.access.permissions import Permission
from ani_portal.access.principals import Principal
from pharmacies import actions as pharmacy_actions

from ... import actions
from ...enums import Danger, EntryKind, State, Wish
from ...models import CodewordRequest
from ...policies import may_decide, open_receipt, turn_of
from .. import screens
from ..screens import parse_id
from ..steps import BY_NAME, DECISIONS, RECEIPT, WAYS, following


def start_of(by: Principal, *, drill: bool, step: str = "") -> actions.Start:
    """What a record that starts in this turn inherits from it, and the question that comes next."""
    turn = turn_of(by)
    if turn is None:
        return actions.Start(step=step)
    return actions.Start(drill=drill and turn.is_drill, elsewhere=turn.elsewhere, step=step)


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
    if record is None and (asked_of is not None or step.name != "danger" or not by.may(Permission.RECORD)):
        return gone(request)
    if record is not None and record.state == State.CLOSED:
        return closed(request, by, record)
    if record is not None and step.typed and "skip" in request.POST:
        actions.drop_draft(by=by, record=record)
        return _go_on(request, by, record, following(step.name, record, {}))
    form = step.form(request.POST)
    if not form.is_valid():
        return screens.question(request, by, step.name, record, 422, form=form)
    try:
        if record is None:
            danger = Danger(form.cleaned_data["danger"])
            record = actions.start_record(by=by, key=key, danger=danger, start=start_of(by, drill=True))
            _name_recorder(by, record)
        else:
            record = step.save(by, record, key, form.cleaned_data)
            if step.name in DECISIONS and record.recorder_id is None:
                _name_recorder(by, record)  # an alarm from the cover bears no name yet
    except actions.Gone:
        return gone(request)
    except actions.NotPossible as refusal:
        now = open_receipt(by, asked_of)
        if now is not None and now.state == State.CLOSED:
            return closed(request, by, now)  # at the same moment
        return screens.question(request, by, step.name, record, 409, refusal=str(refusal), form=form)
    if step.typed:
        actions.drop_draft(by=by, record=record)
    return _go_on(request, by, record, following(step.name, record, form.cleaned_data))


def _go_on(request: GuardedRequest, by: Principal, record: CodewordRequest, coming: str) -> HttpResponse:
    actions.go_to(by=by, record=record, step=coming)
    return screens.question(request, by, coming, record)


def _name_recorder(by: Principal, record: CodewordRequest) -> None:
    if by.scope.staff is None and by.scope.sitting is not None and (name := pharmacy_actions.typed_name(by=by)):
        key = uuid5(record.key, f"recorder {by.scope.sitting}")
        actions.add_entry(by=by, record=record, key=key, kind=EntryKind.RECORDER, value={"text": name})


def gone(request: GuardedRequest) -> HttpResponse:
    """An answer for a record that is closed, put away, or somebody else's: nothing written, and a way on."""
    return screens.screen(request, request.principal, "gone", 409)


def closed(request: GuardedRequest, by: Principal, record: CodewordRequest) -> HttpResponse:
    """An answer for a record that police have finished with: not kept, and its receipt, from which there is a way on."""
    refusal = _(
        "Police have finished with this, so what you entered now was not sent. Start again, or ring 999 or 101."
    )
    return screens.receipt(request, by, record, 409, refusal=refusal)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def go(request: GuardedRequest) -> HttpResponse:
    """Go to a question on purpose: the overriding reason, more words, the receipt."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    to = request.POST.get("to", "")
    if record is None:
        return gone(request)
    if to not in WAYS:
        return HttpResponseBadRequest()
    return screens.question(request, by, to, record)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def back(request: GuardedRequest) -> HttpResponse:
    """*The other person is back*: one tap, and police see it."""
    by = request.principal
    record, key = open_receipt(by, parse_id(request.POST.get("record"))), parse_id(request.POST.get("key"))
    if record is None:
        return gone(request)
    if key is None:
        return HttpResponseBadRequest()
    try:
        record = actions.say_other_back(by=by, record=record, key=key)
    except actions.Gone:
        return gone(request)
    except actions.NotPossible as refusal:
        return screens.receipt(request, by, record, 409, refusal=str(refusal))
    return screens.receipt(request, by, record)


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
        return gone(request)
    try:
        record = actions.undo_mistake(by=by, record=record)
    except actions.NotPossible as refusal:
        return screens.question(request, by, "danger", None, 409, refusal=str(refusal))
    return screens.question(request, by, record.step or following("danger", record), record)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def receipt(request: GuardedRequest) -> HttpResponse:
    """The receipt as it is now."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    if record is None:
        return gone(request)
    actions.go_to(by=by, record=record, step=RECEIPT)
    return screens.receipt(request, by, record)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def take_back(request: GuardedRequest) -> HttpResponse:
    """Take back what was typed into the wrong record, within five minutes of typing it."""
    by = request.principal
    record, entry = open_receipt(by, parse_id(request.POST.get("record"))), parse_id(request.POST.get("entry"))
    if record is None:
        return gone(request)
    if entry is None:
        return HttpResponseBadRequest()
    try:
        actions.take_back(by=by, record=record, entry=entry)
    except actions.NotPossible as refusal:
        return screens.receipt(request, by, record, 409, refusal=str(refusal))
    return screens.receipt(request, by, record)


@allow(Permission.USE_TABLET)
@same_origin_post
@require_POST
def finish(request: GuardedRequest) -> HttpResponse:
    """Finish and cover: the receipt is gone for good."""
    by = request.principal
    record = open_receipt(by, parse_id(request.POST.get("record")))
    # An alarm that nobody has read and nobody put a name to stays on the cover: it is nobody's to put away.
    if record is not None and (record.read_at is not None or may_decide(by, record)):
        # Twice at the same moment: the second finds it put away, which is what was wanted.
        with suppress(actions.Gone):
            if not record.wish and record.released_at is None:
                actions.answer_wish(by=by, record=record, wish=Wish.COULD_NOT_ASK)
            actions.put_away(by=by, record=record)
    pharmacy_actions.end_sitting(by=by)
    return screens.cover(request, by)
