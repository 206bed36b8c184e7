"""What goes on while keys are rotated: calls, renewals, imports, deletions, invitations, over several processes."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from providers.erpnext.sandbox import context
from tests.proofs.fleet import Fleet
from tests.proofs.grants import Grants

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Load:
    """Callers of every kind, through a fleet; what failed is kept."""

    fleet: Fleet
    http: httpx2.AsyncClient
    books: str
    grants: Grants
    grants_url: str
    pause_seconds: float
    kept: list[str] = field(default_factory=list)
    renewing: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    _is_over: bool = False
    _has_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, kind: str, method: str, path: str, **more: Any) -> Any:
        """One call; its failure is noted, not raised."""
        async with self.fleet.one() as url:
            try:
                answer = await self.http.request(method, f"{url}{path}", **more)
            except httpx2.TransportError as error:
                self.failed.append(f"{kind}: {type(error).__name__}")
                return None
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self._has_asked.set()
        if not answer.is_success:
            self.failed.append(f"{kind}: {answer.status_code} {answer.text[:200]}")
            return None
        return answer.json()

    async def account(self, given: Mapping[str, Any]) -> str | None:
        """An account is imported."""
        body = {"tenant_id": "proof", "integration": "erpnext", "context": dict(given), "validate": False}
        answer = await self.ask("imports", "POST", "/integrated-account", json=body)
        return answer and str(answer["result"]["id"])

    async def proxied(self, account_id: str) -> None:
        """A call of a provider's own."""
        headers = {"X-Integrated-Account-Id": account_id}
        await self.ask("proxied", "GET", "/proxy/api/resource/Currency", headers=headers)

    async def unified(self, account_id: str) -> None:
        """A page of the unified API."""
        params = {"integrated_account_id": account_id, "limit": 1}
        await self.ask("unified", "GET", "/unified/accounting/currencies", params=params)

    async def come_and_go(self) -> None:
        """An account is imported, called and deleted; one in three stays."""
        account_id = await self.account(context(self.books))
        if account_id is None:
            return
        await self.unified(account_id)
        if len(self.kept) * 3 < self.counts["imports"]:
            self.kept.append(account_id)
            return
        await self.ask("deletions", "DELETE", f"/integrated-account/{account_id}")

    async def invite(self) -> None:
        """A link token is made, and an environment's own client is put."""
        await self.ask("links", "POST", "/link-token", json={"tenant_id": "proof"})
        body = {
            "client_id": "client",
            "client_secret": f"secret-{uuid.uuid4()}",
            "settings": {"dev_ref": "developer"},
        }
        await self.ask("clients", "PUT", "/environment-integration/brightpearl", json=body)

    async def again(self, work: Work) -> None:
        """Over and over, until it is over."""
        while not self._is_over:
            await work()
            await asyncio.sleep(self.pause_seconds)

    def workers(self) -> list[Work]:
        """One of each kind, and one for each account whose tokens are renewed."""

        async def kept_ones() -> None:
            for account_id in self.kept[-20:]:
                await self.unified(account_id)
                await self.proxied(account_id)

        def renewed(account_id: str) -> Work:
            return lambda: self.proxied(account_id)

        return [kept_ones, self.come_and_go, self.invite, *(renewed(account_id) for account_id in self.renewing)]

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """While the block runs."""
        tasks = [asyncio.create_task(self.again(work)) for work in self.workers()]
        try:
            yield
        finally:
            self._is_over = True
            await asyncio.gather(*tasks)

    async def some_more(self, count: int) -> None:
        """Wait until so many more calls have been made."""
        wanted = sum(self.counts.values()) + count
        while sum(self.counts.values()) < wanted:
            self._has_asked.clear()
            await self._has_asked.wait()
