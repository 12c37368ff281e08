"""A real OpenID Connect provider, run by node for the tests."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.e2e.server import ROOT, free_port

SECRET = "a made-up secret of the tests"


def _node() -> str:
    return shutil.which("node") or str(ROOT / ".venv/node/bin/node")


@dataclass
class Provider:
    """The provider of one force, for a portal that answers at `base`."""

    base: str
    force: str
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def issuer(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> "Provider":
        """Start it and wait until it listens."""
        told = json.dumps({"host": self.host, "port": self.port, "base": self.base, "force": self.force})
        self.process = subprocess.Popen(
            [_node(), "--no-warnings", str(Path(__file__).parent / "server.mjs")],
            cwd=ROOT, env={**os.environ, "PROVIDER": told}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        said: list[str] = []
        for line in self.process.stdout or []:
            said.append(line)
            if line.startswith("listening"):
                return self
        raise RuntimeError("the provider did not start: " + "".join(said)[-2000:])

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()

    def tell(self, *, people: dict[str, Any] | None = None, **told: Any) -> None:
        """Who is known, and who signs in next, with which amr and acr."""
        httpx.post(f"{self.issuer}/test/tell", json={"people": people or {}, "told": told}).raise_for_status()

    def sign(self, *, forged: bool = False, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token with these claims under the provider's own key, or under a stranger's."""
        said = {"claims": claims, "forged": forged, "header": header or {}}
        return httpx.post(f"{self.issuer}/test/sign", json=said).text

    def follow(self, address: str) -> dict[str, str]:
        """Sign in there as whoever was told, and what the browser brings back to the portal."""
        with httpx.Client() as browser:
            for _turn in range(8):
                answer = browser.get(address)
                address = str(answer.url.join(answer.headers["location"])) if "location" in answer.headers else ""
                if address.startswith(self.base):
                    return dict(parse_qsl(urlsplit(address).query))
                assert address, answer.text[:2000]
        raise AssertionError("the provider sends the browser in circles")
