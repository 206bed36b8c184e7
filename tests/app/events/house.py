"""A gateway whose time and deliveries a test moves by hand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.app.clock import VirtualClock
from tests.world import World

NOWHERE = "http://127.0.0.1:9"


@dataclass(slots=True)
class House:
    """A gateway and its clock."""

    world: World
    clock: VirtualClock

    def __post_init__(self) -> None:
        # The background would begin turns at each event; here the test does.
        self.world.parts.to_deliver = asyncio.Event()

    async def webhook(self, url: str, **more: Any) -> dict[str, Any]:
        """A new endpoint, with its secret."""
        answer = await self.world.http.post("/webhook", json={"url": url, **more})
        assert answer.status_code == 201, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result

    async def account(self) -> str:
        """A new account: two events."""
        return await self.world.erpnext(NOWHERE)

    async def turn(self, account_id: str, status: str) -> None:
        """Give the account another status: one event."""
        store = self.world.parts.account_store
        account = await store.find(self.world.environment_id, account_id)
        assert account is not None
        assert await store.change(account, self.clock.now(), {"status": status}) is not None

    async def deliver(self, after_seconds: float = 0.0) -> None:
        """What the background does at its next tick, to its end."""
        self.clock.advance(after_seconds)
        await self.world.parts.courier.deliver()
        await self.world.parts.courier.settle()

    async def deliveries(self, webhook_id: str, **params: Any) -> list[dict[str, Any]]:
        """The endpoint's deliveries, in the order of the events."""
        answer = await self.world.http.get(f"/webhook/{webhook_id}/delivery", params={"limit": 500, **params})
        assert answer.status_code == 200, answer.text
        return list(reversed(answer.json()["result"]))

    async def states(self, webhook_id: str) -> list[str]:
        """How far each delivery came."""
        return [each["state"] for each in await self.deliveries(webhook_id)]

    async def endpoint(self, webhook_id: str) -> dict[str, Any]:
        """The endpoint as it is shown."""
        result: dict[str, Any] = (await self.world.http.get(f"/webhook/{webhook_id}")).json()["result"]
        return result

    async def events(self, **params: Any) -> list[dict[str, Any]]:
        """Every event, by the pull cursor."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            body = (await self.world.http.get("/event", params={**params, **cursor})).json()
            if not body["result"]:
                return found
            found += body["result"]
            cursor = {"after": body["next_cursor"]}
