"""A network that can be cut, or that changes what passes: a relay between a browser and the server."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

HEAD_END = b"\r\n\r\n"


class Wire:
    """Relays HTTP from a port of its own. `lose` picks the request in which it breaks, and where; then nothing passes
    until `mend`."""

    def __init__(self, to: Callable[[], int], change: dict[bytes, bytes] | None = None) -> None:
        self.to = to
        self.change = change or {}  # in answers: each as long as what it replaces
        self.broken = False
        self.losing: tuple[str, str] | None = None
        self.open: set[socket.socket] = set()
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.listening.getsockname()[1]
        self.threads[0].start()

    def lose(self, path: str, where: str) -> None:
        """Break at the next POST to `path`: "before" (it never leaves), "half sent", or "reply" (it was answered)."""
        self.losing = (path, where)

    def cut(self) -> None:
        """From now on nothing passes, and what was open is closed."""
        self.broken = True
        for one in list(self.open):
            _close(one)

    def mend(self) -> None:
        """Everything passes again."""
        self.losing, self.broken = None, False

    def close(self) -> None:
        """The end of it."""
        self.broken = True
        _close(self.listening)
        for thread in self.threads:
            while thread.is_alive():
                self.cut()
                thread.join(0.1)

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self.listening.accept()
            except OSError:
                return
            self.threads.append(threading.Thread(target=self._serve, args=(browser,), daemon=True))
            self.threads[-1].start()

    def _serve(self, browser: socket.socket) -> None:
        self.open.add(browser)
        server: socket.socket | None = None
        try:
            if self.broken or not (request := _request(browser)):
                return None
            losing = self.losing
            where = losing[1] if losing and request.startswith(f"POST {losing[0]} ".encode()) else ""
            if self.broken or where == "before":
                return self.cut() if where else None
            server = socket.create_connection(("127.0.0.1", self.to()), timeout=20)
            self.open.add(server)
            if where == "half sent":
                server.sendall(request[: (request.index(HEAD_END) + len(HEAD_END) + len(request)) // 2])
                return self.cut()
            server.sendall(request)
            server.settimeout(None)
            while answer := server.recv(65536):
                if self.change and b"text/event-stream" not in answer:
                    while more := server.recv(65536):
                        answer += more
                for old, new in self.change.items():
                    answer = answer.replace(old, new)
                if where != "reply":
                    browser.sendall(answer)
            if where:
                self.cut()
        except OSError:
            return None
        finally:
            for one in (browser, server):
                if one is not None:
                    self.open.discard(one)
                    _close(one)


def _request(browser: socket.socket) -> bytes:
    """One request, whole, asking that the connection be closed after it."""
    found = b""
    while HEAD_END not in found:
        if not (more := browser.recv(65536)):
            return b""
        found += more
    head, body = found.split(HEAD_END, 1)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"connection:", b"accept-encoding:"))]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        if not (more := browser.recv(65536)):
            return b""
        body += more
    return b"\r\n".join([*lines, b"Connection: close"]) + HEAD_END + body


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
