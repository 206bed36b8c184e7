"""Reference records of one account, kept for a stated time, loaded once however many ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from providers.kit.clock import Clock

T = TypeVar("T")

ENTRIES_MAX = 500


class KeptReferences:
    """A small cache with an age for each entry."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Any]] = {}
        self._loading: dict[str, asyncio.Future[Any]] = {}

    async def get(self, key: str, ttl_seconds: float, load: Callable[[], Awaitable[T]]) -> T:
        """What is kept under the key, or what `load` gives; callers who race share one load."""
        kept = self._kept.get(key)
        if kept is not None and self._clock.monotonic() < kept[0]:
            return cast(T, kept[1])
        while (underway := self._loading.get(key)) is not None:
            try:
                return cast(T, await asyncio.shield(underway))
            except asyncio.CancelledError:
                if not underway.cancelled():
                    raise  # We were cancelled, not the one who loads.
            finally:
                del underway  # An error in it would hold this frame, and it the whole call.
        return await self._load(key, ttl_seconds, load)

    def forget(self, key: str) -> None:
        """Drop what is kept under the key."""
        self._kept.pop(key, None)

    async def _load(self, key: str, ttl_seconds: float, load: Callable[[], Awaitable[T]]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._loading[key] = future
        try:
            value = await load()
        except asyncio.CancelledError:
            future.cancel()
            raise
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # Seen: nobody need have waited for it.
            del future  # The error in it would hold this frame, and it the whole call.
            raise
        finally:
            del self._loading[key]
        future.set_result(value)
        if len(self._kept) >= ENTRIES_MAX:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = (self._clock.monotonic() + ttl_seconds, value)
        return value
