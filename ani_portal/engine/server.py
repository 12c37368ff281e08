"""One embedded PostgreSQL server: made, started, found again after a crash, stopped."""

import fcntl
import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .place import EngineError, home, programs, run_as

SUPERUSER = "ani_super"
DATABASE = "ani_portal"

# The roles of docs/security.md. Only the owner owns anything; none is a superuser or may bypass row-level security.
ROLES = ("ani_owner", "ani_app", "ani_worker", "ani_import", "ani_verify")

# The environment variable each role's address goes by.
URL_NAMES = {
    "ani_app": "DATABASE_URL",
    "ani_owner": "DATABASE_OWNER_URL",
    "ani_worker": "DATABASE_WORKER_URL",
    "ani_import": "DATABASE_IMPORT_URL",
    "ani_verify": "DATABASE_VERIFY_URL",
}

# Its log holds no statement and no value of a row, not even of one that failed: docs/data-protection/keys-and-backups.md
# says what to set on a server of one's own.
DISCREET = (
    "-c log_min_error_statement=panic",
    "-c log_error_verbosity=terse",
    "-c log_parameter_max_length=0",
    "-c log_parameter_max_length_on_error=0",
    "-c log_statement=none",
    "-c log_min_duration_statement=-1",
)


@dataclass(frozen=True)
class Engine:
    """An embedded server, kept in `folder`. `durable` is off only for tests that kill nothing."""

    folder: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.folder / "data"

    @property
    def running(self) -> bool:
        """Whether the server answers to its pid file, whoever started it."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._run("pg_ctl", "-D", str(self.data), "status", fails_with=None) == 0

    @property
    def port(self) -> int:
        """The port the running server listens on, from its pid file."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def start(self, options: Sequence[str] = ()) -> bool:
        """Make the server if there is none, start it if it is down; True if it was started by this call.

        `options` are settings of PostgreSQL's for this start, as name=value.
        """
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self.running:
            return False
        port = self._usual_port()
        given = [f"-p {port}", "-c listen_addresses=127.0.0.1", "-c unix_socket_directories=", *DISCREET]
        given += [f"-c {option}" for option in options]
        if not self.durable:
            given += ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"]
        # Its own log, so that a failing start can be explained.
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.folder / "log.txt"),
            "-o", " ".join(given), "start",
            fails_with="The embedded database did not start",
        )  # fmt: skip
        (self.folder / "port.txt").write_text(str(port))
        return True

    def _usual_port(self) -> int:
        """The port of the last start where it is still free: whoever was connected finds the server again."""
        with suppress(OSError, ValueError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            port = int((self.folder / "port.txt").read_text())
            probe.bind(("127.0.0.1", port))
            return port
        return _free_port()

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server; `mode` is pg_ctl's (smart, fast, immediate). Nothing happens if it is down."""
        if self.running:
            self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop", fails_with="It did not stop")

    def remove(self) -> None:
        """Stop the server and delete all that it held."""
        self.stop(mode="immediate")
        shutil.rmtree(self.folder)

    def urls(self, database: str = DATABASE) -> dict[str, str]:
        """Each role's address for `database`, by the name of its environment variable."""
        return {name: self.url(role, database) for role, name in URL_NAMES.items()}

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of `database` for `role`."""
        password = self._passwords()[role]
        return f"postgres://{role}:{quote(password)}@127.0.0.1:{self.port}/{database}"

    def _passwords(self) -> dict[str, str]:
        passwords: dict[str, str] = json.loads((self.folder / "passwords.json").read_text())
        return passwords

    def _initialise(self) -> None:
        if self.data.exists():
            shutil.rmtree(self.data)  # an initdb that was interrupted
        passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, *ROLES)}
        kept = self.folder / "passwords.json"
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(passwords))
        user = run_as()
        word = self.folder / "first-password"
        word.touch(mode=0o600)
        word.write_text(passwords[SUPERUSER])
        if user.uid is not None and user.gid is not None:
            os.chown(word, user.uid, user.gid)
            os.chown(kept, user.uid, user.gid)
        try:
            self._run(
                "initdb", "-D", str(self.data), "-U", SUPERUSER, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256",
                f"--pwfile={word}",
                fails_with="The embedded database could not be made",
            )  # fmt: skip
        finally:
            word.unlink()

    def _run(self, program: str, *arguments: str, fails_with: str | None) -> int:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        done = run_as().run([str(programs() / program), *arguments], env=environment)
        if done.returncode and fails_with is not None:
            log = self.folder / "log.txt"
            said = done.stdout + ("\n" + log.read_text()[-2000:] if log.exists() else "")
            raise EngineError(f"{fails_with}. PostgreSQL said:\n{said}")
        return done.returncode


@contextmanager
def _lock(path: Path, how: int) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def held(engine: Engine, prepare: Callable[[Engine], None]) -> Iterator[None]:
    """Have the server up and prepared for as long as the block runs; the last of several users stops it."""
    turn = engine.folder / "turn.lock"
    with _lock(engine.folder / "users.lock", fcntl.LOCK_SH) as users:
        with _lock(turn, fcntl.LOCK_EX):
            engine.start()
            prepare(engine)
        try:
            yield
        finally:
            with _lock(turn, fcntl.LOCK_EX):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else is using it
                else:
                    engine.stop()


def named(name: str, *, durable: bool = True) -> Engine:
    """The embedded server called `name`, whether it exists yet or not."""
    return Engine(home(name), durable=durable)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_gone(engine: Engine, seconds: float = 10) -> None:
    """Wait until the server is down, or raise EngineError."""
    end = time.monotonic() + seconds
    while engine.running:
        if time.monotonic() > end:
            raise EngineError("The embedded database is still running.")
        time.sleep(0.05)
