"""A mail server on this machine, real enough for SMTP: keeps what it is sent, or refuses."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Post:
    """What arrived: each mail as (to, whole text)."""

    port: int = 0
    refuse: bool = False
    mails: list[tuple[str, str]] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    post: Post


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        post, to = self.server.post, ""
        self.say("220 made up")
        while line := self.rfile.readline().decode().strip():
            word = line.upper().split(":")[0].split(" ")[0]
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "RCPT":
                to = line.split("<")[1].split(">")[0]
                self.say("550 not here" if post.refuse else "250 ok")
            elif word == "DATA":
                self.say("354 go on")
                text = []
                while (part := self.rfile.readline().decode()) != ".\r\n":
                    text.append(part)
                post.mails.append((to, "".join(text)))
                self.say("250 kept")
            else:
                self.say("250 ok")


@contextlib.contextmanager
def post_office() -> Iterator[Post]:
    """A mail server for the block."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.post = Post(port=server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.post
        server.shutdown()
