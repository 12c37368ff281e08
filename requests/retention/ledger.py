"""The ledger of disposals, outside the database: what a restore must destroy again.

A folder of append-only files, one a day, a line for each disposal: when, which force, and the SHA-256 of the record's
id. Without the record the hash says nothing; with a restored database it finds the record again. A line is on disk
before the disposal commits; should the commit fail, a second line takes it back. Words that were taken back have their
line within a minute, with the entry's id in place of the record's. Lines older than the data backups are no longer
needed and go (settings.LEDGER_DAYS).
"""

import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings


@dataclass(frozen=True)
class Ledger:
    """The ledger in `folder`."""

    folder: Path

    def append(self, record: UUID, *, force: int, undone: bool = False) -> None:
        """Write one line and have it on disk before returning. An error here means: do not dispose."""
        now = datetime.now(UTC)
        line = {"at": now.isoformat(timespec="seconds"), "force": force, "record": mark(record)}
        if undone:
            line["undone"] = True
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / f"{now:%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.write(handle, (json.dumps(line) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def append_missing(self, taken_back: list[tuple[UUID, int]]) -> int:
        """A line for each of these entries (id, force) that has none yet; how many."""
        known = self.disposed() if taken_back else set()
        missing = [(entry, force) for entry, force in taken_back if mark(entry) not in known]
        for entry, force in missing:
            self.append(entry, force=force)
        return len(missing)

    def disposed(self) -> set[str]:
        """The marks of all records that were disposed of and not undone, and of all entries that were taken back."""
        found: set[str] = set()
        for path in sorted(self.folder.glob("*.jsonl")):
            for text in path.read_text().splitlines():
                line = json.loads(text)
                if line.get("undone"):
                    found.discard(line["record"])
                else:
                    found.add(line["record"])
        return found

    def forget(self, *, now: datetime, days: int) -> int:
        """Remove the days that no backup reaches back to any more; how many."""
        oldest, gone = f"{now - timedelta(days=days):%Y-%m-%d}", 0
        for path in self.folder.glob("*.jsonl"):
            if path.stem < oldest:
                path.unlink()
                gone += 1
        return gone


def mark(record: UUID) -> str:
    """How the ledger names a record."""
    return hashlib.sha256(str(record).encode()).hexdigest()


def ledger() -> Ledger:
    """The ledger that the settings name."""
    return Ledger(Path(settings.DISPOSAL_LEDGER))
