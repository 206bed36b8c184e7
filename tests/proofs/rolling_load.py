"""Callers of a gateway that is replaced under them: on connections they keep and on fresh ones, by every way in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

KEPT, FRESH = 8, 3
PAUSE_SECONDS = 0.02
FRESH_PAUSE_SECONDS = 0.05
CALL_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Failed:
    """A call without its answer."""

    began: float
    way: str
    why: str


@dataclass(slots=True)
class RollingLoad:
    """What is called, and what came of it."""

    url: str
    headers: dict[str, str]
    account_id: str
    answered: int = 0
    failed: list[Failed] = field(default_factory=list)
    _is_over: asyncio.Event = field(default_factory=asyncio.Event)
    _progress: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Call for as long as the block lasts."""
        callers = [asyncio.create_task(self._call(number, is_kept=number < KEPT)) for number in range(KEPT + FRESH)]
        try:
            yield
        finally:
            self._is_over.set()
            await asyncio.gather(*callers)

    async def some_more(self, calls: int) -> None:
        """Until so many more were answered."""
        wanted = self.answered + calls
        async with self._progress:
            await self._progress.wait_for(lambda: self.answered >= wanted)

    def _requests(self) -> list[tuple[str, str, dict[str, Any]]]:
        of_account = {"X-Integrated-Account-Id": self.account_id}
        unified = {"integrated_account_id": self.account_id, "limit": 5}
        return [
            ("GET", "/proxy/api/resource/Customer?limit_page_length=5", {"headers": of_account}),
            ("GET", "/unified/accounting/contacts", {"params": unified}),
            ("POST", "/proxy/api/resource/Item?dry=1", {"headers": of_account, "json": {}}),
            ("GET", "/integrated-account", {}),
            ("POST", "/webhook", {"json": {}}),
        ]

    async def _call(self, number: int, *, is_kept: bool) -> None:
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1 if is_kept else 0)
        timeout = CALL_SECONDS_MAX
        async with httpx2.AsyncClient(
            base_url=self.url, headers=self.headers, limits=limits, timeout=timeout
        ) as http:
            turn = number
            while not self._is_over.is_set():
                requests = self._requests()
                await self._one(http, *requests[turn % len(requests)])
                turn += 1
                await asyncio.sleep(PAUSE_SECONDS if is_kept else FRESH_PAUSE_SECONDS)

    async def _one(self, http: httpx2.AsyncClient, method: str, path: str, given: dict[str, Any]) -> None:
        began = time.monotonic()
        way = f"{method} {path.partition('?')[0]}"
        try:
            answer = await http.request(method, path, **given)
        except httpx2.TransportError as error:
            self.failed.append(Failed(began, way, type(error).__name__))
            return
        # A write whose body is refused is answered as it should be.
        if answer.status_code >= 500 or answer.status_code in (401, 404, 429):
            self.failed.append(Failed(began, way, f"{answer.status_code} {answer.text[:200]}"))
            return
        self.answered += 1
        async with self._progress:
            self._progress.notify_all()
