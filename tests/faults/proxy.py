"""A wire to the database that can be cut: just before a commit arrives there, or just after it was carried out."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

PIECE = 64 * 1024


@dataclass
class Wire:
    """Passes everything on between the portal and the server at `target`; `cut` commits are cut off as `when` says."""

    target: int
    port: int = 0
    when: str = ""  # before or after; empty: nothing is cut
    cut: int = 0  # how many are still to be cut
    done: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _listening: socket.socket | None = None

    def start(self) -> "Wire":
        """Listen."""
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=200)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            with contextlib.suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()

    def cut_next(self, when: str, count: int) -> None:
        """Cut the next `count` commits."""
        with self._lock:
            self.when, self.cut = when, count

    def _accept(self) -> None:
        assert self._listening is not None
        while True:
            try:
                ours, _address = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(ours,), daemon=True).start()

    def _carry(self, ours: socket.socket) -> None:
        try:
            theirs = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            ours.close()
            return
        theirs.settimeout(None)
        for one in (ours, theirs):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        state = {"swallow": False}
        back = threading.Thread(target=self._back, args=(theirs, ours, state), daemon=True)
        back.start()
        with _closing(ours, theirs), contextlib.suppress(OSError):
            while piece := ours.recv(PIECE):
                fate = self._fate(piece)
                if fate == "before":
                    return
                state["swallow"] = fate == "after"
                theirs.sendall(piece)

    def _back(self, theirs: socket.socket, ours: socket.socket, state: dict[str, bool]) -> None:
        with _closing(ours, theirs), contextlib.suppress(OSError):
            while piece := theirs.recv(PIECE):
                if state["swallow"]:
                    return  # it was carried out; nobody is told
                ours.sendall(piece)

    def _fate(self, piece: bytes) -> str:
        """What becomes of a piece on its way to the server: only one that ends a transaction is ever cut."""
        if b"COMMIT" not in piece:
            return ""
        with self._lock:
            if not self.cut:
                return ""
            self.cut -= 1
            self.done += 1
            return self.when


@contextlib.contextmanager
def _closing(*sockets: socket.socket) -> Iterator[None]:
    try:
        yield
    finally:
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
