"""A disk of its own for a database, small enough to be filled: the system says *no space left on device*."""

import errno
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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
