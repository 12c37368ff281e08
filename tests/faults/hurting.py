"""What goes wrong, really: processes killed, wires cut, disks filled, connections used up, a deploy in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ani_portal.engine.server import SUPERUSER
from tests.e2e.server import ROOT

from .disk import SmallDisk, WriteLimit
from .world import World


@dataclass
class Faults:
    """The faults of one world."""

    world: World
    disk: SmallDisk | None = None
    hung: int = 0  # recoveries of the database that did not go on by themselves
    _deploys: int = 0

    def kill_web(self) -> None:
        """`kill -9` for every web process."""
        self.world.server.kill_workers()

    def kill_worker(self) -> None:
        """`kill -9` for the worker, and a new one, as a supervisor would."""
        if self.world.worker is not None:
            self.world.worker.kill()
            self.world.worker.wait()
        self.world.start_worker()

    def kill_listener(self) -> None:
        """The connections that hear of commits end; the others stay."""
        self._superuser(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ani-portal listener'"
        )

    def restart_web(self) -> None:
        """The master replaces its processes one by one."""
        assert self.world.server.process is not None
        self.world.server.process.send_signal(signal.SIGHUP)

    def crash_database(self) -> None:
        """PostgreSQL dies with everything in its memory and recovers from its log."""
        engine = self.world.engine
        pid = int((engine.data / "postmaster.pid").read_text().splitlines()[0])
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(ProcessLookupError):  # it was just ending by itself
                os.kill(int(child), signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 20
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.02)
        (engine.data / "postmaster.pid").unlink(missing_ok=True)
        engine.start()

    def cut_connections(self) -> None:
        """Every connection of the portal to the database ends, the listener's too."""
        self._superuser(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where usename like 'ani_%' and pid <> pg_backend_pid() and usename <> current_user"
        )

    def cut_before_commit(self) -> None:
        """The network drops three commits on their way to the database: nothing of them may be there or promised."""
        self._cut("before")

    def cut_after_commit(self) -> None:
        """The network drops the answers to three commits: they are there, nobody was told, and the retry is the same."""
        self._cut("after")

    def use_up_connections(self, seconds: float = 1.5) -> None:
        """Somebody else takes every connection that the database has left, for a while."""
        taken = []
        try:
            while True:
                taken.append(psycopg.connect(self.world.engine.url("ani_verify", self.world.database)))
        except psycopg.OperationalError:
            time.sleep(seconds)
        finally:
            for connection in taken:
                connection.close()

    def fill_disk(self) -> None:
        """The database's disk is full until it says so, then somebody makes room."""
        assert self.disk is not None
        self._no_room(self.disk, "No space left on device")

    def limit_writes(self) -> None:
        """The kernel refuses every write further into a file, as on a full disk; for where none may be mounted."""
        self._no_room(WriteLimit(self.world.engine), "File too large")

    def _no_room(self, disk: SmallDisk | WriteLimit, said: str) -> None:
        """Full until PostgreSQL's own log says so, then a moment more; it is started again if it gave up."""
        engine = self.world.engine
        log = engine.folder / "log.txt"
        before = log.stat().st_size
        disk.fill()
        end = time.monotonic() + 30
        while said not in log.read_bytes()[before:].decode(errors="replace"):
            assert time.monotonic() < end, "the database never noticed that its disk is full"
            time.sleep(0.05)
        time.sleep(0.5)
        disk.make_room()
        made_room, end = time.monotonic(), time.monotonic() + 90
        while not self._answers():  # it may be giving up at this very moment
            assert time.monotonic() < end, "the database did not come back"
            if time.monotonic() > made_room + 15 and engine.running:
                # Seen with PostgreSQL 18: its recovery met the limit, and hung when that was gone. An operator kills it.
                self.hung += 1
                self.crash_database()
                made_room = time.monotonic()
            elif not engine.running:
                (engine.data / "postmaster.pid").unlink(missing_ok=True)
                engine.start()
            time.sleep(0.1)

    def _answers(self) -> bool:
        with suppress(psycopg.Error, OSError):
            self._superuser("select 1")
            return True
        return False

    def deploy(self) -> None:
        """A version with a new column: migrated by the real command, which lays the rings anew, then the web restarts."""
        self._deploys += 1
        owner = self.world.engine.url("ani_owner", self.world.database)
        for _try in range(20):
            with suppress(psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                with psycopg.connect(owner) as connection:
                    connection.execute("set lock_timeout = '500ms'")
                    connection.execute(
                        f"alter table requests_codewordrequest add column later_{self._deploys} integer not null default 0"
                    )
                    connection.execute("delete from ani.rings")  # another version's rings: all of them are laid anew
                break
        else:
            raise AssertionError("the new column never got its lock: nothing was deployed")
        urls = self.world.engine.urls(self.world.database)
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT, env={**os.environ, **urls}, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        self.restart_web()

    def all(self) -> list[Callable[[], None]]:
        """Everything that can go wrong here."""
        found = [
            self.kill_web, self.kill_worker, self.kill_listener, self.restart_web, self.crash_database, self.cut_connections,
            self.cut_before_commit, self.cut_after_commit, self.use_up_connections, self.limit_writes, self.deploy,
        ]  # fmt: skip
        return [*found, self.fill_disk] if self.disk is not None else found

    def _cut(self, when: str) -> None:
        wire = self.world.wire
        assert wire is not None
        before = wire.done
        wire.cut_next(when, 3)
        end = time.monotonic() + 20
        while wire.done < before + 3 and time.monotonic() < end:
            time.sleep(0.01)
        assert wire.done >= before + 3, "no commit came by"

    def _superuser(self, statement: str) -> None:
        with psycopg.connect(self.world.engine.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(statement)
