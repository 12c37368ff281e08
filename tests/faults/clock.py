"""A clock that can be turned while processes run: libfaketime, for the database, the web and the worker alike.

Every process reads the same small file whenever it asks for the time. What counts seconds since the start of the machine
goes on as it is, as after a real correction of a clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ani_portal.engine.place import programs, run_as
from ani_portal.engine.server import Engine


def library() -> Path:
    """Where Debian's package has it; scripts/need-faketime installs it."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


@dataclass
class Clock:
    """The time that the processes of one world believe."""

    file: Path

    def environment(self) -> dict[str, str]:
        """For every process that shall believe it."""
        return {
            "LD_PRELOAD": str(library()), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
            "PYTHONPATH": str(Path(__file__).with_name("turned")),
        }  # fmt: skip

    def turn(self, seconds: float) -> None:
        """So many seconds ahead of the real time, or behind it."""
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{seconds:+.3f}\n")
        draft.chmod(0o644)
        draft.replace(self.file)

    def to(self, moment: datetime) -> None:
        """So that it is `moment` now; it runs on from there."""
        self.turn((moment - datetime.now(UTC)).total_seconds())


@dataclass(frozen=True)
class TurnedEngine(Engine):
    """A server whose processes believe a clock."""

    clock: Clock | None = None

    def _run(self, program: str, *arguments: str, fails_with: str | None) -> int:
        if "start" not in arguments or self.clock is None:
            return super()._run(program, *arguments, fails_with=fails_with)
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"} | self.clock.environment()
        done = run_as().run([str(programs() / program), *arguments], env=environment)
        assert done.returncode == 0, done.stdout
        return done.returncode
