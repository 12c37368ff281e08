"""What may be tried in a walk: each act, and when it is likely to be possible. The walk tries the others too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from ani_portal.access.principals import Principal
from pharmacies.models import CannedLine, Officer, ResponseGrade
from requests import actions
from requests.enums import (
    Danger,
    EntryKind,
    Left,
    LookReason,
    MadeSure,
    NoReference,
    OfferReason,
    Outcome,
    ReopenReason,
    State,
    StepKind,
    Wish,
)
from requests.models import CodewordRequest, HandOver, Link
from requests.triage.entries import entries

from .desk_steps import decide_offer

if TYPE_CHECKING:
    from .test_whatever_happens import Walk

Do = Callable[["Walk", Principal, CodewordRequest], object]


@dataclass(frozen=True)
class Facts:
    """How a record stands towards one person, as the owner of the database knows it."""

    record: CodewordRequest
    mine: bool  # it is of that officer's force
    holds: bool
    holder: str
    left: bool  # nobody is at the pharmacy any more
    offered_to: int | None
    force: int | None
    noted: bool  # everything that this officer holds has its note for the next shift
    sheet: bool  # a colleague's sheet waits to be signed
    linked: bool
    alone: bool  # no other record of that force


@dataclass(frozen=True)
class Act:
    """One thing to try, and when it should work."""

    do: Do
    when: Callable[[Facts], bool]


def other_force(walk: "Walk", by: Principal) -> int:
    """The force that is asked, offered to."""
    return next(force for force in walk.forces if force != by.force_id)


def _held(facts: Facts) -> bool:
    return facts.holds


def _decide(how: str) -> Do:
    def do(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
        decide_offer(by, record, how)

    return do


def _ask_help(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    if not CodewordRequest.objects.filter(pk=record.pk).exists():
        raise actions.NotPossible("not in sight")
    chosen = [key for key, _line in entries(record).sendable][-2:]
    actions.ask_help(
        by=by, record=record, to_force=other_force(walk, by), reason=OfferReason.OTHER_THERE, chosen=chosen, key=uuid4()
    )  # fmt: skip


def _sign(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    others = HandOver.objects.filter(force_id=by.force_id, signed_at__isnull=True).exclude(made_by_id=UUID(by.actor.id))
    sheet = others.first()
    if sheet is None:
        raise actions.NotPossible("no sheet")
    actions.sign_hand_over(by=by, sheet=sheet)


def _grade(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    grade = ResponseGrade.objects.filter(force_id=by.force_id).order_by("order")[0]
    actions.assess(by=by, record=record, grade=grade, rationale={"risk": "made up"}, systems_checked=True)


def _link(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    mine = CodewordRequest.objects.exclude(pk=record.pk).filter(pk__in=[one.pk for one in walk.all_records()])
    if (other := mine.first()) is None or not CodewordRequest.objects.filter(pk=record.pk).exists():
        raise actions.NotPossible("nothing to link")
    actions.link(by=by, record=record, other=other)


def _unlink(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    found: Link | None = actions.links_of(record).first()
    if found is None or not CodewordRequest.objects.filter(pk=record.pk).exists():
        raise actions.NotPossible("no link")
    actions.unlink(by=by, record=record, link=found.pk)


def _line(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    actions.send_line(by=by, record=record, line=CannedLine.objects.filter(force_id=by.force_id, active=True)[0])


def _reassign(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    to = Officer.objects.filter(force_id=by.force_id, display_name="Officer 2")[0]
    actions.reassign(by=by, record=record, to=to)


def _close(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    actions.close(
        by=by, record=record, outcome=Outcome.ATTENDED, risk_looked_at=True, no_reference=NoReference.PASSED_ON
    )


OFFICERS: dict[str, Act] = {
    "read": Act(lambda walk, by, record: actions.read(by=by, record=record), lambda it: it.mine),
    "look": Act(
        lambda walk, by, record: actions.look(by=by, record=record, reason=LookReason.COVERING), lambda it: it.mine
    ),
    "claim": Act(
        lambda walk, by, record: actions.claim(by=by, record=record),
        lambda it: it.mine and it.record.state == State.READ,
    ),
    "unclaim": Act(lambda walk, by, record: actions.unclaim(by=by, record=record), _held),
    "take over": Act(
        lambda walk, by, record: actions.take_over(by=by, record=record),
        lambda it: it.mine and it.record.state == State.CLAIMED and not it.holds,
    ),
    "reassign": Act(
        _reassign,
        lambda it: it.mine and it.record.state in (State.READ, State.CLAIMED) and it.holder != "Officer 2",
    ),
    "note": Act(
        lambda walk, by, record: actions.add_note(by=by, record=record, text="made up", key=uuid4()),
        lambda it: it.mine,
    ),
    "grade": Act(_grade, _held),
    "send officers": Act(
        lambda walk, by, record: actions.take_step(by=by, record=record, kind=StepKind.OFFICERS_SENT), _held
    ),
    "make sure": Act(
        lambda walk, by, record: actions.make_sure(by=by, record=record, how=MadeSure.ATTENDED),
        lambda it: it.holds and it.record.reported_mistake_at is not None,
    ),
    "send a line": Act(_line, lambda it: it.mine and it.record.finished_at is None and it.record.helps_id is None),
    "break the glass": Act(
        lambda walk, by, record: actions.break_glass(by=by, record=record, reason="made up"), lambda it: it.mine
    ),
    "link": Act(_link, lambda it: it.mine and not it.alone),
    "unlink": Act(_unlink, lambda it: it.mine and it.linked),
    "offer": Act(
        lambda walk, by, record: actions.offer(
            by=by, record=record, to_force=other_force(walk, by), reason=OfferReason.LIVES_THERE
        ),
        lambda it: it.holds and it.left and it.offered_to is None,
    ),
    "accept": Act(_decide("accept"), lambda it: it.offered_to == it.force),
    "decline": Act(_decide("decline"), lambda it: it.offered_to == it.force),
    "withdraw": Act(_decide("withdraw"), lambda it: it.mine and it.offered_to is not None),
    "ask help": Act(_ask_help, _held),
    "note for the next shift": Act(
        lambda walk, by, record: actions.add_hand_over_note(by=by, record=record, text="made up", key=uuid4()), _held
    ),
    "prepare the sheet": Act(lambda walk, by, record: actions.make_hand_over(by=by), lambda it: it.holds and it.noted),
    "sign the sheet": Act(_sign, lambda it: it.mine and it.sheet),
    "leave all the same": Act(lambda walk, by, record: actions.let_go(by=by), _held),
    "close": Act(_close, lambda it: it.holds and it.offered_to is None and not actions.must_make_sure(it.record)),
    "reopen": Act(
        lambda walk, by, record: actions.reopen(by=by, record=record, reason=ReopenReason.NEW_WORDS),
        lambda it: it.mine and it.record.state == State.CLOSED,
    ),
}  # fmt: skip
# These may find that there is nothing to do, and then leave no row of the log.
MAY_DO_NOTHING = {"claim", "leave all the same", "prepare the sheet", "unlink"}


def _says(kind: EntryKind) -> Do:
    return lambda walk, by, record: actions.add_entry(
        by=by, record=record, key=uuid4(), kind=kind, value={"text": "made up"}
    )


def _out(facts: Facts) -> bool:
    return facts.record.finished_at is None and facts.record.state != State.CLOSED


TABLET: dict[str, Act] = {
    "adds words": Act(_says(EntryKind.OBSERVED), lambda it: _out(it) and bool(it.record.words_released)),
    "says they left": Act(
        lambda walk, by, record: actions.say_left(by=by, record=record, left=Left.ALONE, key=uuid4()), _out
    ),
    "says the other is back": Act(
        lambda walk, by, record: actions.say_other_back(by=by, record=record, key=uuid4()), _out
    ),
    "says no to police": Act(
        lambda walk, by, record: actions.answer_wish(by=by, record=record, wish=Wish.SUPPORT),
        lambda it: _out(it) and it.record.withdrawn_at is None,
    ),
    "asks for police again": Act(
        lambda walk, by, record: actions.agree(
            by=by, record=actions.answer_wish(by=by, record=record, wish=Wish.POLICE_NOW)
        ),
        lambda it: _out(it) and it.record.withdrawn_at is not None,
    ),
    "reports a mistake": Act(
        lambda walk, by, record: actions.report_mistake(by=by, record=record, key=uuid4()),
        lambda it: _out(it) and it.record.reported_mistake_at is None,
    ),
    "sounds the alarm again": Act(
        lambda walk, by, record: actions.answer_danger(by=by, record=record, danger=Danger.YES), _out
    ),
    "puts the receipt away": Act(lambda walk, by, record: actions.put_away(by=by, record=record), _out),
}
# Said before, they change nothing and leave no row.
TABLET_MAY_DO_NOTHING = {
    "says no to police",
    "asks for police again",
    "reports a mistake",
    "sounds the alarm again",
}
ACTS = set(OFFICERS) | set(TABLET)
