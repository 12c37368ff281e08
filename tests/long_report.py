"""`make test-long`: the long tests, and a dated report of them in docs/reports/."""

import platform
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run them and write the report; the exit status is pytest's."""
    results = ROOT / "var" / "long.xml"
    results.parent.mkdir(exist_ok=True)
    results.unlink(missing_ok=True)
    started = time.monotonic()
    code = subprocess.call(
        [sys.executable, "-m", "pytest", "-m", "long", f"--junitxml={results}", "-o", "junit_logging=system-out"],
        cwd=ROOT,
    )
    if not results.exists():
        return code
    now = datetime.now(UTC)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True, capture_output=True, check=False
    ).stdout.strip()
    report = ROOT / "docs" / "reports" / f"{now:%Y-%m-%d}-long.md"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(_report(results, now, commit, time.monotonic() - started))
    sys.stdout.write(f"Report: {report.relative_to(ROOT)}\n")
    # Nothing long yet is no failure of what there is.
    return 0 if code == 5 else code


def _report(results: Path, now: datetime, commit: str, seconds: float) -> str:
    lines = [
        f"# Long tests, {now:%j %Y %H:%M} UTC".replace(f"{now:%j %Y}", f"{now:%-d %B %Y}"),
        "",
        f"Commit {commit}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, {seconds:.0f} s.",
        "",
        "| test | result | seconds | what it measured |",
        "|---|---|---|---|",
    ]
    for case in ET.parse(results).iter("testcase"):
        outcome = "failed" if case.find("failure") is not None or case.find("error") is not None else "passed"
        outcome = "skipped" if case.find("skipped") is not None else outcome
        said = (case.findtext("system-out") or "").strip().splitlines()
        figures = "; ".join(line.removeprefix("FIGURE ") for line in said if line.startswith("FIGURE "))
        name = f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name')}"
        lines.append(f"| {name} | {outcome} | {float(case.get('time', 0)):.0f} | {figures} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
