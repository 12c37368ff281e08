"""One deadline and one limit for a whole call: a server that sends a byte now and then, or without end, holds no thread.

The time-outs of httpx are for each read. Here each connection is told how much is left of the whole before each of its waits.
"""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class _Left:
    """What is left of the time, in seconds, and of what may be read, in bytes."""

    def __init__(self, seconds: float, most: int) -> None:
        self.until, self.most = time.monotonic() + seconds, most

    def read(self, size: int) -> None:
        self.most -= size
        if self.most < 0:
            raise httpcore.ReadError("the answer is too large")

    def within(self, timeout: float | None) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole call took too long")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, left: _Left) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        found = self._stream.read(max_bytes, self._left.within(timeout))
        self._left.read(len(found))
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._left.within(timeout)), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, left: _Left) -> None:
        self._left, self._real = left, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        made = self._real.connect_tcp(host, port, self._left.within(timeout), local_address, socket_options)
        return _Stream(made, self._left)


def within(seconds: float, most: int) -> httpx.HTTPTransport:
    """A transport for one client of httpx: its calls end within `seconds` from now and read at most `most` bytes together.

    httpx.TimeoutException or httpx.ReadError otherwise.
    """
    tls = httpx.create_ssl_context(trust_env=False)
    transport = httpx.HTTPTransport(verify=tls, trust_env=False)
    transport._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=_Backend(_Left(seconds, most)))
    return transport
