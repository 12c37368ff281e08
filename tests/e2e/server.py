"""The real server, as `make run` starts it, on a test's own database."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A gunicorn with its workers."""

    urls: dict[str, str]
    port: int = field(default_factory=free_port)
    workers: int = 1
    process: subprocess.Popen[bytes] | None = None
    log: Path | None = None
    more: dict[str, str] = field(default_factory=dict)  # of the environment; "" takes a variable away
    arguments: tuple[str, ...] = ()
    certificate: str = ""  # served over TLS with it, as in production
    behind: dict[str, str] = field(default_factory=dict)  # headers of the proxy that it is behind

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether its master lives."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> "Server":
        """Start it and wait until it is ready."""
        environment = os.environ | self.urls | {
            "BIND": f"127.0.0.1:{self.port}", "WEB_CONCURRENCY": str(self.workers), "ANI_TRYOUT": "1",
        } | self.more  # fmt: skip
        out = self.log.open("ab") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                "python:ani_portal.gunicorn",
                *self.arguments,
                "ani_portal.asgi:application",
            ],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        if not isinstance(out, int):
            out.close()
        end = time.monotonic() + 60  # a machine that is busy with much else
        while time.monotonic() < end:
            try:
                trusted = ssl.create_default_context(cafile=self.certificate or None)
                if httpx.get(f"{self.base_url}/readyz", timeout=2, verify=trusted, headers=self.behind).is_success:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
            if self.process.poll() is not None:
                break
        raise RuntimeError(f"the server did not start: {self.log.read_text()[-3000:] if self.log else ''}")

    def children(self) -> list[int]:
        """The process ids of its workers."""
        assert self.process is not None
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def kill_workers(self) -> None:
        """`kill -9` for every worker; the master starts new ones."""
        for pid in self.children():
            self.kill(pid)

    def kill(self, pid: int) -> None:
        """`kill -9` for one of them, if it is still there."""
        with suppress(ProcessLookupError):
            with suppress(ProcessLookupError):  # it was just ending by itself
                os.kill(pid, signal.SIGKILL)

    def halt(self) -> None:
        """Stop it at once: nobody waits for the pages that a test left open."""
        if self.process is not None and self.running:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self.process is not None and self.running:
            self.process.terminate()
            self.process.wait(20)
