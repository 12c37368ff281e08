"""pg_dump and pg_restore as the owner. What they handle goes through pipes: nothing plain is ever on a disk."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from django.db import connections

from ani_portal.engine.place import programs

PIECE = 256 * 1024
ALIAS = "owner"


class ToolFailed(Exception):
    """PostgreSQL's program refused; the text is its first complaint, without values of rows."""


def dump(*options: str) -> Iterator[bytes]:
    """What pg_dump writes in its own compressed format, piece by piece."""
    with _running("pg_dump", "--format=custom", "--no-password", *options) as process:
        assert process.stdout is not None
        while piece := process.stdout.read(PIECE):
            yield piece


def restore(pieces: Iterable[bytes]) -> None:
    """Give the pieces of a dump to pg_restore: all of it, in one transaction, or nothing."""
    options = ("--no-owner", "--exit-on-error", "--single-transaction", "--no-password")
    with _running("pg_restore", *options, f"--dbname={_database()['NAME']}") as process:
        assert process.stdin is not None
        try:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended: its own words say why
        except BaseException:
            process.kill()  # before its end: nothing is committed
            raise


@contextmanager
def _running(program: str, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One of the programs; ToolFailed with its first complaint if it ends badly."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [str(programs() / program), *options],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if program == "pg_dump" else subprocess.DEVNULL,
            stderr=said,
        )
        try:
            yield process
            status = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None and not pipe.closed:
                    with suppress(BrokenPipeError):
                        pipe.close()
        if status:
            said.seek(0)
            lines = [line for line in said.read().decode(errors="replace").splitlines() if "error:" in line.lower()]
            raise ToolFailed(lines[0] if lines else f"{program} ended with status {status}.")


def _database() -> dict[str, object]:
    return dict(connections[ALIAS].settings_dict)


def _environment() -> dict[str, str]:
    database = _database()
    options = database.get("OPTIONS") or {}
    assert isinstance(options, dict)
    names = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    return {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C",
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGDATABASE": str(database["NAME"]),
        "PGAPPNAME": "ani-portal backup",
        **{names[key]: str(value) for key, value in options.items() if key in names},
    }
