"""The soak's verdict finds what grows, what is left and who is gone, and nothing in a run where all stays as it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from .soaked import Sample, Verdict

PIDS = {"web 1": 11, "web 2": 12, "worker": 13}
FLAT = {**dict.fromkeys(PIDS, 70.0), "database, each process": 9.0, "database, largest process": 20.0}


def _sample(minute: int) -> Sample:
    wobble = 0.3 * (minute % 3)
    return Sample(
        at=60.0 * minute, load=1.0, pids=PIDS, memory={name: mb + wobble for name, mb in FLAT.items()},
        files=dict.fromkeys(PIDS, 30 + minute % 4), connections=20 + minute % 3, waiting=1, alerts=90 * minute,
        alert_ms=9.0 + wobble, queue_ms=12.0 + wobble, floor_ms=3.0, select_ms=0.2, dead=100, rows=9000, unvacuumed=(),
        size_mb=30.0,
    )  # fmt: skip


def _hour(change: Callable[[int], dict[str, Any]] = lambda _minute: {}) -> list[Sample]:
    """A look each minute of an hour; `change` says what is otherwise at a minute."""
    return [replace(_sample(minute), **change(minute)) for minute in range(1, 61)]


def _memory(process: str, per_hour: float) -> Callable[[int], dict[str, Any]]:
    return lambda minute: {"memory": {**FLAT, process: FLAT[process] + per_hour * minute / 60}}


NOTHING_OPEN: dict[str, int | None] = {"web 1, streams": 0, "web 1, connections of visitors": 0}


def test_nothing_grew() -> None:
    """Also where a slow machine makes everything slow, and what fills during warm-up."""
    assert Verdict(_hour(), 0, NOTHING_OPEN, PIDS).faults() == []
    slow = _hour(lambda minute: {"alert_ms": 9.0 * minute, "queue_ms": 12.0 * minute, "floor_ms": 3.0 * minute})
    assert Verdict(slow, 0).faults() == []
    filling = _hour(lambda minute: {"memory": {**FLAT, "web 1": min(70.0, 40.0 + 3 * minute)}})
    assert Verdict(filling, 0).faults() == []


@pytest.mark.parametrize("process", ["web 1", "worker", "database, each process", "database, largest process"])
def test_memory(process: str) -> None:
    """30 MB an hour is too much, of whichever process; 6 MB is not."""
    (found,) = Verdict(_hour(_memory(process, 30)), 0).faults()
    assert found.startswith(f"{process} grew by 15.0 MB, 30.0 MB an hour")
    assert Verdict(_hour(_memory(process, 6)), 0).faults() == []


@pytest.mark.parametrize(("which", "name"), [("alert_ms", "an alert"), ("queue_ms", "the queue")])
def test_slower_than_the_floor_explains(which: str, name: str) -> None:
    """The floor stays, the page takes twice as long in the end."""
    (found,) = Verdict(_hour(lambda minute: {which: 9.0 + 0.3 * minute}), 0).faults()
    assert found.startswith(f"{name} took ")


def test_descriptors() -> None:
    """A process that opens a file every other minute and closes none."""
    growing = _hour(lambda minute: {"files": dict.fromkeys(PIDS, 30) | {"web 2": 30 + minute // 2}})
    (found,) = Verdict(growing, 0).faults()
    assert found.startswith("web 2 held ")


def test_connections() -> None:
    """Ever more while it runs, and what is left when everybody has gone."""
    assert Verdict(_hour(lambda minute: {"connections": 20 + minute // 3}), 0).faults() == ["ever more connections"]
    assert Verdict(_hour(), 2).faults() == ["2 connections to the database were left over"]


def test_left_open() -> None:
    """One stream is one too many; a process that does not say is no zero."""
    assert Verdict(_hour(), 0, NOTHING_OPEN | {"web 2, streams": 1}, PIDS).faults() == [
        "web 2, streams: 1 left open after everybody had gone"
    ]
    assert Verdict(_hour(), 0, NOTHING_OPEN | {"web 2, streams": None}, PIDS).faults() == [
        "web 2, streams: nobody answered for them at the end"
    ]


def test_dead_rows() -> None:
    """Three looks in a row; once or twice is autovacuum that has yet to come."""
    said = "nobody clears the dead rows of audit_chainhead"
    for looks, faults in ((3, [said]), (2, [])):
        late = _hour(lambda minute, looks=looks: {"unvacuumed": ("audit_chainhead",) if minute > 60 - looks else ()})  # type: ignore[misc]
        assert Verdict(late, 0).faults() == faults


def test_the_worker_is_gone() -> None:
    """In the middle of the run, only at its very end, or from the first."""
    web = {name: pid for name, pid in PIDS.items() if name != "worker"}
    gone = ["worker (process 13) ended before the end, and none ran in its place"]

    def half_way(minute: int) -> dict[str, Any]:
        if minute < 40:
            return {}
        left = {name: mb for name, mb in FLAT.items() if name != "worker"}
        return {"pids": web, "files": dict.fromkeys(web, 30), "memory": left}

    assert Verdict(_hour(half_way), 0).faults() == gone
    assert Verdict(_hour(), 0, NOTHING_OPEN, web).faults() == gone
    assert Verdict(_hour(lambda _minute: {"pids": web}), 0).faults() == ["there was no worker"]


def test_a_web_process_was_replaced() -> None:
    """Its memory begins anew, so that its curve says nothing."""
    said = ["web 2 (process 12) ended before the end, and another ran in its place"]
    assert Verdict(_hour(lambda minute: {"pids": PIDS | {"web 2": 12 if minute < 50 else 99}}), 0).faults() == said
    assert Verdict(_hour(), 0, NOTHING_OPEN, PIDS | {"web 2": 99}).faults() == said


def test_too_few_looks() -> None:
    """Nothing is said of a run that ended at once."""
    assert Verdict(_hour()[:9], 0).faults() == ["only 9 samples: too few to judge"]
    assert Verdict([], 0).faults() == ["only 0 samples: too few to judge"]
