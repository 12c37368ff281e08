"""One listening connection per process, fanned out to its open streams.

PostgreSQL forgets a notification that nobody hears, so it is never data: a stream that (re)connects is told to read
anew, and every page reads anew every few seconds besides.
"""

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from typing import Any, ClassVar

import psycopg

from .notify import CHANNEL

logger = logging.getLogger(__name__)

BEAT = "beat"
BEAT_SECONDS = 3.0  # a page calls itself late after 8 s without one
RETRY_SECONDS = 0.5
# After something was heard: what comes meanwhile is heard together, so that a day of many alarms costs no more wakings.
BREATH_SECONDS = 0.01

# Kinds of message that a stream gets: something changed, the feed is alive, the listener is back, the process ends.
CHANGED, READY, STOP = "changed", "ready", "stop"


class Hub:
    """Hears every notification once and hands its topic to the streams that asked for it."""

    # The one of this process, for whoever asks how it is.
    current: "ClassVar[Hub | None]" = None

    def __init__(self, conninfo: dict[str, Any]) -> None:
        self._conninfo = conninfo
        self._streams: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self.count = 0
        self.listening = False

    def start(self) -> None:
        """Begin to listen, in the running loop."""
        Hub.current = self
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """End every stream, then the listening."""
        self.end_streams()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def end_streams(self) -> None:
        """Tell every open stream to end: the server waits for them when it stops."""
        self._tell_all(STOP)

    def subscribe(self, topic: str) -> "asyncio.Queue[str]":
        """A queue of the messages of `topic`, until it is handed to `unsubscribe`."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=20)
        self._streams[topic].add(queue)
        self.count += 1
        return queue

    def unsubscribe(self, topic: str, queue: "asyncio.Queue[str]") -> None:
        """Forget a stream."""
        self._streams[topic].discard(queue)
        if not self._streams[topic]:
            del self._streams[topic]
        self.count -= 1

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                logger.warning("the listener lost its connection (%s), trying again", type(error).__name__)
            self.listening = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**self._conninfo, autocommit=True) as connection:
            await connection.execute(f"listen {CHANNEL}")
            self.listening = True
            # What was said while nobody listened is lost: everybody reads anew.
            self._tell_all(READY)
            beat_due = 0.0
            while True:
                left = beat_due - time.monotonic()
                if left <= 0:
                    # The beat goes through the database and back, so that it proves the whole way, not just this process.
                    await connection.execute("select pg_notify(%s, %s)", [CHANNEL, BEAT])
                    beat_due, left = time.monotonic() + BEAT_SECONDS, BEAT_SECONDS
                heard = {note.payload async for note in connection.notifies(timeout=left, stop_after=1)}
                for topic in {topic for payload in heard for topic in payload.split(",")}:
                    if topic == BEAT:
                        self._tell_all(BEAT)
                    else:
                        self._tell(topic, CHANGED)
                if heard:
                    await asyncio.sleep(BREATH_SECONDS)

    def _tell(self, topic: str, message: str) -> None:
        for queue in self._streams.get(topic, ()):
            if message == CHANGED and queue.full():
                continue  # it has as many to read already
            while message == STOP and not queue.empty():
                queue.get_nowait()  # a slow reader must not miss the end
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(message)

    def _tell_all(self, message: str) -> None:
        for topic in list(self._streams):
            self._tell(topic, message)
