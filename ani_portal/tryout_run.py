"""`make run`: from an empty folder to a served demo, saying in plain words what it does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from types import FrameType

from ani_portal.engine.place import ROOT, VAR, EngineError
from ani_portal.engine.roles import prepare
from ani_portal.engine.server import held, named

PORT = os.environ.get("PORT", "8000")
BASE_URL = f"http://localhost:{PORT}"
STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # SIGHUP: the terminal was closed


class StepFailed(Exception):
    """A step went wrong: which, why, and what to do."""


def say(text: str) -> None:
    """One line for the person who started it."""
    print(text, flush=True)  # noqa: T201 this is what the command is for


def interrupted(_number: int, _frame: FrameType | None) -> None:
    """Stop. What stops is left in peace: a second interrupt, as `make` sends one for each Ctrl-C, would leave half of it."""
    for number in STOPPED_BY:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def manage(*arguments: str, failing: str) -> None:
    """Run a management command quietly; StepFailed with what it said if it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise StepFailed(f"{failing}\n{done.stdout.strip()[-2000:]}")


def port_is_free() -> bool:
    """Whether nothing listens on the port yet."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(PORT)))
        except OSError:
            return False
    return True


def addresses() -> str:
    """Both loopback addresses, where the machine has both: browsers take either for "localhost"."""
    found = [f"127.0.0.1:{PORT}"]
    if socket.has_ipv6:
        with socket.socket(socket.AF_INET6) as probe, suppress(OSError):
            probe.bind(("::1", 0))
            found.append(f"[::1]:{PORT}")
    return ",".join(found)


def serve() -> int:
    """Web and worker, until interrupted or until one of them ends."""
    web = [sys.executable, "-m", "gunicorn", "-c", "python:ani_portal.gunicorn", "ani_portal.asgi:application"]
    worker = [sys.executable, "manage.py", "procrastinate", "worker", "--no-listen-notify"]
    as_worker = os.environ | {"DATABASE_URL": os.environ.get("DATABASE_WORKER_URL", os.environ["DATABASE_URL"])}
    both: list[subprocess.Popen[bytes]] = []
    try:
        both.append(_start(web, os.environ | {"BIND": addresses()}))
        both.append(_start(worker, as_worker))
        _wait_until_ready(both[0])
        _tell()
        while all(process.poll() is None for process in both):
            time.sleep(0.5)
        ended = "web server" if both[0].poll() is not None else "background worker"
        raise StepFailed(f"The {ended} ended by itself. What it said stands above.")
    finally:
        for process in both:
            process.terminate()
        for process in both:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _start(command: Sequence[str], environment: "os._Environ[str] | dict[str, str]") -> subprocess.Popen[bytes]:
    # A session of its own: the interrupt is ours, and we stop them in order.
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)


def _wait_until_ready(web: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and web.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise StepFailed("The web server did not become ready. What it said stands above.")


def _tell() -> None:
    demo = json.loads((VAR / "demo.json").read_text())
    say(f"\nReady: {BASE_URL}\n")
    say("This is practice: everybody is made up, and these real pharmacies do not take part. Do not ring them.\n")
    say(f"  Tablet        {BASE_URL}/counter/enrol/")
    for tablet in demo["tablets"]:
        staff = ", ".join(f"{person['name']} {person['pin']}" for person in tablet["staff"])
        say(
            f"    {tablet['force']:9} {tablet['pharmacy']}\n              code {tablet['enrolment_code']}   PINs {staff}"
        )
    say(f"  Police desk   {BASE_URL}/triage/\n  Onboarding    {BASE_URL}/onboarding/")
    for account in demo["accounts"]:
        say(f"    {account['force']:9} {account['role']:12} {account['email']:32} {account['password']}")
    say("    Signing in also asks for a code: the front page shows each person's, and the key for an app of your own.")
    say("\nThe same stands in var/demo.json. Ctrl-C stops it; `make reset` starts afresh.")


def main() -> int:
    """Every step in its order; the exit status says whether it ended as meant."""
    os.environ["ANI_TRYOUT"] = "1"
    os.chdir(ROOT)
    if not port_is_free():
        say(f"Port {PORT} is in use. Stop what uses it, or choose another: PORT=8001 make run")
        return 1
    started = time.monotonic()
    own = bool(os.environ.get("DATABASE_URL"))
    try:
        if own and not os.environ.get("DATABASE_OWNER_URL"):
            raise StepFailed(
                "DATABASE_URL names a server of your own. Set DATABASE_OWNER_URL too: the role that makes the tables, which"
                " the portal's own role may not. docs/operations.md says how to make both."
            )
        engine = None if own else named("engine")
        if not own:
            say("Database: starting the embedded PostgreSQL …")
        with nullcontext() if engine is None else held(engine, prepare):
            if engine is not None:
                os.environ.update(engine.urls())
            say("Database: bringing its tables up to date …")
            manage("migrate", "--verbosity", "0", failing="The tables could not be brought up to date.")
            say("Demo: both forces, 48 real pharmacies, made-up people …")
            manage("demo", "--base-url", BASE_URL, failing="The demo data could not be written.")
            say(f"Starting web server and worker ({time.monotonic() - started:.0f} s so far) …")
            return serve()
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0
    except (StepFailed, EngineError) as error:
        say(f"\n{error}\n\nNothing is running now. `make reset` starts afresh; docs/operations.md says more.")
        return 1


if __name__ == "__main__":
    for number in STOPPED_BY:
        signal.signal(number, interrupted)
    sys.exit(main())
