"""The caller of a proxied call: the body as it comes, and whether anybody is still there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

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
    """Cancels the call when its caller hangs up: neither the server nor a silent provider would tell it.

    It begins only when the provider is slow or the answer is long, so that quick calls do not pay for a task.
    """

    __slots__ = ("_receive", "_task", "_timer", "_upload", "_watcher", "is_gone")

    def __init__(self, receive: Receive, upload: Upload | None) -> None:
        self._receive = receive
        self._upload = upload
        self._task = asyncio.current_task()
        self._watcher: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER_SECONDS, self.start)
        self.is_gone = False

    def start(self) -> None:
        """Begin now."""
        if self._watcher is None:
            self._watcher = asyncio.ensure_future(self._wait())

    def stop(self) -> None:
        """The call is over."""
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()

    async def _wait(self) -> None:
        if self._upload is not None:
            await self._upload.over.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        if self._task is not None:
            self._task.cancel()


async def next_piece(receive: Receive) -> tuple[bytes, bool]:
    """The next piece of the body, and whether more follow; `CallerGone` when the caller left."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerGone
    return message.get("body", b""), message.get("more_body", False)
