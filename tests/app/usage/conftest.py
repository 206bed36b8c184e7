"""Gateways whose time a test moves, an account at a server that counts what arrives, and its usage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from app.settings import Settings
from tests.app.clock import VirtualClock
from tests.app.wire import Wire
from tests.world import World, gateway


@dataclass(slots=True)
class Customer:
    """One account, called through one gateway or another."""

    world: World
    clock: VirtualClock
    account_id: str
    url: str

    @classmethod
    async def connected(cls, world: World, clock: VirtualClock, url: str) -> Customer:
        """A customer of the gateway, whose site is at that address."""
        return cls(world, clock, await world.erpnext(url), url)

    async def call(self, via: World | None = None, **headers: str) -> httpx2.Response:
        """One call through the proxy."""
        return await self.world.http.get(
            f"{(via or self.world).base_url}/proxy/x",
            headers={"X-Integrated-Account-Id": self.account_id, **headers},
        )

    async def statuses(self, count: int, via: World | None = None, **headers: str) -> list[int]:
        """What so many calls are answered with."""
        return [(await self.call(via, **headers)).status_code for _ in range(count)]

    async def limit(self, **budget: int | None) -> None:
        """Set the budget."""
        answer = await self.world.http.patch(
            f"/integrated-account/{self.account_id}", json={"daily_budget": budget}
        )
        assert answer.status_code == 200, answer.text

    async def usage(self, via: World | None = None) -> dict[str, Any]:
        """How much it has used, once all is written."""
        await (via or self.world).parts.usage.spendings.write()
        answer = await self.world.http.get(f"/integrated-account/{self.account_id}/usage")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()["result"]
        return told

    async def events(self) -> list[str]:
        """What was told of its budget."""
        answer = await self.world.http.get("/event", params={"limit": 500})
        kinds = [event["type"].removeprefix("integrated_account.") for event in answer.json()["result"]]
        return [kind for kind in kinds if kind.startswith("budget")]


@pytest.fixture
async def customer(settings: Settings, wire: Wire) -> AsyncIterator[Customer]:
    """A customer of a gateway on each kind of store, at noon of its clock."""
    clock = VirtualClock()
    async with gateway(settings, clock) as world:
        yield await Customer.connected(world, clock, wire.url)
