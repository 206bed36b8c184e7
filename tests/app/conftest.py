"""What tests of the unified API are given: a connected ERPNext sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.app.erpnext_books import Books, erpnext_books
from tests.world import World


@pytest.fixture
async def books(light: World) -> AsyncIterator[Books]:
    """A year of made-up trade, behind a connected account."""
    async with erpnext_books(light) as found:
        yield found
