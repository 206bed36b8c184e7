"""Two gateways on one store, and a site whose tokens they renew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2
import pytest

from app.connections.lease import LOOK_AGAIN_SECONDS
from app.connections.store import IntegratedAccount
from app.settings import Settings
from tests.app.clock import VirtualClock
from tests.app.site import Site
from tests.world import World, gateway, served

T = TypeVar("T")


@dataclass(slots=True)
class Pair:
    """Two gateways on one store and one clock, and one site."""

    clock: VirtualClock
    first: World
    second: World
    site: Site
    site_url: str
    account_id: str = ""
    environment_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.environment_id = self.first.environment_id

    async def connect(self, **oauth: Any) -> str:
        """Import the account, with the site's tokens of now."""
        self.account_id = await self.first.account("erpnext", self.site.context(self.site_url, **oauth))
        return self.account_id

    async def call(self, world: World, path: str = "api/resource/Customer") -> httpx2.Response:
        """One proxied call of the account."""
        return await world.http.get(f"/proxy/{path}", headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """What names the account, whichever gateway is asked."""
        return {
            "Authorization": f"Bearer {self.first.token}",
            "X-Integrated-Account-Id": self.account_id,
        }

    async def row(self) -> IntegratedAccount:
        """The account as it is stored."""
        found = await self.first.parts.account_store.find(self.environment_id, self.account_id)
        assert found is not None
        return found

    async def stored(self, name: str = "secrets") -> Mapping[str, str]:
        """Its secrets as they are stored, opened."""
        row = await self.row()
        sealed = getattr(row, name)
        return await self.first.parts.vault.open(sealed, row.key, row.place, name)

    async def status(self) -> str:
        """Its status as it is stored."""
        return (await self.row()).status

    async def recover(self, world: World) -> None:
        """One turn of a gateway's background work on renewals, and all that is under way then."""
        await world.parts.recovery.settle_renewals()
        await self.rest()  # The clock that a test moved may have brought the other gateway its own turn.

    async def ended(self, call: asyncio.Task[T]) -> T:
        """What the call comes to; time goes on while it waits for a renewal that somebody else was quicker with."""
        while not call.done():
            waiting = asyncio.create_task(self.clock.until_asleep(LOOK_AGAIN_SECONDS))
            await asyncio.wait({call, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if not call.done():
                self.clock.advance(LOOK_AGAIN_SECONDS)
                await asyncio.sleep(0)
        return await call

    async def rest(self) -> None:
        """Until neither gateway renews in the background."""
        # One may have lost to the other, which had not begun when it was asked first.
        for world in (self.first, self.second, self.first):
            await world.parts.recovery.close()


@pytest.fixture
async def pair(settings: Settings) -> AsyncIterator[Pair]:
    """Two gateways on one store."""
    clock = VirtualClock()
    site = Site(clock)
    async with served(site) as url, gateway(settings, clock) as first, gateway(settings, clock) as second:
        yield Pair(clock, first, second, site, url)
        if site.hold is not None:
            site.hold.set()  # A test that failed must not keep the site from closing.
