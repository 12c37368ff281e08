"""The report of the long tests, from the results of their parts: machine, commit, counts, figures, what did not run."""

import json
import os
import platform
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What changes how much a test does: the report says what they were.
KNOBS = ("FAULT_ROUNDS", "ANI_CUTS", "HOSTILE_INPUTS", "ANI_WALKS", "LOG_ROWS", "ROTATION_KEYS")


@dataclass
class Part:
    """How the tests of one file went, the last time."""

    file: str
    at: str  # when it began, UTC
    seconds: float
    load: float  # of the machine when it began
    ended: str  # "" if by itself


def kept(folder: Path, file: str) -> tuple[Path, Path]:
    """Where the results of a file's tests are kept, and the note about its run."""
    name = file.replace("/", ".")
    return folder / f"{name}.xml", folder / f"{name}.json"


def write(folder: Path, commit: str, parts: list[str]) -> Path:
    """docs/reports/DATE-long.md: machine, commit, counts, each test with its figures, and what did not run."""
    now = datetime.now(UTC)
    counts: Counter[str] = Counter()
    lines: list[str] = []
    skipped: list[str] = []
    missing: list[str] = []
    seconds = 0.0
    for file in parts:
        results, note = kept(folder, file)
        if not note.exists():
            missing.append(f"- {file}: not run")
            continue
        part = Part(**json.loads(note.read_text()))
        seconds += part.seconds
        name = file.removeprefix("tests/").removesuffix(".py")
        lines.append(f"| **{name}**, {part.at}, load {part.load} | {part.ended} | {part.seconds:.0f} | |")
        if part.ended:
            missing.append(f"- {file}: {part.ended}; what it had not come to is not in the table")
        for case in _cases(results):
            outcome, why = _outcome(case)
            counts[outcome] += 1
            if outcome == "skipped":
                skipped.append(f"- {name}, {case.get('name')}: {why}")
            figures = "<br>".join(_figures(case))
            lines.append(f"| {case.get('name')} | {outcome} | {float(case.get('time', 0)):.0f} | {figures} |")
    knobs = ", ".join(f"{name}={os.environ[name]}" for name in KNOBS if name in os.environ)
    said = [
        f"# Long tests, {now:%-d %B %Y %H:%M} UTC",
        f"Commit {commit}. {_machine()}. {seconds / 60:.0f} minutes in all.{f' With {knobs}.' if knobs else ''}",
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "Nothing ran.",
        "\n".join(["Skipped:", "", *skipped]) if skipped else "None was skipped.",
        "\n".join(["Not run, or not to the end:", "", *missing]) if missing else "All parts ran to their end.",
        "\n".join(["| test | result | seconds | what it measured |", "|---|---|--:|---|", *lines]),
    ]
    path = ROOT / "docs" / "reports" / f"{now:%Y-%m-%d}-long.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(said) + "\n")
    return path


def _cases(results: Path) -> list[ET.Element]:
    if not results.exists():
        return []
    return sorted(ET.parse(results).iter("testcase"), key=lambda case: case.get("name", ""))


def _outcome(case: ET.Element) -> tuple[str, str]:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed", ""
    skip = case.find("skipped")
    return ("skipped", skip.get("message", "")) if skip is not None else ("passed", "")


def _figures(case: ET.Element) -> list[str]:
    said = (case.findtext("system-out") or "").splitlines()
    # Dots of the progress may stand before it on its line.
    return [line.partition("FIGURE ")[2].replace("|", "/") for line in said if "FIGURE " in line]


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _read("/proc/cpuinfo").splitlines() if "model name" in line),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) for line in _read("/proc/meminfo").splitlines() if "MemTotal" in line), 0)
    return (
        f"{os.cpu_count()} cores ({model}), {memory / 1024 / 1024:.0f} GB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}"
    )


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""
