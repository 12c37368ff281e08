"""`make test-long`: the long tests part by part, and a dated report of them in docs/reports/.

    make test-long                       all of them
    make test-long PARTS="rounds cuts"   those whose file's name holds one of these words; the others' last results stay

Each part is a file of tests in a process of its own. The report is written anew after each of them and when somebody
interrupts, and names what did not run. What earlier runs of the same commit found stays in it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from tests import long_table
from tests.long_table import Part

ROOT = Path(__file__).resolve().parents[1]
# Of these folders everything runs, the short forms as well: the report of what was broken on purpose is to be whole.
WHOLE = ("tests/faults/",)
PATIENCE = 30 * 60  # seconds for one part; none takes a third of that on a machine of its own


class Long:
    """The parts of one commit and what is known of them."""

    def __init__(self) -> None:
        changed = _git("status", "--porcelain", "--", ".", ":!docs/reports")
        self.commit = _git("rev-parse", "--short", "HEAD") + ("-changed" if changed else "")
        self.folder = ROOT / "var" / "long" / self.commit
        self.folder.mkdir(parents=True, exist_ok=True)
        self.child: subprocess.Popen[bytes] | None = None
        self.interrupted = False

    def parts(self) -> list[str]:
        """The files with long tests, and those of the folders that run whole."""
        said = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "long", "--collect-only", "-q", "-p", "no:randomly"],
            cwd=ROOT, text=True, capture_output=True, check=False,
        ).stdout  # fmt: skip
        found = {line.partition("::")[0] for line in said.splitlines() if "::" in line}
        for folder in WHOLE:
            found |= {str(path.relative_to(ROOT)) for path in (ROOT / folder).glob("test_*.py")}
        return sorted(found, key=lambda file: (not file.startswith(WHOLE), file))

    def run(self, file: str) -> bool:
        """Run one part; whether it was well. One that hangs is interrupted, so that its servers end."""
        results, note = long_table.kept(self.folder, file)
        results.unlink(missing_ok=True)
        began, load, ended = time.monotonic(), os.getloadavg()[0], ""
        at = f"{datetime.now(UTC):%H:%M}"
        marked = [] if file.startswith(WHOLE) else ["-m", "long"]
        self.child = subprocess.Popen(
            [sys.executable, "-m", "pytest", file, *marked, f"--junitxml={results}", "-o", "junit_logging=system-out"],
            cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        try:
            code = self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            ended = f"interrupted after {PATIENCE // 60} minutes"
            code = self._end()
        if self.interrupted:
            ended = "interrupted"
        elif code < 0:
            ended = f"ended by signal {-code}"
        part = Part(file, at, round(time.monotonic() - began, 1), round(load, 1), ended)
        note.write_text(json.dumps(asdict(part)))
        return code == 0 and not ended

    def interrupt(self, _number: int, _frame: FrameType | None) -> None:
        """Somebody wants it to end: the part that runs tidies up, and no other begins."""
        self.interrupted = True
        if self.child is not None:
            self.child.send_signal(signal.SIGINT)

    def _end(self) -> int:
        assert self.child is not None
        self.child.send_signal(signal.SIGINT)
        try:
            return self.child.wait(60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            return self.child.wait()

    def report(self, parts: list[str]) -> Path:
        """Write docs/reports/DATE-long.md from what is known."""
        return long_table.write(self.folder, self.commit, parts)


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, text=True, capture_output=True, check=False
    ).stdout.strip()  # fmt: skip


def main(words: list[str]) -> int:
    """Run the parts, or those that hold one of `words`; 1 if any was not well."""
    long = Long()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, long.interrupt)
    parts, well = long.parts(), True
    if not parts:
        sys.stdout.write("No long tests were found: can they be collected?\n")
        return 1
    for file in parts:
        if long.interrupted:
            break
        if not words or any(word in file for word in words):
            sys.stdout.write(f"\n--- {file}\n")
            sys.stdout.flush()
            well = long.run(file) and well
            long.report(parts)
    sys.stdout.write(f"Report: {long.report(parts).relative_to(ROOT)}\n")
    return 0 if well and not long.interrupted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
