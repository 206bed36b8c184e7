"""A provider that judges: it counts by a clock of its own, at the end of a slow line. And greedy callers."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2

from providers.brightpearl import sandbox as brightpearl
from tests.proofs.process import Running
from tests.world import served

PATH = "/proxy/accounting-service/tax-code"
AHEAD_SECONDS = 1.37
WAY_SECONDS = (0.0025, 0.025)
"""How long a call is on its way there, and the answer on its way back: 5 to 50 ms in all."""
# Longer than a gateway keeps a connection: the judge must not close one that a call is just being sent on.
KEEP_ALIVE_SECONDS = 120

_DRAW = random.SystemRandom()
NAMES = ("spent", "foreign", "served", "throttled")


class Far:
    """An app at the end of a long line; its admin calls are next door."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/__sandbox/"):
            await self._app(scope, receive, send)
            return
        kept: list[Any] = []

        async def keep(message: Any) -> None:
            kept.append(message)

        await asyncio.sleep(_DRAW.uniform(*WAY_SECONDS))
        await self._app(scope, receive, keep)
        await asyncio.sleep(_DRAW.uniform(*WAY_SECONDS))
        for message in kept:
            await send(message)


@dataclass(frozen=True, slots=True)
class Window:
    """One window as the judge counted it."""

    limit: int
    spent: int
    foreign: int
    served: int
    throttled: int

    @property
    def used_share(self) -> float:
        """How much of what others left was used."""
        return self.served / max(self.limit - self.foreign, 1)


@dataclass(slots=True)
class Judge:
    """One account's provider: so many calls in a window, and perhaps another app in the same pool."""

    calls: int
    seconds: float
    url: str
    admin: httpx2.AsyncClient

    @property
    def context(self) -> Mapping[str, Any]:
        """What an account at the judge is imported with."""
        return brightpearl.context(self.url)

    async def windows(self) -> list[Window]:
        """What was counted, window by window; also of those in which nobody called."""
        told = (await self.admin.get("/__sandbox/limits")).json()["windows"]
        starts = [datetime.fromisoformat(window["starts_at"]).timestamp() for window in told]
        numbers = [round((start - starts[0]) / self.seconds) for start in starts]
        found = [Window(self.calls, 0, 0, 0, 0)] * (numbers[-1] + 1 if numbers else 0)
        for number, window in zip(numbers, told, strict=True):
            found[number] = Window(self.calls, *(window[name] for name in NAMES))
        return found

    async def left(self) -> int:
        """What is left of the window in progress."""
        windows = await self.windows()
        return self.calls - windows[-1].spent if windows else self.calls

    async def whole_windows(self) -> list[Window]:
        """Those in which the callers called from the beginning to the end."""
        return (await self.windows())[1:-1]


@asynccontextmanager
async def judging(calls: int, seconds: float, foreign: int = 0, pattern: str = "even") -> AsyncIterator[Judge]:
    """A judge, for as long as the block lasts."""
    box = brightpearl.create_sandbox()
    async with (
        served(Far(box.app), keep_alive_seconds=KEEP_ALIVE_SECONDS) as url,
        httpx2.AsyncClient(base_url=url) as admin,
    ):
        limits = {"calls": calls, "window_seconds": seconds, "ahead_seconds": AHEAD_SECONDS}
        (await admin.post("/__sandbox/limits", json=limits)).raise_for_status()
        if foreign:
            given = {"per_window": foreign, "pattern": pattern}
            (await admin.post("/__sandbox/foreign", json=given)).raise_for_status()
        yield Judge(calls, seconds, url, admin)


@dataclass(slots=True)
class Greedy:
    """Somebody who calls again and again, as fast as answers come."""

    gateway: Running
    token: str
    account_id: str
    more: Mapping[str, str] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)

    async def call(self) -> float:
        """One call; how long it took."""
        started = time.monotonic()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "X-Integrated-Account-Id": self.account_id,
            "Prefer": "wait=60",
            **self.more,
        }
        answer = await self.gateway.http.get(PATH, headers=headers)
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        return time.monotonic() - started

    async def go_on(self, until: float) -> None:
        """Call until that moment; a call that waits then is given up."""
        try:
            async with asyncio.timeout(max(until - time.monotonic(), 0)):
                while True:
                    await self.call()
        except TimeoutError:
            return


async def all_go_on(callers: Sequence[Greedy], seconds: float) -> None:
    """All of them at once, for so long."""
    until = time.monotonic() + seconds
    await asyncio.gather(*(caller.go_on(until) for caller in callers))


def assert_answered(callers: Sequence[Greedy]) -> None:
    """Nobody was told anything but what the provider said."""
    told: dict[int, int] = {}
    for caller in callers:
        for status, count in caller.answers.items():
            told[status] = told.get(status, 0) + count
    assert set(told) <= {200, 503}, f"callers were answered {told}"
