"""Random sequences of what officers of both forces and a tablet do: what must hold, holds after every step."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import scoped
from pharmacies.models import Officer
from requests import actions
from requests.clocks import run
from requests.enums import EntryKind, NoReference, OfferReason, Outcome, ReopenReason, State
from requests.models import CodewordRequest
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything

from .desk_steps import decide_offer

Act = Callable[[Principal, CodewordRequest], object]


def acts(cast: Cast) -> dict[str, Act]:
    """Everything that an officer may try."""
    forces = [cast.force(short).pk for short in ("norfolk", "cheshire")]
    return {
        "read": lambda by, record: actions.read(by=by, record=record),
        "claim": lambda by, record: actions.claim(by=by, record=record),
        "unclaim": lambda by, record: actions.unclaim(by=by, record=record),
        "take over": lambda by, record: actions.take_over(by=by, record=record),
        "note": lambda by, record: actions.add_note(by=by, record=record, text="made up", key=uuid4()),
        "offer": lambda by, record: actions.offer(
            by=by, record=record, to_force=next(one for one in forces if one != by.force_id),
            reason=OfferReason.LIVES_THERE,
        ),
        "accept": lambda by, record: decide_offer(by, record, "accept"),
        "decline": lambda by, record: decide_offer(by, record, "decline"),
        "withdraw": lambda by, record: decide_offer(by, record, "withdraw"),
        "close": lambda by, record: actions.close(
            by=by, record=record, outcome=Outcome.ATTENDED, risk_looked_at=True, no_reference=NoReference.DRILL
        ),
        "reopen": lambda by, record: actions.reopen(by=by, record=record, reason=ReopenReason.NEW_WORDS),
    }  # fmt: skip


def check(cast: Cast, record: CodewordRequest, people: list[Principal], released: object) -> None:
    """One force, one holder at most and of that force, the clock as it was, seen by that force and no other."""
    with using_role("owner"):
        now = CodewordRequest.objects.get(pk=record.pk)
        holder = Officer.objects.filter(pk=now.claimed_by_id).first() if now.claimed_by_id else None
        assert now.released_at == released
        assert (now.state == State.CLAIMED) <= (holder is not None)
        if now.state == State.CLAIMED:
            assert holder is not None and holder.force_id == now.force_id
    for by in people:
        with scoped(by.scope):
            assert CodewordRequest.objects.filter(pk=record.pk).exists() == (by.force_id == now.force_id)


def logged(record: CodewordRequest) -> int:
    with using_role("verify"), connections["verify"].cursor() as cursor:
        cursor.execute("select count(*) from audit_auditentry where object_id = %s", [str(record.pk)])
        return int((cursor.fetchone() or (0,))[0])


def walk(cast: Cast, seed: int, steps: int) -> set[str]:
    """One random walk; which acts succeeded in it."""
    chance, everything = Random(seed), acts(cast)
    record = a_record_with_everything(cast, "norfolk")
    people = [cast.officer(short, number) for short in ("norfolk", "cheshire") for number in (1, 2)]
    tablet, released, done = cast.recorder("norfolk"), record.released_at, set()
    for number in range(steps):
        before = logged(record)
        if number == steps // 4:
            with scoped(tablet.scope), suppress(actions.NotPossible):
                actions.put_away(by=tablet, record=record)
        elif chance.random() < 0.1:
            with suppress(actions.NotPossible), scoped(tablet.scope):
                actions.add_entry(
                    by=tablet, record=record, key=uuid4(), kind=EntryKind.OBSERVED, value={"text": "made up"}
                )
        elif chance.random() < 0.05:
            run(now=timezone.now())
        else:
            by, name = chance.choice(people), chance.choice(list(everything))
            with suppress(actions.NotPossible):
                with scoped(by.scope):
                    changed = everything[name](by, record)
                if not (isinstance(changed, actions.Claim) and (not changed.won or name == "claim")):
                    assert logged(record) > before, name
                done.add(name)
        check(cast, record, people, released)
    return done


@pytest.mark.parametrize("seed", range(2))
def test_what_must_hold_holds_after_every_step(cast: Cast, seed: int) -> None:
    """A short walk, the same each time for its seed."""
    assert walk(cast, seed, 60)


@pytest.mark.long
def test_a_long_walk_tries_everything(cast: Cast) -> None:
    """Six walks at least, and on until each act has succeeded somewhere."""
    done: set[str] = set()
    for seed in range(100, 130):
        done |= walk(cast, seed, 120)
        if seed >= 105 and done == set(acts(cast)):
            break
    assert done == set(acts(cast))
