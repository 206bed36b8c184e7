"""The work that no caller waits for: again and again, and never torn off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from app import metrics
from app.db.engine import origin
from app.logs import get_logger
from providers.kit.clock import Clock

log = get_logger()


class Background:
    """Runs each work in a task of its own, until it is closed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: list[tuple[asyncio.Task[None], asyncio.Lock]] = []

    def repeat(
        self,
        seconds: float,
        work: Callable[[], Awaitable[None]],
        *,
        at_once: bool = False,
        bell: asyncio.Event | None = None,
    ) -> None:
        """Do it so often, and as soon as the bell rings."""
        at_work = asyncio.Lock()
        task = asyncio.create_task(self._repeat(seconds, work, at_work, bell, at_once=at_once))
        self._tasks.append((task, at_work))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what goes on until the end, and may be broken off at any moment."""
        self._tasks.append((asyncio.create_task(_by_itself(work)), asyncio.Lock()))

    async def close(self) -> None:
        """Stop, once what is under way has come to its end."""
        for task, at_work in self._tasks:
            # Only while it sleeps: a write that is torn off loses its batch, and SQLite's lock stays behind.
            async with at_work:
                task.cancel()
        await asyncio.gather(*(task for task, _ in self._tasks), return_exceptions=True)

    async def _repeat(
        self,
        seconds: float,
        work: Callable[[], Awaitable[None]],
        at_work: asyncio.Lock,
        bell: asyncio.Event | None,
        *,
        at_once: bool,
    ) -> None:
        origin.set("background")
        if not at_once:
            await self._pause(seconds, bell)
        while True:
            try:
                async with at_work:
                    await work()
                metrics.work_succeeded(work.__qualname__, self._clock.now().timestamp())
            except Exception as error:
                # The work is tried again at its next turn; a lost turn must not stop the service.
                metrics.work_failed(work.__qualname__)
                log.exception("background work failed", work=work.__qualname__, kind=type(error).__name__)
            await self._pause(seconds, bell)

    async def _pause(self, seconds: float, bell: asyncio.Event | None) -> None:
        if bell is None:
            await self._clock.sleep(seconds)
            return
        waits = [asyncio.create_task(self._clock.sleep(seconds)), asyncio.create_task(_rung(bell))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        bell.clear()


async def _by_itself(work: Coroutine[Any, Any, None]) -> None:
    origin.set("background")
    await work


async def _rung(bell: asyncio.Event) -> None:
    await bell.wait()
