"""What tests of the console are given: somebody who is signed in, in a browser without script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.app.connect.browser import Browser
from tests.world import World


class Owner(Browser):
    """The owner's browser, which knows where the gateway is."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    async def go(self, path: str) -> None:
        """To a page of the gateway."""
        await self.open(f"{self.world.base_url}{path}")

    async def sign_in(self, token: str | None = None) -> None:
        """By an API token, the world's own by default."""
        await self.go("/console/sign-in")
        await self.send(token=token or self.world.token)

    @property
    def csrf(self) -> str:
        """What the forms of this session carry."""
        return str(self.page.forms[0]["fields"]["csrf"])

    @property
    def cookie(self) -> str:
        """The secret that the browser keeps."""
        return self.http.cookies.get("ledgerway") or ""


@asynccontextmanager
async def owner_of(world: World) -> AsyncIterator[Owner]:
    """A browser that is not signed in."""
    async with Owner(world) as found:
        yield found


@pytest.fixture
async def owner(light: World) -> AsyncIterator[Owner]:
    """A browser that is signed in to the world's environment."""
    async with owner_of(light) as found:
        await found.sign_in()
        yield found


@pytest.fixture
async def visitor(light: World) -> AsyncIterator[Owner]:
    """A browser that is not signed in."""
    async with owner_of(light) as found:
        yield found
