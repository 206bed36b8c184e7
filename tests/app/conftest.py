"""What tests of the service are given: a connected ERPNext sandbox, or a server that follows a script."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.app.erpnext_books import Books, erpnext_books
from tests.app.wire import Wire, answer, wired
from tests.world import World


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
