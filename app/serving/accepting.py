"""Takes connections from a socket that several workers share, so that each has about as many."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.serving.places import Places

# Whoever holds more than this share above the one with the fewest lets that one go first.
AHEAD_MIN = 2
AHEAD_SHARE = 8
# For so long; then the connection is not to wait any more.
DEFER_SECONDS = 0.001
# Without descriptors it is tried again after that long.
EXHAUSTED_SECONDS = 0.5


class SharedSocket:
    """One worker's share of a listening socket.

    The kernel gives a waiting connection to whichever worker asks first, which may be the same again and again. So
    a worker with more connections than the others asks a moment later.
    """

    def __init__(self, listener: socket.socket, places: Places, place: int) -> None:
        self._listener = listener
        self._places = places
        self._place = place
        self._protocol: Callable[[], asyncio.Protocol] | None = None
        self._connections = 0
        self._is_open = False
        self._opening: set[asyncio.Task[Any]] = set()
        self._pause: asyncio.TimerHandle | None = None

    def start(self, **more: Any) -> None:
        """Begin to take connections; `more` is what uvicorn's protocol is made of."""
        self._listener.setblocking(False)
        self._protocol = lambda: _Counted(self._count, **more)
        self._is_open = True
        self._count(0)
        self._listen()

    async def stop(self) -> None:
        """Take no more; those that were taken are with their protocol afterwards."""
        self._is_open = False
        self._places.leave(self._place)
        if self._pause is not None:
            self._pause.cancel()
        asyncio.get_running_loop().remove_reader(self._listener)
        await asyncio.gather(*self._opening, return_exceptions=True)

    def _listen(self) -> None:
        self._pause = None
        asyncio.get_running_loop().add_reader(self._listener, self._readable)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listener)
        self._pause = loop.call_later(seconds, then)

    def _readable(self) -> None:
        fewest = self._places.fewest()
        if self._connections > fewest + max(AHEAD_MIN, fewest // AHEAD_SHARE):
            self._wait(DEFER_SECONDS, self._accept_and_listen)
            return
        self._accept()

    def _accept_and_listen(self) -> None:
        self._listen()
        self._accept()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # Another worker was quicker, or the caller has gone.
        except OSError:
            self._wait(EXHAUSTED_SECONDS, self._listen)
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert self._protocol is not None  # noqa: S101 - `start` has set it
        loop = asyncio.get_running_loop()
        opening = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    def _count(self, more: int) -> None:
        self._connections += more
        if self._is_open:
            self._places.write(self._place, self._connections)


class _Counted(HttpToolsProtocol):
    """uvicorn's protocol, which counts connections."""

    def __init__(self, count: Callable[[int], None], **more: Any) -> None:
        super().__init__(**more)
        self._count = count

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        self._count(1)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._count(-1)
        super().connection_lost(exc)
