"""So many clients at once, each on a connection of its own, as fast as they are answered."""

import http.client
import threading
import time
from collections.abc import Callable
from typing import Any

from benchmarks.harness import Spread, spread

# One piece of work on a client's connection: its number among all that the client did.
Work = Callable[[http.client.HTTPConnection, int], None]


class NotAccepted(RuntimeError):
    """The server refused what a benchmark sent: its figures would mean nothing."""


def load(port: int, clients: int, seconds: float, work: Callable[[int], Work]) -> dict[str, Any]:
    """`work(client)` makes each client's work; the times of each piece, and how many a second in all."""
    times: list[float] = []
    refused: list[Exception] = []
    end = time.monotonic() + seconds

    def one(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        mine, count = work(number), 0
        try:
            while time.monotonic() < end:
                started = time.perf_counter()
                mine(connection, count)
                times.append(time.perf_counter() - started)
                count += 1
        except (OSError, NotAccepted, http.client.HTTPException) as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise NotAccepted(f"{len(refused)} clients were refused: {refused[0]!r}")
    return {"times": spread(times), "per second": round(len(times) / (time.monotonic() - started))}


def post(
    connection: http.client.HTTPConnection, path: str, body: str, headers: dict[str, str], status: int = 200
) -> bytes:
    """The body of the answer; NotAccepted for anything but `status`."""
    connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != status:
        raise NotAccepted(f"{path} answered {answer.status}")
    return said


def median_of(result: dict[str, Any]) -> float:
    """The median in milliseconds of what `load` returned."""
    times: Spread = result["times"]
    return times.median
