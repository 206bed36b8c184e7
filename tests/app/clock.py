"""A clock that a test moves by hand, so that nothing waits for real time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class VirtualClock:
    """Stands still until `advance`; whoever sleeps is woken by it."""

    def __init__(self, now: datetime = START) -> None:
        self._start = now
        self._seconds = 0.0
        self._sleepers: list[tuple[float, float, asyncio.Future[None]]] = []
        self._watchers: list[asyncio.Future[None]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        sleeper = (self._seconds + seconds, seconds, asyncio.get_running_loop().create_future())
        self._sleepers.append(sleeper)
        self._tell()
        try:
            await sleeper[2]
        finally:
            self._sleepers.remove(sleeper)

    def advance(self, seconds: float) -> None:
        """Move time, and wake whoever has slept long enough."""
        self._seconds += seconds
        for due, _, future in self._sleepers:
            if due <= self._seconds and not future.done():
                future.set_result(None)

    async def until_asleep(self, seconds: float) -> None:
        """Until somebody sleeps for exactly that long."""
        await self._until(lambda: any(asked == seconds for _, asked, _ in self._asleep()))

    async def let_pass(self, seconds: float) -> None:
        """Move time, and wait until everybody that it woke sleeps again: background work has had its turn."""
        count = len(self._asleep())
        self.advance(seconds)
        await self._until(lambda: len(self._asleep()) >= count)

    def _asleep(self) -> list[tuple[float, float, asyncio.Future[None]]]:
        return [sleeper for sleeper in self._sleepers if not sleeper[2].done()]

    def _tell(self) -> None:
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                watcher = asyncio.get_running_loop().create_future()
                self._watchers.append(watcher)
                await watcher
