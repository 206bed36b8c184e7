"""The other end of a webhook: a server that keeps what arrives and answers as a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.app.wire import HangUp, Seen, Wire, answer

Says = Callable[[dict[str, Any]], Awaitable[int | bytes]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request, and what it was answered."""

    headers: dict[str, str]
    body: bytes
    event: dict[str, Any]
    said: int | bytes


async def takes(event: dict[str, Any]) -> int:
    """Accepts whatever comes."""
    return 200


def types(events: list[dict[str, Any]]) -> list[str]:
    """What happened, in short."""
    return [event["type"].partition(".")[2] for event in events]


def refuses(status: int | bytes) -> Says:
    """Answers everything with that status, or those bytes."""

    async def say(event: dict[str, Any]) -> int | bytes:
        return status

    return say


class Receiver(Wire):
    """Answers each event by what `says` makes of it."""

    def __init__(self, says: Says = takes) -> None:
        super().__init__(self._take)
        self.says = says
        self.arrived: list[Arrived] = []
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen, where it listened before."""
        self._server = await asyncio.start_server(self.connection, "127.0.0.1", self.port, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Listen no more, and hang up on whoever is still there."""
        if self._server is not None:
            self._server.close()
            self._server = None

    @property
    def accepted(self) -> list[dict[str, Any]]:
        """The events it took, in the order they came."""
        return [each.event for each in self.arrived if each.said == 200]

    async def _take(self, seen: Seen) -> None:
        body = await seen.body()
        if self._server is None:
            seen.reset()
            raise HangUp
        event = json.loads(body)
        said = await self.says(event)
        headers = {name.decode().lower(): value.decode() for name, value in seen.lines}
        self.arrived.append(Arrived(headers, body, event, said))
        self.tell()
        await seen.write(answer(b"thanks", f"{said} So") if isinstance(said, int) else said)


@asynccontextmanager
async def receiving(says: Says = takes) -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver(says)
    await receiver.open()
    try:
        yield receiver
    finally:
        receiver.close()
