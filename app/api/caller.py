"""The caller of a call: the body as it comes, and whether anybody is still there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from math import inf

from app.api.call import Receive

WATCH_AFTER_SECONDS = 1.0


class CallerGone(Exception):
    """The caller hung up; there is nobody to answer."""


class Upload:
    """The caller's body, passed on as it comes. Until it is over, nobody else may listen to the caller."""

    def __init__(self, first: list[bytes], receive: Receive) -> None:
        self._first = first
        self._receive = receive
        self.over = asyncio.Event()
        self.is_gone = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            self._first.reverse()
            while self._first:
                if piece := self._first.pop():
                    yield piece
            more = True
            while more:
                piece, more = await next_piece(self._receive)
                if piece:
                    yield piece
        except CallerGone:
            self.is_gone = True
            raise
        finally:
            self.over.set()


class Watch:
    """Ends a call whose caller hangs up, or that lasts too long: neither the server nor a slow provider would.

    A write is not ended by its caller: whether it lands is the provider's to say, and somebody has to hear it.
    The watch begins only when the call is slow or the answer is long, so that quick calls do not pay for a task.
    """

    __slots__ = (
        "_is_write",
        "_late",
        "_loop",
        "_receive",
        "_task",
        "_timer",
        "_until",
        "_upload",
        "_watcher",
        "is_gone",
        "is_late",
    )

    def __init__(
        self, receive: Receive, seconds: float = inf, *, is_write: bool = False, upload: Upload | None = None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._receive = receive
        self._is_write = is_write
        self._upload = upload
        self._task = asyncio.current_task()
        self._watcher: asyncio.Task[None] | None = None
        self._late: asyncio.TimerHandle | None = None
        self._until = self._loop.time() + seconds
        self._timer = self._loop.call_later(min(WATCH_AFTER_SECONDS, seconds), self.start)
        self.is_gone = False
        self.is_late = False

    def start(self) -> None:
        """Begin now."""
        if self._watcher is None:
            self._watcher = asyncio.ensure_future(self._wait())
            if self._until < inf:
                self._late = self._loop.call_at(self._until, self._look)

    def extend(self, seconds: float) -> None:
        """Let the call last so much longer."""
        self._until += seconds

    def stop(self) -> None:
        """The call is over."""
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
            # Its end would hold it, and it the whole call, until the collector comes by.
            self._watcher = None
        if self._late is not None:
            self._late.cancel()

    def _look(self) -> None:
        if self._loop.time() < self._until:
            self._late = self._loop.call_at(self._until, self._look)
            return
        self.is_late = True
        self._end()

    async def _wait(self) -> None:
        if self._upload is not None:
            await self._upload.over.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        if not self._is_write:
            self._end()

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()


async def next_piece(receive: Receive) -> tuple[bytes, bool]:
    """The next piece of the body, and whether more follow; `CallerGone` when the caller left."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerGone
    return message.get("body", b""), message.get("more_body", False)
