"""The load of the proof `soak`: calls of many kinds at a rate, each counted by what its caller can know of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

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
    """Calls that the log has to tell of: how many were sent, and what was seen of those that were answered."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)
    """Their ids."""
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def unknown(self) -> int:
        """Those whose end nobody saw."""
        return self.sent - self.statuses.total()


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
        traces = aiohttp.TraceConfig()
        traces.on_request_headers_sent.append(self._count_sent)
        async with aiohttp.ClientSession(
            connector=connector, headers=self._headers, trace_configs=[traces]
        ) as http:
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

    async def _count_sent(self, _: object, context: SimpleNamespace, __: object) -> None:
        """Count a call when it is on its way: whoever leaves while connecting has made none."""
        kind: Kind = context.trace_request_ctx
        self.counted.sent += kind.is_logged

    async def _call(self, http: aiohttp.ClientSession, kind: Kind) -> None:
        limit_seconds = LEAVES_AFTER_SECONDS if kind.leaves == "early" else None
        try:
            async with (
                asyncio.timeout(limit_seconds),
                http.request(
                    kind.method, self._base_url + kind.path, data=kind.body, trace_request_ctx=kind
                ) as answer,
            ):
                if kind.leaves == "in the middle":
                    await answer.content.readany()
                    answer.close()
                    return
                await answer.read()
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientError, ConnectionError):
            return
        except TimeoutError:
            assert kind.leaves == "early", f"{kind.name} was not answered"
            return
        if kind.is_logged:
            self.counted.statuses[answer.status] += 1
            self.counted.answered.add(answer.headers["X-Request-Id"])
