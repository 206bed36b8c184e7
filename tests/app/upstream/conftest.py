"""What tests of the way out are given."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.upstream.guard import AllowedHosts
from app.upstream.sender import Upstream


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """A way out that may reach loopback."""
    async with Upstream(AllowedHosts(["127.0.0.1"])) as opened:
        yield opened
