"""What a soak saw, and what counts as growing: latency against a floor of the same moment, memory by its slope."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

# What may be; beyond it something grows.
RATIO = 1.5  # a page's time over its floor, last part against the part after warm-up
# Megabytes of one process: within what is looked at, and in an hour at that rate. The largest of the database's too: that
# is what the caches of a kept connection may still gain.
GROWN, PER_HOUR = 4.0, 10.0
CONNECTIONS = 5  # a busy worker opens some more
FILES = 8  # open files of one process
WARM = 0.3  # of the time: what fills at first (caches, pools, prepared statements) is not growth


@dataclass(frozen=True)
class Sample:
    """How it stood at one moment."""

    at: float  # seconds since the start
    load: float  # of the machine, its last minute
    pids: dict[str, int]  # web processes and the worker, those that live
    memory: dict[str, float]  # process: megabytes of its own
    files: dict[str, int]  # process: open files, without visitors' connections, which go to whichever process
    connections: int
    waiting: int  # records in the queues
    alerts: int  # accepted so far
    alert_ms: float  # medians since the last sample
    queue_ms: float
    floor_ms: float  # the barest page that asks the database
    select_ms: float  # SELECT 1 on the same database
    dead: int
    rows: int
    unvacuumed: tuple[str, ...]  # tables with more than twice the dead rows that autovacuum leaves
    size_mb: float


def slope(points: Sequence[tuple[float, float]]) -> float:
    """What y gains for each x, by Theil and Sen: the median of the slopes of all pairs, which single peaks do not move."""
    found = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x2 > x1]
    return statistics.median(found) if found else 0.0


@dataclass(frozen=True)
class Verdict:
    """A soak's samples, judged."""

    samples: Sequence[Sample]
    left_over: int  # connections to the database after everybody went, beyond those that are kept on purpose
    # After everybody went: a web process's streams and connections of visitors; None if it did not say.
    left_open: Mapping[str, int | None] = field(default_factory=dict)
    alive: Mapping[str, int] | None = None  # pids at the very end; else those of the last sample

    @property
    def warm(self) -> Sequence[Sample]:
        """The samples after warm-up."""
        end = self.samples[-1].at if self.samples else 0
        return [one for one in self.samples if one.at >= WARM * end]

    @property
    def early(self) -> Sequence[Sample]:
        """The first third of what is looked at."""
        return self.warm[: max(1, len(self.warm) // 3)]

    @property
    def late(self) -> Sequence[Sample]:
        """The last third of it."""
        return self.warm[-max(1, len(self.warm) // 3) :]

    def growth(self, process: str) -> tuple[float, float]:
        """Megabytes that a process gained in the second half, by the slope; and what that is in an hour."""
        half = [one for one in self.samples if one.at >= self.samples[-1].at / 2 and process in one.memory]
        if len(half) < 3:
            return 0.0, 0.0
        rate = slope([(one.at, one.memory[process]) for one in half])
        return rate * (half[-1].at - half[0].at), rate * 3600

    def ratio(self, which: str) -> tuple[float, float]:
        """How many times its floor a page took: early and late. `which` is alert_ms or queue_ms."""

        def over(part: Sequence[Sample]) -> float:
            some = [getattr(one, which) / one.floor_ms for one in part if getattr(one, which) and one.floor_ms]
            return statistics.median(some) if some else 0.0

        return over(self.early), over(self.late)

    def _gone(self) -> list[str]:
        """Processes that did not live from the first look to the end: of those, no curve says anything."""
        first = self.samples[0].pids
        alive = self.samples[-1].pids if self.alive is None else self.alive
        found = [] if "worker" in first else ["there was no worker"]
        for process, pid in first.items():
            if pid not in alive.values():
                instead = "another ran in its place" if process in alive else "none ran in its place"
                found.append(f"{process} (process {pid}) ended before the end, and {instead}")
        return found

    def faults(self) -> list[str]:
        """What grew, in words."""
        if len(self.samples) < 10:
            return [f"only {len(self.samples)} samples: too few to judge"]
        found = self._gone()
        for process in self.samples[-1].memory:
            grown, rate = self.growth(process)
            if grown > GROWN and rate > PER_HOUR:
                found.append(f"{process} grew by {grown:.1f} MB, {rate:.1f} MB an hour")
        for process in self.samples[-1].files:
            was, became = (
                statistics.median(one.files.get(process, 0) for one in part) for part in (self.early, self.late)
            )
            if became > was + FILES:
                found.append(f"{process} held {was:.0f} files open and then {became:.0f}")
        for which, name in (("alert_ms", "an alert"), ("queue_ms", "the queue")):
            was, became = self.ratio(which)
            if became > RATIO * was:
                found.append(f"{name} took {was:.1f} times its floor and then {became:.1f}")
        if max(one.connections for one in self.late) > max(one.connections for one in self.early) + CONNECTIONS:
            found.append("ever more connections")
        if self.left_over:
            found.append(f"{self.left_over} connections to the database were left over")
        for what, count in self.left_open.items():
            if count is None:
                found.append(f"{what}: nobody answered for them at the end")
            elif count:
                found.append(f"{what}: {count} left open after everybody had gone")
        # Three looks in a row and a minute and a half: autovacuum comes by each minute.
        recent = [one for one in self.samples if one.at >= self.samples[-1].at - 90]
        lasting = set.intersection(*(set(one.unvacuumed) for one in (*recent, *self.samples[-3:])))
        found += [f"nobody clears the dead rows of {table}" for table in sorted(lasting)]
        return found
