"""Whatever officers of two forces, a tablet and the clocks do, in whatever order: what must hold, holds after every step.

Hypothesis chooses. Most steps are led to something that should be possible now and was tried least in this walk, so that a
walk gets somewhere; the others are anything by anybody, so that what is refused is tried too.
"""

import os
import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.db.models import Model
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.models import AuditEntry
from ani_portal.sealing.models import PhoneMark
from pharmacies.models import ForceSettings, Officer, PoliceForce
from requests import actions, models
from requests.attention import clock
from requests.clocks import run
from requests.enums import State
from requests.models import CodewordRequest, Entry, HandOver, HelpAsked, Link, Offer
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything

from .walking import ACTS, MAY_DO_NOTHING, OFFICERS, TABLET, TABLET_MAY_DO_NOTHING, Facts

# Every table with rows of a record, for whoever may see none of them.
OF_RECORD: list[type[Model]] = [
    found
    for name in models.__all__
    if isinstance(found := getattr(models, name), type)
    and issubclass(found, Model)
    and any(field.name == "record" for field in found._meta.get_fields())
] + [PhoneMark]


class Walk(RuleBasedStateMachine):
    """Two records of Norfolk, what comes of them, four officers and two supervisors, a tablet, the clocks."""

    cast: Cast
    forces: tuple[int, int]
    third: Scope
    people: list[Principal]
    done: Counter[str]
    limits: dict[int, ForceSettings]

    def __init__(self) -> None:
        super().__init__()
        self.records = [a_record_with_everything(self.cast, "norfolk").pk for _one in range(2)]
        self.tablet = self.cast.recorder("norfolk")
        self.tried: Counter[str] = Counter()
        self.waited: dict[UUID, timedelta] = {}
        self.released: dict[UUID, Any] = {}
        self.states: dict[UUID, str] = {}

    def teardown(self) -> None:
        """Away with what the next walk would stumble on: its officers hold nothing and no sheet waits for them."""
        with using_role("owner"):
            ids = [record.pk for record in self.all_records()]
            Offer.objects.filter(record__in=ids, state="open").update(state="withdrawn", decided_at=timezone.now())
            HandOver.objects.filter(signed_at__isnull=True).delete()
            now = timezone.now()
            for record in CodewordRequest.objects.filter(pk__in=ids):
                officer = Officer.objects.filter(force_id=record.force_id)[0]
                CodewordRequest.objects.filter(pk=record.pk).update(
                    state=State.CLOSED, outcome="attended", read_at=record.read_at or now, closed_at=now,
                    read_by=record.read_by_id or officer.pk, closed_by=officer, finished_at=now,
                    made_sure_at=now, made_sure_how="attended",
                )  # fmt: skip

    def all_records(self) -> list[CodewordRequest]:
        """The records, and those that were made when help was asked for."""
        with using_role("owner"):
            wanted, found = set(self.records), set[UUID]()
            while wanted - found:
                found |= wanted
                asked = HelpAsked.objects.filter(record__in=found).values_list("other_id", flat=True)
                wanted |= {one for one in asked if one}
            return list(
                CodewordRequest.objects.filter(pk__in=found).select_related("claimed_by").order_by("started_at")
            )

    def logged(self) -> dict[int, int]:
        """How far each chain of the log is."""
        with connections["verify"].cursor() as cursor:
            cursor.execute("select chain, seq from audit_auditchain")
            return dict(cursor.fetchall())

    def check_logged(self, what: str, by: Principal, before: dict[int, int]) -> None:
        """The step is in the chain of the force that it was done for, in the name of who did it."""
        with connections["verify"].cursor() as cursor:
            cursor.execute(
                "select count(*) from audit_auditentry where chain = %s and seq > %s and actor_id = %s",
                [by.force_id, before.get(by.force_id or 0, 0), by.actor.id],
            )
            assert (cursor.fetchone() or (0,))[0] > 0, f"{what}: not in the log"

    def facts(self, records: list[CodewordRequest]) -> list[tuple[Principal, Facts]]:
        """How each record stands towards each officer."""
        ids = [record.pk for record in records]
        with using_role("owner"):
            offers = dict(Offer.objects.filter(record__in=ids, state="open").values_list("record_id", "to_force_id"))
            sheets = list(HandOver.objects.filter(signed_at__isnull=True).values_list("force_id", "made_by_id"))
            links = {
                one
                for pair in Link.objects.filter(ended_at__isnull=True).values_list("record_id", "other_id")
                for one in pair
            }
            notes = list(
                Entry.objects.filter(record__in=ids, kind="hand_over").values_list("record_id", "officer_id", "at")
            )
        noted = {
            record.pk
            for record in records
            if record.claimed_at
            and any(
                one == record.pk and who == record.claimed_by_id and at >= record.claimed_at for one, who, at in notes
            )
        }
        found = []
        for by in self.people:
            own = {one.pk for one in records if one.state == State.CLAIMED and str(one.claimed_by_id) == by.actor.id}
            for record in records:
                gone = record.left_at and (record.other_back_at is None or record.left_at > record.other_back_at)
                found.append((by, Facts(
                    record, record.force_id == by.force_id, record.pk in own,
                    record.claimed_by.display_name if record.claimed_by else "",
                    bool(record.finished_at or gone), offers.get(record.pk), by.force_id, own <= noted,
                    any(force == by.force_id and str(who) != by.actor.id for force, who in sheets), record.pk in links,
                    sum(one.force_id == by.force_id for one in records) < 2,
                )))  # fmt: skip
        return found

    @rule(seed=st.integers(0, 2**32 - 1))
    def step(self, seed: int) -> None:
        """One of ten times the clocks, two of ten anything by anybody, else what should work.

        One rule, because Hypothesis leaves some of several out for a whole walk.
        """
        chance = random.Random(seed)
        kind, pick, which = chance.randrange(10), chance.randrange(10_000), chance.randrange(10_000)
        if kind == 0:
            run(now=timezone.now() + timedelta(minutes=pick % 70))
        elif kind < 3:
            self.anything(pick, chance.choice(sorted(ACTS)), which)
        else:
            self.led(pick, which)

    def led(self, pick: int, which: int) -> None:
        """Of what looks possible, one of the least tried: by an officer or at the tablet."""
        ways: dict[str, list[tuple[Principal, CodewordRequest]]] = {}
        records = self.all_records()
        for by, facts in self.facts(records):
            for name, act in OFFICERS.items():
                if act.when(facts):
                    ways.setdefault(name, []).append((by, facts.record))
            if facts.record.pk in self.records and by is self.people[0]:
                for name, act in TABLET.items():
                    if act.when(facts):
                        ways.setdefault(name, []).append((self.tablet, facts.record))
        names = sorted(ways, key=lambda name: (self.tried[name], name))
        name = names[pick % (len(names) // 3 + 1)]
        by, record = ways[name][which % len(ways[name])]
        self.attempt(name, by, record)

    def anything(self, who: int, what: str, which: int) -> None:
        """Somebody of either force, or the tablet, tries something with one of the records, whether it can be or not."""
        records = self.all_records()
        record = records[which % len(records)]
        self.attempt(what, self.tablet if what in TABLET else self.people[who % len(self.people)], record)

    def attempt(self, what: str, by: Principal, record: CodewordRequest) -> None:
        """Try it; what succeeds is in the log."""
        self.tried[what] += 1
        before, act = self.logged(), (OFFICERS | TABLET)[what]
        with suppress(actions.NotPossible):
            with scoped(by.scope):
                found = CodewordRequest.objects.filter(pk=record.pk).first() if what in TABLET else record
                if found is None:
                    return
                act.do(self, by, found)
            if what not in MAY_DO_NOTHING | TABLET_MAY_DO_NOTHING:
                self.check_logged(what, by, before)
            self.done[what] += 1

    @invariant()
    def what_must_hold(self) -> None:
        """One force, one holder at most and of that force, a clock that never goes back, nothing for anybody else."""
        for record in self.all_records():
            self.check_owner_and_clock(record)
            seen = 0
            for by in self.people:
                with scoped(by.scope):
                    sees = CodewordRequest.objects.filter(pk=record.pk).exists()
                    reads = Entry.objects.filter(record=record).exists()
                assert sees == (by.force_id == record.force_id)
                assert sees or not reads
                seen += sees
            assert seen > 0, "nobody of the force that has it can see it"
            with scoped(self.third):
                assert not CodewordRequest.objects.filter(pk=record.pk).exists()
                for table in OF_RECORD:
                    assert not table._default_manager.filter(record_id=record.pk).exists(), table.__name__
                assert not HelpAsked.objects.filter(other=record).exists()
                assert not AuditEntry.objects.filter(object_id=str(record.pk)).exists()

    def check_owner_and_clock(self, record: CodewordRequest) -> None:
        """What the record says of itself."""
        with using_role("owner"):
            assert record.force_id in self.forces
            holder = record.claimed_by
            if record.state == State.CLAIMED:
                assert holder is not None and holder.force_id == record.force_id
            assert Offer.objects.filter(record=record, state="open").count() <= 1
            assert set(Entry.objects.filter(record=record).values_list("force_id", flat=True)) <= {record.force_id}
        assert self.released.setdefault(record.pk, record.released_at) == record.released_at
        waited = clock(record, self.limits[record.force_id], timezone.now()).waited
        assert waited >= self.waited.get(record.pk, timedelta(0)), "the clock went back"
        self.waited[record.pk] = waited
        before = self.states.get(record.pk)
        assert not (before not in (None, State.WAITING) and record.state == State.WAITING), "unread again"
        self.states[record.pk] = record.state


def walk(cast: Cast, examples: int, steps: int) -> Counter[str]:
    """Let Hypothesis try; how often each act succeeded."""
    norfolk, cheshire = cast.force("norfolk"), cast.force("cheshire")
    with using_role("owner"):
        third = PoliceForce.objects.exclude(pk__in=[norfolk.pk, cheshire.pk]).order_by("pk")[0]
        limits = {one.force_id: one for one in ForceSettings.objects.filter(force__in=[norfolk, cheshire])}
    about: dict[str, Any] = {
        "cast": cast,
        "forces": (norfolk.pk, cheshire.pk),
        "third": Scope(Kind.OFFICER, force=third.pk, person=cast.officer("norfolk").scope.person),
        "people": [cast.officer(short, number) for short in ("norfolk", "cheshire") for number in (1, 2, 3)],
        "done": Counter(),
        "limits": limits,
    }
    machine = type("WalkOfThisTest", (Walk,), about)
    limited = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a walk that fails is told as it was: making it shorter takes minutes
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=limited)
    done: Counter[str] = about["done"]
    return done


def test_a_few_walks(cast: Cast) -> None:
    """Short, in every run: most of what can be done is done in them."""
    done = walk(cast, 4, 30)
    assert len(done) >= len(ACTS) * 2 // 3, sorted(ACTS - set(done))


@pytest.mark.long
def test_many_walks(cast: Cast) -> None:
    """Long ones: each act succeeds in them, and how often is said in the report."""
    examples = int(os.environ.get("ANI_WALKS", "60"))
    done = walk(cast, examples, 60)
    name, times = min(done.items(), key=lambda one: one[1])
    print(
        f"FIGURE {examples} walks of up to 60 steps, {sum(done.values())} acts succeeded, {len(done)} of {len(ACTS)} kinds,"
        f" the rarest ({name}) {times} times"
    )
    assert set(done) == ACTS, sorted(ACTS - set(done))
