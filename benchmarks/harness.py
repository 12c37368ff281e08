"""What every benchmark stands on: a durable server of its own, the portal on it, and honest medians."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ani_portal.engine.roles import prepare
from ani_portal.engine.server import Engine, named

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "var" / "bench.json"


@dataclass(frozen=True)
class Spread:
    """Times of one thing, in milliseconds."""

    count: int
    median: float
    p99: float
    worst: float


def spread(seconds: Sequence[float]) -> Spread:
    """Median, 99th percentile and worst of times given in seconds."""
    ordered = sorted(1000 * one for one in seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Spread(len(ordered), round(statistics.median(ordered), 2), round(p99, 2), round(ordered[-1], 2))


@contextmanager
def engine() -> Iterator[Engine]:
    """A server with PostgreSQL's own durable settings, which also remembers when each transaction committed."""
    found = named(f"bench-{os.getpid()}")
    found.start(options=["track_commit_timestamp=on"])
    prepare(found)
    try:
        yield found
    finally:
        found.remove()


def keep(name: str, result: dict[str, Any]) -> None:
    """Add one benchmark's result to var/bench.json and print it."""
    _add(name, result)
    sys.stdout.write(f"{name}: {json.dumps(result, default=_plain)}\n")


def stamp(name: str, floor: dict[str, Spread], began: float) -> None:
    """Say beside a part's result what its floors were, on which commit, when, on how busy a machine, and how long it took."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty=-changed"], cwd=ROOT, text=True, capture_output=True, check=False
    )
    _add("stamps", _known().get("stamps", {}) | {name: {
        "floor": floor, "commit": done.stdout.strip(), "at": f"{datetime.now(UTC):%-d %B %Y %H:%M}",
        "load": round(os.getloadavg()[1], 1), "seconds": round(time.monotonic() - began),
    }})  # fmt: skip


def _known() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return found


def _add(name: str, result: dict[str, Any]) -> None:
    known = _known() | {name: result}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(known, indent=2, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    return asdict(value) if isinstance(value, Spread) else str(value)
