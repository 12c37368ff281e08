"""What each screen of the tablet is given."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ani_portal.access.permissions import Permission
from ani_portal.access.principals import Principal
from pharmacies.enums import Stage
from pharmacies.models import ForceSettings
from pharmacies.principals import TOKEN_FIELD
from pharmacies.readiness.board import DRILL_EVERY

from .. import actions
from ..enums import Rung, State, Wish
from ..models import CodewordRequest
from ..policies import (
    child_lines,
    may_add,
    may_decide,
    messages_of,
    open_receipts,
    pharmacy_of,
    settings_of,
    support_of,
    tablet_of,
    turn_of,
)
from ..watch import is_watched
from . import words
from .options import options_of
from .steps import BY_NAME, DECISIONS, RECEIPT

WEEK = timedelta(days=7)


def token_of(request: HttpRequest) -> str:
    """The turn's token: it travels with each request and lives in the page's memory only."""
    return request.headers.get("X-Sitting") or request.POST.get(TOKEN_FIELD, "")


def screen(request: HttpRequest, by: Principal, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """One screen of the tablet, with what all of them need."""
    pharmacy, turn = pharmacy_of(by), turn_of(by)
    settings = more.pop("settings", None) or settings_of(by)
    token = more.pop("token", None)
    # The record says whether it is a drill; before there is one, the turn does. *Urgent help* is real in a drill, too.
    drill = more.pop("drill", None)
    if drill is None:
        drill = turn is not None and turn.is_drill and not more.get("is_cover")
    record = more.get("record")
    place = record.elsewhere if record is not None else turn.elsewhere if turn else ""
    context = {
        "screen_title": settings.screen_title,
        "cover_url": reverse("counter:cover"),
        "help_url": reverse("counter:help"),
        "pharmacy": pharmacy,
        "settings": settings,
        "elsewhere": place,
        "ring": words.words_999(pharmacy, settings, elsewhere=place),
        "cover_after": int(settings.cover_after.total_seconds()),
        "token": token_of(request) if token is None else token,
        "key": uuid4(),  # one for each time a button is shown: pressed twice, sent twice, it is one
        "watched": is_watched(by.force_id),
        "verified": by.scope.staff is not None,
        "drill": drill,
        **more,
    }
    return render(request, f"counter/{name}.html", context, status=status)


def cover(request: HttpRequest, by: Principal, status: int = 200) -> HttpResponse:
    """The neutral screen: tiles with initials, help, and what is still open."""
    stage = settings_of(by).stage
    if stage != Stage.LIVE and not open_receipts(by):
        # Nobody would read a record: the tablet leads to 999, 101 and support. What is open stays on the cover. A force
        # that gets ready holds its drills here: it goes live only when one was answered.
        more = {"services": support_of(by), "practise": stage == Stage.PREPARING}
        return screen(request, by, "paused", status, token="", is_cover=True, **more)
    tablet = tablet_of(by)
    pharmacy = pharmacy_of(by)
    more = {
        "tiles": pharmacy.staff.current(),
        "proven": tablet.last_heard_at,
        "drill_due": pharmacy.proven_at is None or timezone.now() - pharmacy.proven_at > DRILL_EVERY - WEEK,
        **cover_state(by),
    }
    return screen(request, by, "cover", status, token="", is_cover=True, **more)


def cover_state(by: Principal) -> dict[str, Any]:
    """What the cover says of open records, in neutral words: *phone now*, or what was sent, read or answered last."""
    now, settings = timezone.now(), settings_of(by)
    released = [record for record in open_receipts(by) if record.released_at is not None]
    unread = [record.released_at for record in released if record.read_at is None]
    late = any(is_late(record, settings, by) for record in released if not can_wait(record))
    said = [message.sent_at for record in released for message in messages_of(record)]
    return {
        "late": late,
        "said_at": max(said, default=None),
        "unread_since": min(unread, default=None),
        "read_at": max((record.read_at for record in released if record.read_at), default=None),
        "awake": bool(unread) or late,
        "now": now,
    }


def can_wait(record: CodewordRequest) -> bool:
    """Whether nobody said that it is urgent: then the cover does not call for the phone."""
    return record.alerted_at is None and (bool(record.paper_serial) or record.wish == Wish.POLICE_LATER)


def is_late(record: CodewordRequest, settings: ForceSettings, by: Principal) -> bool:
    """Whether a record needs the phone: not read in time, nobody has it, or nobody is watching."""
    lines = words.states(record, settings, timezone.now(), watched=is_watched(by.force_id))
    return any(line.late for line in lines)


def live(request: HttpRequest, by: Principal, part: str, record: CodewordRequest | None) -> HttpResponse:
    """The part of a screen that changes by itself."""
    if part == "cover":
        return render(request, "counter/_waiting.html", cover_state(by))
    if part == "watch" or record is None:
        return render(request, "counter/_watch.html", {"watched": is_watched(by.force_id)})
    name = "counter/_receipt.html" if part == RECEIPT else "counter/_state.html"
    settings = settings_of(by)
    ring = words.words_999(pharmacy_of(by), settings, elsewhere=record.elsewhere)
    return render(request, name, {"record": record, "ring": ring, **state_of(by, record, settings)})


def state_of(by: Principal, record: CodewordRequest, settings: ForceSettings) -> dict[str, Any]:
    """How far a record has come, and what police sent to the tablet."""
    states = words.states(record, settings, timezone.now(), watched=is_watched(by.force_id))
    late = any(line.late for line in states)
    return {
        "states": states,
        "late": late,
        "ring_now": late or (record.alerted_at is not None and record.rung in ("", Rung.NOT_YET)),
        "awake": record.released_at is not None and record.read_at is None,
        "messages": list(messages_of(record)),
    }


def question(
    request: HttpRequest, by: Principal, name: str, record: CodewordRequest | None, status: int = 200, **more: Any
) -> HttpResponse:
    """The screen of one question, or the receipt."""
    if record is not None and (
        # What police have finished with asks nothing any more.
        name == RECEIPT or record.state == State.CLOSED or (name in DECISIONS and not may_decide(by, record))
    ):
        return receipt(request, by, record, status, **more)
    step = BY_NAME[name]
    form = more.get("form")
    draft = actions.draft_of(by=by, record=record, step=name) if record and step.typed and form is None else {}
    given = words.given(form, draft)
    extra = {**options_of(name, record, given), "given": given, "draft": bool(draft)}
    if name in ("support", "young"):
        where = record.elsewhere if record else None
        extra |= {"services": support_of(by, elsewhere=where), "child_services": child_lines(by)}
    settings = settings_of(by)
    if record is not None:
        extra |= state_of(by, record, settings)
    return screen(
        request, by, f"steps/{name}", status, step=step, record=record, settings=settings,
        drill=record.is_drill if record else None, **who(by, record), **extra, **more,
    )  # fmt: skip


def sent(record: CodewordRequest, following: str, token: str) -> HttpResponse:
    """The alarm's answer: where the record is, and the way to the question that comes. It asks the database nothing."""
    given = {"record": str(record.pk), "next": following, "token": token}
    given |= {"read": _time(record.read_at, "%H:%M"), "queued": _time(record.released_at, "%H:%M:%S")}
    return HttpResponse(render_to_string("counter/sent.html", given))


def _time(moment: datetime | None, shape: str) -> str:
    return timezone.localtime(moment).strftime(shape) if moment else ""


def receipt(
    request: HttpRequest, by: Principal, record: CodewordRequest, status: int = 200, **more: Any
) -> HttpResponse:
    """Time, short reference and the three states, while the record is open."""
    settings = settings_of(by)
    state = state_of(by, record, settings)
    return screen(
        request, by, "receipt", status, record=record, settings=settings, drill=record.is_drill,
        just_typed=actions.just_typed(by=by, record=record), **state, **who(by, record), **more,
    )  # fmt: skip


def who(by: Principal, record: CodewordRequest | None) -> dict[str, Any]:
    """Which person a screen is about, and who else is in the pharmacy."""
    people = [one for one in open_receipts(by) if may_add(by, one)]
    others = [one for one in people if record is None or one.pk != record.pk]
    return {
        "person": record if record and others else None,
        "others": others,
        "may_record": by.may(Permission.RECORD),
        "may_decide": record is not None and may_decide(by, record),
    }


def parse_id(value: str | None) -> UUID | None:
    """An id from a form, or None for anything else."""
    try:
        return UUID(value or "")
    except ValueError:
        return None
