"""The database's host is lost, or one of the application's: tablets go on, and nothing that was accepted is lost."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from pytest_django.plugin import DjangoDbBlocker

from ani_portal.engine.place import programs, run_as
from ani_portal.engine.server import SUPERUSER, URL_NAMES, Engine, wait_until_gone
from tests.conftest import point_django_at
from tests.e2e.server import ROOT, Server, free_port

from .conftest import DATABASE, engine_on, prepared
from .world import World


@dataclass
class Standby:
    """A second server that follows the first, made and promoted by `scripts/standby`, as an operator would."""

    primary: Engine
    folder: Path
    port: int = field(default_factory=free_port)

    def run(self, *arguments: str) -> None:
        """Run the script as the server's own user."""
        environment = {
            "PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC", "ANI_PG_BIN": str(programs()),
        }  # fmt: skip
        done = run_as().run(["bash", str(self.folder.parent / "standby"), *arguments], env=environment)
        assert done.returncode == 0, done.stdout

    def make(self) -> None:
        """Copy, follow, and from then on every commit waits for it."""
        address = self.primary.url(SUPERUSER, "postgres")
        self.run("make", address, str(self.folder), str(self.port))
        self.run("require", address)

    def promote(self) -> None:
        """It takes over."""
        self.run("promote", str(self.folder))

    @property
    def engine(self) -> Engine:
        """The same as an engine to look at: its folder is made to fit."""
        return Engine(self.folder.parent)

    def urls(self) -> dict[str, str]:
        """Each role's address with both hosts: whichever takes writes."""
        passwords = self.primary._passwords()
        both = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.port}"
        return {
            name: f"postgres://{role}:{quote(passwords[role])}@{both}/{DATABASE}?target_session_attrs=read-write"
            for role, name in URL_NAMES.items()
        }


@pytest.fixture
def primary(django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Engine, dict[str, str]]]:
    """A durable server with the cast in it."""
    engine = engine_on(None)
    engine.start()
    try:
        with prepared(engine, django_db_blocker) as sessions:
            yield engine, sessions
    finally:
        with suppress(OSError):
            engine.remove()


@pytest.fixture
def standby(primary: tuple[Engine, dict[str, str]]) -> Iterator[Standby]:
    """A standby of it; passwords are the primary's."""
    engine, _sessions = primary
    home = engine.folder.parent / f"{engine.folder.name}-standby"
    home.mkdir(mode=0o700)
    shutil.copy(engine.folder / "passwords.json", home / "passwords.json")
    shutil.copy(ROOT / "scripts" / "standby", home / "standby")  # where the server's user can read it
    user = run_as()
    if user.uid is not None and user.gid is not None:
        for path in (home, *home.iterdir()):
            os.chown(path, user.uid, user.gid)
    found = Standby(engine, home / "data")
    found.make()
    try:
        yield found
    finally:
        Engine(home).remove()


def test_the_replica_takes_over_while_tablets_submit(
    primary: tuple[Engine, dict[str, str]], standby: Standby, tmp_path: Path
) -> None:
    """The primary stops at once, as by a power cut; the standby is promoted; the portal finds it by its address."""
    engine, sessions = primary
    server = Server(standby.urls(), workers=2, log=tmp_path / "server.log").start()
    world = World(engine, [server], DATABASE, sessions)

    def lose_the_primary() -> None:
        engine.stop(mode="immediate")  # no last word to the standby
        wait_until_gone(engine)
        world.engine = standby.engine
        standby.promote()

    world.start()
    try:
        before = world.until(12)
        took = world.hurt(lose_the_primary)
        world.until(before + 12)
    finally:
        world.stop()
        server.stop()
        print((tmp_path / "server.log").read_text()[-3000:])
    point_django_at(standby.engine, DATABASE)
    world.check()
    print(
        f"FIGURE fail-over to the replica: {len(world.told.accepted)} alerts accepted, none lost; {took:.1f} s without one"
    )


def test_one_of_two_application_hosts_is_killed(primary: tuple[Engine, dict[str, str]], tmp_path: Path) -> None:
    """Master and workers of the one die at once; the tablets ask the other."""
    engine, sessions = primary
    hosts = [Server(engine.urls(DATABASE), workers=1, log=tmp_path / f"{name}.log").start() for name in "ab"]
    world = World(engine, hosts, DATABASE, sessions)

    def kill_a_host() -> None:
        first = hosts[0]
        assert first.process is not None
        workers = first.children()
        first.process.kill()
        for pid in workers:
            first.kill(pid)
        first.process.wait(20)

    world.start()
    try:
        before = world.until(12)
        took = world.hurt(kill_a_host)
        world.until(before + 12)
        with pytest.raises(subprocess.TimeoutExpired):
            hosts[1].process.wait(0)  # type: ignore[union-attr]
    finally:
        world.stop()
        for host in hosts:
            host.halt()
    world.check()
    print(f"FIGURE one of two application hosts killed: {took:.2f} s until the next alert was accepted")
