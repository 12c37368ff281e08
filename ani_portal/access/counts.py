"""How many requests were answered, how many badly, how many slowly: over all processes of a web service.

The figures lie in memory that gunicorn's master shares with the processes that it forks, for a scrape reaches any of them.
Each process adds in a place of its own: a lock between them would stay shut when one of them is killed, and stop all.
Nothing tells what was asked for.
"""

import mmap
import threading

SLOW = 1.0  # seconds
PLACES = 64  # far more than the processes of one service; a later process goes on where an ended one stopped
_NAMES = ("", "_failed", "_slow")

_figures = memoryview(mmap.mmap(-1, PLACES * len(_NAMES) * 8)).cast("Q")


class _Own:
    """What this process adds with: its place, and a lock between its threads."""

    place = 0
    lock = threading.Lock()


def take_place(number: int) -> None:
    """After the fork: the place of this process, by how many were forked before it."""
    _Own.place = number % PLACES


def count(status: int, seconds: float) -> None:
    """One request was answered."""
    first = _Own.place * len(_NAMES)
    with _Own.lock:
        for more, counts in enumerate((True, status >= 500, seconds > SLOW)):
            _figures[first + more] += counts


def counted() -> dict[str, int]:
    """By the end of each figure's name: all, failed and slow."""
    return {name: sum(_figures[more :: len(_NAMES)]) for more, name in enumerate(_NAMES)}
