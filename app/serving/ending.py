"""uvicorn's server, which loses no call when it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import uvicorn

from app.serving.notices import READY, STOPPING, notify

if TYPE_CHECKING:
    from app.serving.accepting import SharedSocket

LINGER_SECONDS = 2.0
LOOK_SECONDS = 0.02
_CLOSE = (b"connection", b"close")


class GracefulServer(uvicorn.Server):
    """Stops taking connections, answers what is in hand, and sends kept connections away with an answer.

    By itself uvicorn closes each idle connection at once, also one on which a request is just arriving. Here it
    stays for a while: a caller who uses it meanwhile is answered, with `Connection: close`.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        leave: Callable[[], None] = lambda: None,
        shared: SharedSocket | None = None,
        notice_seconds: float = 0.0,
    ) -> None:
        super().__init__(config)
        self._leave = leave
        self._shared = shared
        self._notice_seconds = notice_seconds
        self._parent = os.getppid()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, but for taking connections of a shared socket; then tell whoever supervises."""
        if self._shared is None:
            await super().startup(sockets)
        else:
            await super().startup([])
            self._shared.start(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        notify(READY)

    async def on_tick(self, counter: int) -> bool:
        """Whether to stop: also once the supervisor of a shared socket is gone."""
        if self._shared is not None and os.getppid() != self._parent:
            return True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop without losing a call that can still be answered."""
        notify(STOPPING)
        self._leave()
        if self._notice_seconds and not self._is_hurried:
            await asyncio.sleep(self._notice_seconds)
        if self._shared is not None:
            await self._shared.stop()
        for server in self.servers:
            server.close()
        if not self._is_hurried:
            await self._send_away()
        await super().shutdown(sockets)

    @property
    def _is_hurried(self) -> bool:
        """Whether somebody at a terminal waits for the end."""
        return signal.SIGINT in self._captured_signals

    async def _send_away(self) -> None:
        """Until every connection was told to close, or for a while."""
        # uvicorn puts these on every answer whose request comes from now on, and closes after it.
        self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        for connection in self.server_state.connections:
            _close_after_last(connection)
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + LINGER_SECONDS
        await asyncio.sleep(LOOK_SECONDS)
        # uvicorn tells nobody of a connection that closes.
        while self.server_state.connections and loop.time() < ends_at:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)


def _close_after_last(connection: Any) -> None:
    """Have the last answer under way close its connection, if it can still say so; else the next one does."""
    last = connection.pipeline[0][0] if connection.pipeline else connection.cycle
    if last is not None and not last.response_started:
        last.keep_alive = False
