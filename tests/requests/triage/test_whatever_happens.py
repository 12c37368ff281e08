"""Whatever officers of two forces, a tablet and the clocks do, in whatever order: what must hold, holds after every step.

Hypothesis looks for the order that breaks it and says the shortest one that it found.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from pharmacies.models import Officer, PoliceForce, ResponseGrade
from requests import actions
from requests.clocks import run
from requests.enums import (
    EntryKind,
    Left,
    LookReason,
    NoReference,
    OfferReason,
    Outcome,
    ReopenReason,
    State,
    StepKind,
    Wish,
)
from requests.models import CodewordRequest, Entry, HandOver, HelpAsked, Offer
from requests.triage.entries import entries
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything

from .test_no_sequence import _decide

Act = Callable[["Walk", Principal, CodewordRequest], object]


def _other_force(walk: "Walk", by: Principal) -> int:
    return next(force for force in walk.forces if force != by.force_id)


def _ask_help(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    if not CodewordRequest.objects.filter(pk=record.pk).exists():
        raise actions.NotPossible("not in sight")
    chosen = [key for key, _line in entries(record).sendable][:1]
    actions.ask_help(
        by=by,
        record=record,
        to_force=_other_force(walk, by),
        reason=OfferReason.OTHER_THERE,
        chosen=chosen,
        key=uuid4(),
    )


def _sign(walk: "Walk", by: Principal, record: CodewordRequest) -> object:
    sheet = HandOver.objects.filter(force_id=by.force_id, signed_at__isnull=True).first()
    if sheet is None:
        raise actions.NotPossible("no sheet")
    return actions.sign_hand_over(by=by, sheet=sheet)


def _grade(walk: "Walk", by: Principal, record: CodewordRequest) -> object:
    grade = ResponseGrade.objects.filter(force_id=by.force_id).order_by("order")[0]
    return actions.assess(by=by, record=record, grade=grade, rationale={"risk": "made up"}, systems_checked=True)


def _link(walk: "Walk", by: Principal, record: CodewordRequest) -> None:
    other = CodewordRequest.objects.exclude(pk=record.pk).first()
    if other is None:
        raise actions.NotPossible("nothing to link")
    actions.link(by=by, record=record, other=other)


OFFICERS: dict[str, Act] = {
    "read": lambda walk, by, record: actions.read(by=by, record=record),
    "look": lambda walk, by, record: actions.look(by=by, record=record, reason=LookReason.COVERING),
    "claim": lambda walk, by, record: actions.claim(by=by, record=record),
    "unclaim": lambda walk, by, record: actions.unclaim(by=by, record=record),
    "take over": lambda walk, by, record: actions.take_over(by=by, record=record),
    "reassign": lambda walk, by, record: actions.reassign(by=by, record=record, to=walk.somebody(by)),
    "note": lambda walk, by, record: actions.add_note(by=by, record=record, text="made up", key=uuid4()),
    "grade": _grade,
    "send officers": lambda walk, by, record: actions.take_step(by=by, record=record, kind=StepKind.OFFICERS_SENT),
    "link": _link,
    "offer": lambda walk, by, record: actions.offer(
        by=by, record=record, to_force=_other_force(walk, by), reason=OfferReason.LIVES_THERE
    ),
    "accept": lambda walk, by, record: _decide(by, record, "accept"),
    "decline": lambda walk, by, record: _decide(by, record, "decline"),
    "withdraw": lambda walk, by, record: _decide(by, record, "withdraw"),
    "ask help": _ask_help,
    "note for the next shift": lambda walk, by, record: actions.add_hand_over_note(
        by=by, record=record, text="made up", key=uuid4()
    ),
    "prepare the sheet": lambda walk, by, record: actions.make_hand_over(by=by),
    "sign the sheet": _sign,
    "leave all the same": lambda walk, by, record: actions.let_go(by=by),
    "close": lambda walk, by, record: actions.close(
        by=by, record=record, outcome=Outcome.ATTENDED, risk_looked_at=True, no_reference=NoReference.PASSED_ON
    ),
    "reopen": lambda walk, by, record: actions.reopen(by=by, record=record, reason=ReopenReason.NEW_WORDS),
}
# These may find that there is nothing to do, and then leave no row of the log.
MAY_DO_NOTHING = {"claim", "leave all the same", "prepare the sheet"}

TABLET: dict[str, Act] = {
    "adds words": lambda walk, by, record: actions.add_entry(
        by=by, record=record, key=uuid4(), kind=EntryKind.OBSERVED, value={"text": "made up"}
    ),
    "says they left": lambda walk, by, record: actions.say_left(by=by, record=record, left=Left.ALONE, key=uuid4()),
    "says the other is back": lambda walk, by, record: actions.say_other_back(by=by, record=record, key=uuid4()),
    "says no to police": lambda walk, by, record: actions.answer_wish(by=by, record=record, wish=Wish.SUPPORT),
    "puts the receipt away": lambda walk, by, record: actions.put_away(by=by, record=record),
}


class Walk(RuleBasedStateMachine):
    """One record of Norfolk, what comes of it, four officers and a supervisor, a tablet, the clocks."""

    cast: Cast
    forces: tuple[int, int]
    third: Scope
    people: list[Principal]
    done: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.record = a_record_with_everything(self.cast, "norfolk")
        self.tablet = self.cast.recorder("norfolk")
        self.now = timezone.now()
        self.clocks: dict[UUID, datetime | None] = {}
        self.states: dict[UUID, str] = {}

    def somebody(self, by: Principal) -> Officer:
        """A colleague of theirs."""
        return Officer.objects.filter(force_id=by.force_id, display_name="Officer 2")[0]

    def all_records(self) -> list[CodewordRequest]:
        """The record, and those that were made when help was asked for."""
        with using_role("owner"):
            wanted, found = {self.record.pk}, set[UUID]()
            while wanted - found:
                found |= wanted
                asked = HelpAsked.objects.filter(record__in=found).values_list("other_id", flat=True)
                wanted |= {one for one in asked if one}
            return list(CodewordRequest.objects.filter(pk__in=found).order_by("started_at"))

    def logged(self) -> int:
        """The rows of the whole log."""
        with connections["verify"].cursor() as cursor:
            cursor.execute("select count(*) from audit_auditentry")
            return int((cursor.fetchone() or (0,))[0])

    @rule(who=st.integers(0, 5), what=st.sampled_from(sorted(OFFICERS)), which=st.integers(0, 3))
    def an_officer(self, who: int, what: str, which: int) -> None:
        """Somebody of either force tries something with one of the records."""
        records = self.all_records()
        by, record, before = self.people[who % len(self.people)], records[which % len(records)], self.logged()
        with suppress(actions.NotPossible):
            with scoped(by.scope):
                OFFICERS[what](self, by, record)
            assert what in MAY_DO_NOTHING or self.logged() > before, f"{what}: no row of the log"
            self.done.add(what)

    @rule(what=st.sampled_from(sorted(TABLET)))
    def the_tablet(self, what: str) -> None:
        """Staff go on."""
        with suppress(actions.NotPossible):
            with scoped(self.tablet.scope):
                record = CodewordRequest.objects.filter(pk=self.record.pk).first()
                if record is None:
                    return
                TABLET[what](self, self.tablet, record)
            self.done.add(what)

    @rule(minutes=st.integers(0, 70))
    def the_clocks(self, minutes: int) -> None:
        """Time goes by, and the worker notices."""
        self.now = max(self.now, timezone.now()) + timedelta(minutes=minutes)
        run(now=self.now)

    @precondition(lambda self: self.record is not None)
    @invariant()
    def what_must_hold(self) -> None:
        """One force, one holder at most and of that force, a clock that never moves, nothing for anybody else."""
        for record in self.all_records():
            with using_role("owner"):
                assert record.force_id in self.forces
                holder = Officer.objects.filter(pk=record.claimed_by_id).first() if record.claimed_by_id else None
                if record.state == State.CLAIMED:
                    assert holder is not None and holder.force_id == record.force_id
                assert Offer.objects.filter(record=record, state="open").count() <= 1
                assert set(Entry.objects.filter(record=record).values_list("force_id", flat=True)) <= {record.force_id}
            assert self.clocks.setdefault(record.pk, record.released_at) == record.released_at
            before = self.states.get(record.pk)
            assert not (before not in (None, State.WAITING) and record.state == State.WAITING), "unread again"
            self.states[record.pk] = record.state
            seen = 0
            for by in self.people:
                with scoped(by.scope):
                    sees = CodewordRequest.objects.filter(pk=record.pk).exists()
                assert sees == (by.force_id == record.force_id)
                seen += sees
            assert seen > 0, "nobody of the force that has it can see it"
            with scoped(self.third):
                assert not CodewordRequest.objects.filter(pk=record.pk).exists()
                assert not Entry.objects.filter(record=record).exists()
                assert not Offer.objects.filter(record=record).exists()
                assert not HelpAsked.objects.filter(record=record).exists()


def walk(cast: Cast, examples: int, steps: int) -> set[str]:
    """Let Hypothesis try; which acts succeeded somewhere."""
    norfolk, cheshire = cast.force("norfolk"), cast.force("cheshire")
    with using_role("owner"):
        third = PoliceForce.objects.exclude(pk__in=[norfolk.pk, cheshire.pk]).order_by("pk")[0]
    about: dict[str, Any] = {
        "cast": cast,
        "forces": (norfolk.pk, cheshire.pk),
        "third": Scope(Kind.OFFICER, force=third.pk, person=cast.officer("norfolk").scope.person),
        "people": [cast.officer(short, number) for short in ("norfolk", "cheshire") for number in (1, 2, 3)],
        "done": set(),
    }
    machine = type("WalkOfThisTest", (Walk,), about)
    limits = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a walk that fails is told as it was: making it shorter takes minutes
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=limits)
    done: set[str] = about["done"]
    return done


def test_a_few_walks(cast: Cast) -> None:
    """Short, in every run."""
    assert walk(cast, 6, 20)


@pytest.mark.long
def test_many_walks(cast: Cast) -> None:
    """Long ones; how much of what can be done succeeded in them is said in the report."""
    examples = int(os.environ.get("ANI_WALKS", "60"))
    done = walk(cast, examples, 60)
    print(f"FIGURE {examples} walks of up to 60 steps, {len(done)} of {len(OFFICERS) + len(TABLET)} acts succeeded")
    assert len(done) >= (len(OFFICERS) + len(TABLET)) * 2 // 3, sorted(set(OFFICERS) | set(TABLET) - done)
