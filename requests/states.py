"""How a record moves. What is not in the table cannot happen, and the picture in the docs is drawn from it."""

from dataclasses import dataclass

from .enums import Event, State


@dataclass(frozen=True)
class Move:
    """One way on: from which states, to which, who may, what the log calls it, what the tablet then says."""

    name: str
    sources: tuple[State, ...]
    target: State
    by: str  # tablet, officer, worker
    event: Event
    tablet_says: str = ""  # a key of requests/counter/words.py


MOVES = (
    Move("release", (State.DRAFT,), State.WAITING, "tablet", Event.ALERTED, "waiting"),
    Move("settle", (State.DRAFT,), State.SETTLED, "tablet", Event.SETTLED),
    Move("read", (State.WAITING,), State.READ, "officer", Event.READ, "read"),
    Move("claim", (State.READ,), State.CLAIMED, "officer", Event.CLAIMED),
    Move("unclaim", (State.CLAIMED,), State.READ, "officer", Event.UNCLAIMED, "unheld"),
    Move("take over", (State.CLAIMED,), State.CLAIMED, "officer", Event.TAKEN_OVER),
    Move("reassign", (State.READ, State.CLAIMED), State.CLAIMED, "officer", Event.REASSIGNED),
    Move("lapse", (State.CLAIMED,), State.READ, "worker", Event.LAPSED, "unheld"),
    # By the narrow function that alone may change a record's force (sql/offers.sql).
    Move("pass", (State.READ, State.CLAIMED), State.CLAIMED, "officer", Event.PASSED),
    Move("reopen", (State.CLOSED,), State.CLAIMED, "officer", Event.REOPENED),
    Move("close", (State.CLAIMED,), State.CLOSED, "officer", Event.CLOSED, "closed"),
)

# Where a record begins. The second is made by the narrow function of sql/help.sql, in the force that is asked for help.
BEGINNINGS = ((State.DRAFT, ""), (State.WAITING, "asked for help (officer of another force)"))

BY_NAME = {move.name: move for move in MOVES}


class CannotMove(Exception):
    """The record is in a state from which this move does not lead; `state` is the one it is in."""

    def __init__(self, move: Move, state: str) -> None:
        super().__init__(f"a record that is {state} cannot {move.name}")
        self.move = move
        self.state = state


def check_can_move(name: str, state: str) -> Move:
    """The move called `name`, if it leads from `state`; CannotMove otherwise."""
    move = BY_NAME[name]
    if state not in move.sources:
        raise CannotMove(move, state)
    return move


def can_move(name: str, state: str) -> bool:
    """Whether the move called `name` leads from `state`: for the button."""
    return state in BY_NAME[name].sources


def picture() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {state.value}{f': {why}' if why else ''}" for state, why in BEGINNINGS]
    for move in MOVES:
        for source in move.sources:
            lines.append(f"    {source.value} --> {move.target.value}: {move.name} ({move.by})")
    ends = [state for state in State if not any(state in move.sources for move in MOVES)]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join(lines) + "\n"
