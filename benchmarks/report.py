"""The results as a table in docs/performance.md and as a page of charts, docs/performance.html; `make performance`."""

import html
import json
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.harness import RESULTS, ROOT

MARKDOWN, CHARTS = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.html"
START, END = "<!-- figures: made by `make performance` -->", "<!-- end of figures -->"
BAR, LINE, LEFT = 420, 24, 330


def main() -> None:
    """Write both from var/bench.json."""
    results: dict[str, dict[str, Any]] = json.loads(RESULTS.read_text())
    stamps = results.pop("stamps", {})
    page = MARKDOWN.read_text()
    before, _old, after = re.split(f"({re.escape(START)}.*?{re.escape(END)})", page, maxsplit=1, flags=re.DOTALL)
    MARKDOWN.write_text(f"{before}{START}\n\n{_where()}\n\n{tables(results, stamps)}\n{END}{after}")
    CHARTS.write_text(charts(results, stamps))


def _where() -> str:
    """The machine."""
    cores = subprocess.run(["nproc"], text=True, capture_output=True, check=False).stdout.strip()
    processor = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    return (
        f"Written on {datetime.now(UTC):%-d %B %Y}; {cores} cores of {processor}, Python {platform.python_version()};"
        " client, web server and PostgreSQL (durable, its own default settings) on this one machine."
    )


def _stamped(stamp: dict[str, Any] | None) -> str:
    """When a part ran, on what, and its floors of that moment."""
    if stamp is None:
        return "Of an earlier run."
    floors = "; ".join(f"{name} {one['median']} ms" for name, one in stamp["floor"].items())
    return (
        f"{stamp['at']} UTC, commit {stamp['commit']}, {stamp['seconds']} s, load of the machine {stamp['load']} at the end."
        f" Floors just before it, one client: {floors}."
    )


def _times_floor(name: str, median: float, result: dict[str, Any], stamp: dict[str, Any] | None) -> str:
    """A median as a multiple of the bare view's: with as many clients where that was measured, otherwise with one."""
    if (same := result.get(f"floor, {name.rpartition(', ')[2]}")) is not None:
        return f"{float(median) / same['times']['median']:.1f}"
    return f"{float(median) / next(iter(stamp['floor'].values()))['median']:.1f}" if stamp else ""


def _flat(result: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A benchmark's result without what it is nested in: a time, or any other figure, by its whole name."""
    found: dict[str, Any] = {}
    for name, value in result.items():
        whole = f"{before}, {name}" if before else name
        if isinstance(value, dict) and not {"times", "median"} & {key for key in value if not _is_ratio(value, key)}:
            found |= _flat(value, whole)
        else:
            found[whole] = value
    return found


def _is_ratio(value: dict[str, Any], key: str) -> bool:
    return key == "times" and not isinstance(value[key], dict)


def _spreads(result: dict[str, Any]) -> list[tuple[str, dict[str, Any], Any]]:
    """The times in a benchmark's result: name, spread, how many a second."""
    found = []
    for name, value in _flat(result).items():
        if isinstance(value, dict) and "times" in value:
            found.append((name, value["times"], value.get("per second", "")))
        elif isinstance(value, dict) and "median" in value:
            found.append((name, value, ""))
    return found


def tables(results: dict[str, dict[str, Any]], stamps: dict[str, dict[str, Any]]) -> str:
    """A table of times and one of other figures for each benchmark."""
    lines = []
    for benchmark, result in results.items():
        stamp = stamps.get(benchmark)
        lines.append(f"### {benchmark}\n\n{_stamped(stamp)}\n")
        if times := _spreads(result):
            lines += [
                "| what | median, ms | 99 %, ms | worst, ms | a second | times the floor |",
                "|---|--:|--:|--:|--:|--:|",
            ]
            lines += [
                f"| {n} | {t['median']} | {t['p99']} | {t['worst']} | {rate} | {_times_floor(n, t['median'], result, stamp)} |"
                for n, t, rate in times
            ]
            lines.append("")
        known = {name for name, _times, _rate in times}
        if others := [(name, value) for name, value in _flat(result).items() if name not in known]:
            lines += ["| figure | |", "|---|---|"]
            lines += [f"| {name} | {_said(value)} |" for name, value in others]
            lines.append("")
    return "\n".join(lines)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_said(one)}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def charts(results: dict[str, dict[str, Any]], stamps: dict[str, dict[str, Any]]) -> str:
    """One page, a bar for each median with its 99th percentile behind it; nothing is fetched from anywhere."""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>How fast it is</title>',
        "<style>body{font:16px/1.5 sans-serif;margin:2rem auto;max-width:60rem;color:#0b0c0c}"
        "svg{display:block;overflow:visible}.m{fill:#0b5563}.p{fill:#9fc4cc}text{font-size:13px}</style></head><body>",
        f"<h1>How fast it is</h1><p>{html.escape(_where())}</p><p>Dark: the median. Light: the 99th percentile.</p>",
    ]
    for benchmark, result in results.items():
        if times := _spreads(result):
            said = html.escape(_stamped(stamps.get(benchmark)))
            parts.append(f"<h2>{html.escape(benchmark)}</h2><p>{said}</p>{_bars(benchmark, times)}")
    return "\n".join([*parts, "</body></html>\n"])


def _bars(title: str, times: list[tuple[str, dict[str, Any], Any]]) -> str:
    most = max(float(one["p99"]) for _name, one, _rate in times) or 1.0
    rows = []
    for place, (name, one, _rate) in enumerate(times):
        top, median, p99 = place * LINE, float(one["median"]), float(one["p99"])
        rows.append(
            f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end">{html.escape(name)}</text>'
            f'<rect class="p" x="{LEFT}" y="{top + 3}" width="{max(1, BAR * p99 / most):.1f}" height="16"/>'
            f'<rect class="m" x="{LEFT}" y="{top + 3}" width="{max(1, BAR * median / most):.1f}" height="16"/>'
            f'<text x="{LEFT + BAR * p99 / most + 6:.1f}" y="{top + 15}">{median} / {p99} ms</text>'
        )
    size = f'width="{LEFT + BAR + 160}" height="{LINE * len(times)}"'
    return (
        f'<svg {size} role="img" aria-label="{html.escape(title)}: medians and 99th percentiles">{"".join(rows)}</svg>'
    )


if __name__ == "__main__":
    main()
