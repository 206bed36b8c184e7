"""How many calls one account may have under way at once, and who waits for how long."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from providers.kit.errors import RateLimited

WAITING_MAX = 200
WAIT_SECONDS_MAX = 20.0


class Gate:
    """A fair gate: first come, first served, with a bounded line and a bounded wait."""

    __slots__ = ("_free", "_waiting")

    def __init__(self, at_once_max: int) -> None:
        self._free = at_once_max
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        """Take a place; `RateLimited` when the line is full or too slow."""
        if self._free > 0:
            self._free -= 1
            return
        if len(self._waiting) >= WAITING_MAX:
            raise RateLimited("too many calls of this account are waiting here", retry_after_seconds=1)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                await place
        except BaseException as error:
            if place.done() and not place.cancelled():
                self.leave()  # The place came in the very moment the caller gave up: pass it on.
            with suppress(ValueError):
                self._waiting.remove(place)  # Else the line would stay full of those who left it.
            if isinstance(error, TimeoutError):
                raise RateLimited("the account's other calls took too long", retry_after_seconds=1) from error
            raise

    def leave(self) -> None:
        """Give the place to the next in line."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
