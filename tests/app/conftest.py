"""What tests of the service are given: a connected sandbox, a server that follows a script, a clock to move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from app.settings import Settings
from tests.app.clock import VirtualClock
from tests.app.erpnext_books import Books, erpnext_books
from tests.app.events.house import House
from tests.app.events.receiver import Receiver, receiving
from tests.app.wire import Wire, answer, wired
from tests.world import World, gateway


@pytest.fixture
async def books(light: World) -> AsyncIterator[Books]:
    """A year of made-up trade, behind a connected account."""
    async with erpnext_books(light) as found:
        yield found


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A server that answers `ok` until it is given another script."""
    async with wired(answer(b"ok")) as running:
        yield running


@pytest.fixture
async def account(light: World, wire: Wire) -> str:
    """An ERPNext account at that server."""
    return await light.erpnext(wire.url)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """The other end of a webhook."""
    async with receiving() as running:
        yield running


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """A gateway whose time a test moves, from the machine's own: who checks signatures looks at that."""
    clock = VirtualClock(datetime.now(UTC))
    async with gateway(settings, clock) as world:
        yield House(world, clock)
