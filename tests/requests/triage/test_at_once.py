"""At the same moment: real threads, real connections, decided by the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from ani_portal.access.permissions import Role
from ani_portal.access.principals import Principal
from ani_portal.access.roles import using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.accounts.models import User
from ani_portal.audit.log import Actor
from pharmacies.models import Officer
from requests import actions
from requests.clocks import run
from requests.enums import DeclineReason, EntryKind, OfferReason, Outcome, State
from requests.models import CodewordRequest, Entry, Offer
from tests.cast import Cast
from tests.requests.steps import a_record_with_everything

from .desk_steps import claimed, finished, numbered, offered, opened


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each act in a thread and connection of its own, started together; what each gave, or its refusal."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        try:
            start.wait(30)
            return act()
        except actions.NotPossible as refusal:
            return refusal
        finally:
            for alias in connections:
                connections[alias].close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def within(by: Principal, act: Callable[[], object]) -> Callable[[], object]:
    """The act in the scope of `by`."""

    def run() -> object:
        with scoped(by.scope):
            return act()

    return run


def as_owner(record: CodewordRequest) -> CodewordRequest:
    """The record as it is, whoever's it is."""
    with using_role("owner"):
        return CodewordRequest.objects.get(pk=record.pk)


def fifty_officers(cast: Cast) -> list[Principal]:
    """Fifty of one force."""
    force, found = cast.force("norfolk"), []
    with using_role("owner"):
        for number in range(50):
            user = User.objects.create(email=f"made-up-{number}@example.org", password="!")
            officer = Officer.objects.create(user=user, force=force, display_name=f"Made-up {number}")
            scope = Scope(Kind.OFFICER, force=force.pk, person=user.pk)
            found.append(Principal(Role.OFFICER, scope, Actor("officer", str(officer.pk)), officer.display_name))
    return found


def test_fifty_officers_claim_one_record(cast: Cast) -> None:
    """One wins; forty-nine are told who."""
    record = a_record_with_everything(cast, "norfolk")
    opened(cast.officer("norfolk"), record)
    officers = fifty_officers(cast)
    claims = at_once(*(within(by, lambda by=by: actions.claim(by=by, record=record)) for by in officers))  # type: ignore[misc]
    won = [by for by, claim in zip(officers, claims, strict=True) if isinstance(claim, actions.Claim) and claim.won]
    assert len(won) == 1
    told = {claim.holder for claim in claims if isinstance(claim, actions.Claim) and not claim.won}
    assert told == {won[0].name}
    assert sum(isinstance(claim, actions.Claim) and not claim.won for claim in claims) == 49
    assert str(as_owner(record).claimed_by_id) == won[0].actor.id


def an_offer(cast: Cast) -> tuple[CodewordRequest, Offer]:
    by = cast.officer("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    finished(cast, "norfolk", record)
    return record, offered(by, record, cast.force("cheshire").pk)


@pytest.mark.parametrize("turn", range(5))
def test_accept_against_withdraw(cast: Cast, turn: int) -> None:
    """One of the two; the record is with exactly one force, held by one of its officers."""
    record, offer = an_offer(cast)
    ours, theirs = cast.officer("norfolk"), cast.officer("cheshire")
    done = at_once(
        within(theirs, lambda: actions.accept(by=theirs, offer=offer)),
        within(ours, lambda: actions.withdraw(by=ours, offer=offer)),
    )
    assert sum(isinstance(one, actions.NotPossible) for one in done) == 1
    now = as_owner(record)
    with using_role("owner"):
        became = Offer.objects.get(pk=offer.pk).state
    assert (became, now.force_id, str(now.claimed_by_id)) in (
        ("accepted", theirs.force_id, theirs.actor.id),
        ("withdrawn", ours.force_id, ours.actor.id),
    )


@pytest.mark.parametrize("turn", range(5))
def test_accept_against_taking_over_and_declining(cast: Cast, turn: int) -> None:
    """A colleague takes over while the other force accepts and declines: one force, one holder who is of that force."""
    record, offer = an_offer(cast)
    colleague, theirs, also = cast.officer("norfolk", 2), cast.officer("cheshire"), cast.officer("cheshire", 2)
    at_once(
        within(theirs, lambda: actions.accept(by=theirs, offer=offer)),
        within(also, lambda: actions.decline(by=also, offer=offer, reason=DeclineReason.NOT_OURS)),
        within(colleague, lambda: actions.take_over(by=colleague, record=record)),
    )
    now = as_owner(record)
    with using_role("owner"):
        assert now.claimed_by_id is not None
        holder = Officer.objects.get(pk=now.claimed_by_id)
        offer.refresh_from_db(using="owner")
        kinds = set(Entry.objects.filter(record=record).values_list("force_id", flat=True))
    assert now.state == State.CLAIMED
    assert holder.force_id == now.force_id
    assert (now.force_id == theirs.force_id) == (offer.state == "accepted")
    assert kinds == {now.force_id}


@pytest.mark.parametrize("turn", range(5))
def test_offering_against_taking_over(cast: Cast, turn: int) -> None:
    """Either the offer stands and a colleague holds what is offered, or who lost the claim could not offer it."""
    by, colleague = cast.officer("norfolk"), cast.officer("norfolk", 2)
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    finished(cast, "norfolk", record)
    to, why = cast.force("cheshire").pk, OfferReason.LIVES_THERE
    made, taken = at_once(
        within(by, lambda: actions.offer(by=by, record=record, to_force=to, reason=why)),
        within(colleague, lambda: actions.take_over(by=colleague, record=record)),
    )
    now = as_owner(record)
    assert isinstance(taken, CodewordRequest) and str(now.claimed_by_id) == colleague.actor.id
    with using_role("owner"):
        assert Offer.objects.filter(record=record, state="open").count() == (made is None)
    assert (now.state, now.force_id) == (State.CLAIMED, by.force_id)


@pytest.mark.parametrize("turn", range(5))
def test_passing_against_a_note(cast: Cast, turn: int) -> None:
    """A note that is written while the record passes is there afterwards, where the record is, or was refused."""
    record, offer = an_offer(cast)
    ours, theirs = cast.officer("norfolk"), cast.officer("cheshire")
    with using_role("owner"):
        before = Entry.objects.filter(record=record, kind=EntryKind.NOTE).count()
    passed, noted = at_once(
        within(theirs, lambda: actions.accept(by=theirs, offer=offer)),
        within(ours, lambda: actions.add_note(by=ours, record=record, text="made up", key=uuid4())),
    )
    assert passed is None
    with using_role("owner"):
        notes = Entry.objects.filter(record=record, kind=EntryKind.NOTE)
        assert notes.count() - before == (0 if isinstance(noted, actions.NotPossible) else 1)
        assert set(notes.values_list("force_id", flat=True)) <= {theirs.force_id}


@pytest.mark.parametrize("turn", range(5))
def test_closing_against_a_new_entry(cast: Cast, turn: int) -> None:
    """The tablet's entry is kept, or refused in words: never accepted and lost."""
    by, recorder = cast.officer("norfolk"), cast.recorder("norfolk")
    record = claimed(by, a_record_with_everything(cast, "norfolk"))
    numbered(by, record)
    key = uuid4()
    ended, added = at_once(
        within(by, lambda: actions.close(by=by, record=record, outcome=Outcome.ATTENDED, risk_looked_at=True)),
        within(
            recorder,
            lambda: actions.add_entry(
                by=recorder, record=record, key=key, kind=EntryKind.OBSERVED, value={"text": "made up"}
            ),
        ),
    )
    assert isinstance(ended, CodewordRequest)
    assert as_owner(record).state == State.CLOSED
    with using_role("owner"):
        assert Entry.objects.filter(record=record, key=key).exists() == isinstance(added, Entry)


def test_a_claim_against_its_lapsing(cast: Cast) -> None:
    """The worker and a colleague at once: afterwards nobody has it, or the colleague does."""
    first, second = cast.officer("norfolk"), cast.officer("norfolk", 2)
    record = claimed(first, a_record_with_everything(cast, "norfolk"))
    with connections["owner"].cursor() as cursor:
        cursor.execute("update requests_codewordrequest set claimed_at = now() - interval '11 minutes'")
    at_once(
        within(second, lambda: actions.claim(by=second, record=record)),
        lambda: run(now=timezone.now() + timedelta(seconds=1)),
    )
    now = as_owner(record)
    assert (now.state, str(now.claimed_by_id)) in ((State.READ, "None"), (State.CLAIMED, second.actor.id))
