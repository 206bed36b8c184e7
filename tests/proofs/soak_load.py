"""The load of the proof `soak`: calls of many kinds at a rate, each counted by what its caller can know of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

WORKERS = 24
LEAVES_AFTER_SECONDS = 0.03
# Shorter than the gateway's: it is not to close one that a call is being sent on.
KEEP_ALIVE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of call. The log tells of those that go to a provider; some callers leave early or in the middle."""

    name: str
    weight: float
    path: str
    method: str = "GET"
    body: bytes | None = None
    is_logged: bool = True
    leaves: str = ""


@dataclass(slots=True)
class Counted:
    """Calls that the log has to tell of: how many, the statuses seen, and those whose end nobody saw."""

    made: int = 0
    unknown: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


class Load:
    """Sends calls as one token's callers would."""

    def __init__(self, base_url: str, token: str, kinds: Sequence[Kind]) -> None:
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._kinds = kinds
        self._weights = [kind.weight for kind in kinds]
        self._draw = random.Random(5)  # noqa: S311 - repeatable
        self._next = 0.0
        self.counted = Counted()

    async def run(self, seconds: float, per_second: float | None) -> float:
        """Call for that long, at that rate or as fast as answers come; gives the calls a second that were made."""
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS)
        async with aiohttp.ClientSession(connector=connector, headers=self._headers) as http:
            # A repeated call would be one more than is counted.
            http._retry_connection = False
            started, before = time.monotonic(), self.counted.kinds.total()
            self._next = started
            pace = self._pace(per_second)
            async with asyncio.TaskGroup() as group:
                for _ in range(WORKERS):
                    group.create_task(self._work(http, started + seconds, pace))
            return (self.counted.kinds.total() - before) / (time.monotonic() - started)

    def _pace(self, per_second: float | None) -> Callable[[], float]:
        """When the next call is due."""

        def due() -> float:
            self._next += 1 / per_second if per_second else 0.0
            return self._next

        return due

    async def _work(self, http: aiohttp.ClientSession, until: float, pace: Callable[[], float]) -> None:
        while time.monotonic() < until:
            wait_seconds = pace() - time.monotonic()
            if wait_seconds > 0:
                await asyncio.sleep(wait_seconds)
            (kind,) = self._draw.choices(self._kinds, self._weights)
            self.counted.kinds[kind.name] += 1
            await self._call(http, kind)

    async def _call(self, http: aiohttp.ClientSession, kind: Kind) -> None:
        counted = self.counted
        counted.made += kind.is_logged
        url = self._base_url + kind.path
        try:
            if kind.leaves == "early":
                with suppress(TimeoutError):
                    async with asyncio.timeout(LEAVES_AFTER_SECONDS):
                        await self._status(http, kind, url)
                counted.unknown += kind.is_logged
                return
            status = await self._status(http, kind, url)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientError, ConnectionError):
            counted.unknown += kind.is_logged
            return
        if kind.leaves:
            counted.unknown += kind.is_logged
        elif kind.is_logged:
            counted.statuses[status] += 1

    async def _status(self, http: aiohttp.ClientSession, kind: Kind, url: str) -> int:
        async with http.request(kind.method, url, data=kind.body) as answer:
            if kind.leaves == "in the middle":
                await answer.content.readany()
                answer.close()
            else:
                await answer.read()
            return answer.status
