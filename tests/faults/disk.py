"""A disk that is full: a small one of the database's own that is filled, or the kernel's limit on what it may write.

The first says *no space left on device*, as in life, and needs the right to mount. The second, *file too large*, needs
none: not one write further into any file goes through, the database's log of transactions first of all.
"""

import errno
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ani_portal.engine.place import run_as
from ani_portal.engine.server import Engine

PIECE = 256 * 1024


@dataclass
class SmallDisk:
    """A file system in memory, mounted at `folder`. Only root may mount one."""

    folder: Path
    size: str = "640m"

    def mount(self) -> "SmallDisk":
        """Mount it; PermissionError where nobody may."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self.size},mode=0755", "tmpfs", str(self.folder)],
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise PermissionError(done.stderr.decode())
        return self

    def unmount(self) -> None:
        """Take it away with all that is on it."""
        subprocess.run(["umount", "--lazy", str(self.folder)], capture_output=True, check=False)
        with suppress(OSError):
            self.folder.rmdir()

    def fill(self) -> None:
        """Until not one more byte fits."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            piece = PIECE
            while piece:
                try:
                    if ballast.write(b"\0" * piece) < piece:
                        piece //= 2
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    piece //= 2
        assert os.statvfs(self.folder).f_bavail == 0

    def make_room(self) -> None:
        """Somebody removes what filled it."""
        (self.folder / "ballast").unlink(missing_ok=True)


@dataclass
class WriteLimit:
    """What every process of a running database server may write into one file, by its soft limit: anybody may set one."""

    engine: Engine

    def fill(self) -> None:
        """From now on no segment of the log is written to its end; processes that start later inherit it.

        What PostgreSQL says in plain text must still fit, or nobody could tell that it noticed.
        """
        self._set(str((self.engine.folder / "log.txt").stat().st_size + 256 * 1024))

    def make_room(self) -> None:
        """As much as before."""
        self._set("unlimited")

    def _set(self, soft: str) -> None:
        with suppress(OSError, ValueError):  # it gave up already
            postmaster = (self.engine.data / "postmaster.pid").read_text().splitlines()[0]
            children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
            _limit(postmaster, soft)  # first: what it starts from now on has it
            for child in children.read_text().split():
                _limit(child, soft)


def _limit(pid: str, soft: str) -> None:
    """As the database's own user, who may do so; one of its processes may have ended just now."""
    run_as().run(["prlimit", "--pid", pid, f"--fsize={soft}:"])
