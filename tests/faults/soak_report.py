"""The soak's report: its verdict, and how everything stood each five minutes."""

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.server import ROOT

from .soaked import FILES, GROWN, PER_HOUR, Sample, Verdict


def write(verdict: Verdict, *, load: str, told: str, ended: str) -> Path:
    """docs/reports/DATE-soak.md. `load` says what ran, `told` what was promised and kept, `ended` how it ended."""
    now = datetime.now(UTC)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True, capture_output=True, check=False
    ).stdout.strip()
    samples, faults = verdict.samples, verdict.faults()
    lines = [
        f"# Soak, {now:%-d %B %Y %H:%M} UTC", "",
        f"Commit {commit}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores."
        f" {samples[-1].at / 60 if samples else 0:.0f} minutes{ended}. {load}", "",
        _machine(samples), "",
        told, "",
        "**Nothing grew.**" if not faults else f"**Grew:** {'; '.join(faults)}.", "",
        *_judged(verdict), "",
        *_over_time(samples), "",
    ]  # fmt: skip
    path = ROOT / "docs" / "reports" / f"{now:%Y-%m-%d}-soak.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))
    return path


def _machine(samples: Sequence[Sample]) -> str:
    """How busy the machine was: the load's own share is about a third of a core, the rest is other people's work."""
    loads = sorted(one.load for one in samples) or [0.0]
    return (
        f"The machine's load was {statistics.median(loads):.1f} (median; {loads[0]:.1f} to {loads[-1]:.1f}); other"
        " work may have run beside it. So times are judged as multiples of the barest page of"
        " the same server that asks the database (`/readyz`), all through the same half minute, never by themselves."
    )


def _judged(verdict: Verdict) -> list[str]:
    lines = ["| after warm-up | first third | last third | judged by |", "|---|--:|--:|---|"]
    if len(verdict.samples) < 10:
        return lines
    for process in verdict.samples[-1].memory:
        was, became = (
            statistics.median(one.memory.get(process, 0) for one in part) for part in (verdict.early, verdict.late)
        )
        _grown, rate = verdict.growth(process)
        lines.append(
            f"| {process}, MB of its own | {was:.1f} | {became:.1f} | {rate:+.1f} MB an hour in the second half;"
            f" at most {PER_HOUR:.0f}, or {GROWN:.0f} MB in all |"
        )
    for process in verdict.samples[-1].files:
        was, became = (
            statistics.median(one.files.get(process, 0) for one in part) for part in (verdict.early, verdict.late)
        )
        lines.append(
            f"| {process}, open files besides visitors' connections | {was:.0f} | {became:.0f} | medians; at most {FILES} more |"
        )
    for which, name in (("alert_ms", "an alert"), ("queue_ms", "the queue's rows")):
        was, became = verdict.ratio(which)
        lines.append(f"| {name}, times the floor | {was:.1f} | {became:.1f} | medians |")
    if verdict.samples[0].pids:
        pids, alive = verdict.samples[0].pids, verdict.samples[-1].pids if verdict.alive is None else verdict.alive
        same = sum(pid in alive.values() for pid in pids.values())
        lines.append(
            f"| web processes and worker | {len(pids)} | {same} | the same processes from the first look to the end |"
        )
    early, late = verdict.early, verdict.late
    most = [max(one.connections for one in part) for part in (early, late)]
    lines += [
        f"| connections to the database | {most[0]} | {most[1]} | the most at once |",
        f"| connections to the database after all had gone | | {verdict.left_over} | beyond those that a process keeps |",
        *(
            f"| {what}, after all had gone | | {'not known' if count is None else count} | none may be open |"
            for what, count in verdict.left_open.items()
        ),
        f"| dead rows | {early[-1].dead} | {late[-1].dead} | twice what autovacuum leaves in a table, for a minute and a half |",
    ]
    return lines


def _over_time(samples: Sequence[Sample]) -> list[str]:
    """A row for each five minutes (or a twelfth of a shorter run): medians of what was seen in them."""
    if not samples:
        return []
    every = max(min(300.0, samples[-1].at / 12), 1.0)
    names = list(samples[-1].memory)
    lines = [
        f"| minute | load | {' | '.join(f'{name}, MB' for name in names)} | files | connections | waiting | alerts"
        " | alert, ms | queue, ms | floor, ms | SELECT 1, ms | dead rows | rows | database, MB |",
        "|" + "--:|" * (14 + len(names) - 1),
    ]
    step = 0
    while some := [one for one in samples if step * every <= one.at < (step + 1) * every]:
        last = some[-1]
        middle = {
            which: statistics.median(getattr(one, which) for one in some)
            for which in ("load", "alert_ms", "queue_ms", "floor_ms", "select_ms")
        }
        memory = " | ".join(f"{statistics.median(one.memory.get(name, 0) for one in some):.1f}" for name in names)
        lines.append(
            f"| {(step + 1) * every / 60:.1f} | {middle['load']:.1f} | {memory} | {sum(last.files.values())}"
            f" | {max(one.connections for one in some)} | {max(one.waiting for one in some)} | {last.alerts}"
            f" | {middle['alert_ms']:.1f} | {middle['queue_ms']:.1f} | {middle['floor_ms']:.1f} | {middle['select_ms']:.2f}"
            f" | {last.dead} | {last.rows} | {last.size_mb:.0f} |"
        )
        step += 1
    return lines
