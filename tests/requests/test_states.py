"""A record moves as the table of states says and in no other way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from ani_portal.access.principals import Principal
from ani_portal.access.scope import scoped
from requests import actions, states
from requests.enums import Danger, EntryKind, NoReference, Outcome, Override, State, Told, Wish
from requests.models import CodewordRequest
from requests.retention.sweep import sweep
from tests.cast import Cast
from tests.requests.steps import agreed, finished, started, wished

ALL = [(move, state) for move in states.MOVES for state in State]


@pytest.mark.parametrize(("move", "state"), ALL, ids=lambda part: getattr(part, "name", str(part)))
def test_every_move_from_every_state_is_decided(move: states.Move, state: State) -> None:
    """The question and the refusal are one rule, and the refusal says where the record stands."""
    if state in move.sources:
        assert states.can_move(move.name, state)
        assert states.check_can_move(move.name, state) is move
    else:
        assert not states.can_move(move.name, state)
        with pytest.raises(states.CannotMove) as refused:
            states.check_can_move(move.name, state)
        assert (refused.value.move, refused.value.state) == (move, state)


def test_every_state_is_reached_and_left_by_the_table() -> None:
    """From the first to an end; nothing stands apart."""
    reached, wave = {State.DRAFT}, {State.DRAFT}
    while wave:
        wave = {move.target for move in states.MOVES if wave & set(move.sources)} - reached
        reached |= wave
    assert reached == set(State)
    assert len({move.name for move in states.MOVES}) == len(states.MOVES)


def test_the_picture_in_the_docs_is_drawn_from_the_table() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "reference" / "states.md").read_text()
    assert f"```mermaid\n{states.picture()}```" in page
    for move in states.MOVES:
        for source in move.sources:
            assert f"    {source.value} --> {move.target.value}: {move.name} ({move.by})\n" in page


# What the desk does, tried from every state on a real record -------------------------------------------------------


def closing(by: Principal, record: CodewordRequest) -> object:
    return actions.close(
        by=by, record=record, outcome=Outcome.ATTENDED, risk_looked_at=True, no_reference=NoReference.DRILL
    )


DESK: dict[str, Callable[[Principal, CodewordRequest], object]] = {
    "read": lambda by, record: actions.read(by=by, record=record),
    "claim": lambda by, record: actions.claim(by=by, record=record),
    "unclaim": lambda by, record: actions.unclaim(by=by, record=record),
    "close": closing,
}
WAY = {
    State.WAITING: (),
    State.READ: ("read",),
    State.CLAIMED: ("read", "claim"),
    State.CLOSED: ("read", "claim", "close"),
}


@pytest.mark.parametrize("name", DESK)
@pytest.mark.parametrize("state", WAY)
def test_the_desk_moves_a_real_record_only_as_the_table_says(cast: Cast, name: str, state: State) -> None:
    by, officer = cast.recorder("norfolk"), cast.officer("norfolk")
    record = started(by, Danger.YES)
    for step in WAY[state]:
        with scoped(officer.scope):
            DESK[step](officer, record)
    expected = states.BY_NAME[name].target if states.can_move(name, state) else state
    # Opening it again is a look, not a move; claiming what one holds changes nothing.
    quiet = name == "read" or (name, state) == ("claim", State.CLAIMED)
    try:
        with scoped(officer.scope):
            DESK[name](officer, record)
        assert quiet or states.can_move(name, state)
    except actions.NotPossible as refusal:
        assert not states.can_move(name, state)
        assert str(refusal)
    assert CodewordRequest.objects.using("owner").get(pk=record.pk).state == expected


@pytest.mark.parametrize("name", ["unclaim", "close"])
def test_a_colleagues_claim_is_theirs(cast: Cast, name: str) -> None:
    record = started(cast.recorder("norfolk"), Danger.YES)
    first, second = cast.officer("norfolk"), cast.officer("norfolk", 2)
    for step in ("read", "claim"):
        with scoped(first.scope):
            DESK[step](first, record)
    with pytest.raises(actions.NotPossible, match="Officer 1 holds it"), scoped(second.scope):
        DESK[name](second, record)


def test_the_tablet_adds_nothing_to_what_police_have_closed(cast: Cast) -> None:
    """Nobody would read it: it is said so, and danger now is a new record."""
    by, officer = cast.recorder("norfolk"), cast.officer("norfolk")
    record = agreed(by, wished(by, started(by), Wish.POLICE_LATER))
    for step in ("read", "claim", "close"):
        with scoped(officer.scope):
            DESK[step](officer, record)
    tries: list[Callable[[], object]] = [
        lambda: actions.answer_danger(by=by, record=record, danger=Danger.NOT_SURE),
        lambda: actions.answer_wish(by=by, record=record, wish=Wish.SUPPORT),
        lambda: actions.agree(by=by, record=record),
        lambda: actions.override(by=by, record=record, reason=Override.SERIOUS_HARM, told=Told.YES),
        lambda: actions.raise_alert(by=by, record=record),
        lambda: actions.add_entry(by=by, record=record, key=uuid4(), kind=EntryKind.OWN_WORDS, value={"text": "more"}),
    ]
    for attempt in tries:
        with pytest.raises(actions.NotPossible, match="Police have finished with this"), scoped(by.scope):
            attempt()
    finished(by, record)


# Any sequence -------------------------------------------------------------------------------------------------------

TABLET: dict[str, Callable[[Principal, CodewordRequest], object]] = {
    **{f"wish {wish}": lambda by, r, w=wish: actions.answer_wish(by=by, record=r, wish=w) for wish in Wish},  # type: ignore[misc]
    **{f"danger {d}": lambda by, r, d=d: actions.answer_danger(by=by, record=r, danger=d) for d in Danger},  # type: ignore[misc]
    "agree": lambda by, r: actions.agree(by=by, record=r),
    "override": lambda by, r: actions.override(by=by, record=r, reason=Override.CHILD_AT_RISK, told=Told.NO),
    "alarm": lambda by, r: actions.raise_alert(by=by, record=r),
    "say": lambda by, r: actions.add_entry(by=by, record=r, key=uuid4(), kind=EntryKind.OWN_WORDS, value={"text": "x"}),
    "rung": lambda by, r: actions.add_entry(by=by, record=r, key=uuid4(), kind=EntryKind.RUNG_999, value={"rung": "by_me"}),
    "mistake": lambda by, r: actions.mistake(by=by, record=r),
    "undo": lambda by, r: actions.undo_mistake(by=by, record=r),
    "put away": lambda by, r: actions.put_away(by=by, record=r),
}  # fmt: skip
SWEEP = {"sweep now": timedelta(0), "sweep in 11 s": timedelta(seconds=11), "sweep in 5 h": timedelta(hours=5)}
SEQUENCES = st.tuples(
    st.sampled_from(list(Danger)),
    st.lists(
        st.one_of(
            st.tuples(st.just("AB"), st.sampled_from(list(TABLET))),
            st.tuples(st.sampled_from(["1", "2"]), st.sampled_from(list(DESK))),
            st.tuples(st.just("worker"), st.sampled_from(list(SWEEP))),
        ),
        max_size=14,
    ),
)
EDGES = {(source, move.target) for move in states.MOVES for source in move.sources}


def _try_any_sequence(cast: Cast, sequence: tuple[Danger, list[tuple[str, str]]]) -> None:
    danger, moves = sequence
    by = cast.recorder("norfolk")
    people = {"AB": by, "1": cast.officer("norfolk"), "2": cast.officer("norfolk", 2)}
    record = started(by, danger)
    before = record
    for who, what in moves:
        if who == "worker":
            sweep(now=timezone.now() + SWEEP[what])
        else:
            try:
                with scoped(people[who].scope):
                    # An officer can only try what they can see; a tablet's page may be old and is tried in any case.
                    if who == "AB" or CodewordRequest.objects.filter(pk=record.pk).exists():
                        (TABLET if who == "AB" else DESK)[what](people[who], before)
            except actions.NotPossible:
                pass
        after = CodewordRequest.objects.using("owner").filter(pk=record.pk).first()
        if after is None:
            assert before.released_at is None, "what was released is never deleted"
            return
        if after.state != before.state:
            assert (State(before.state), State(after.state)) in EDGES, (before.state, what, after.state)
        for moment in ("alerted_at", "agreed_at", "overridden_at", "released_at", "read_at", "closed_at"):
            assert getattr(before, moment) in (None, getattr(after, moment)), (moment, what)
        assert (after.released_at is None) == (after.state in (State.DRAFT, State.SETTLED))
        if after.withdrawn_at and not after.overridden_at:
            assert not after.words_released
        if after.words_released:
            assert after.overridden_at or after.agreed_at
        before = after


@hypothesis(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(sequence=SEQUENCES)
def test_no_sequence_of_actions_leaves_the_table(cast: Cast, sequence: tuple[Danger, list[tuple[str, str]]]) -> None:
    _try_any_sequence(cast, sequence)


@pytest.mark.long
@hypothesis(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(sequence=SEQUENCES)
def test_no_sequence_of_actions_leaves_the_table_in_six_hundred(
    cast: Cast, sequence: tuple[Danger, list[tuple[str, str]]]
) -> None:
    _try_any_sequence(cast, sequence)
