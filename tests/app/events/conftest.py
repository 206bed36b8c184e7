"""A gateway on a clock that stands still, and a receiver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from app.settings import Settings
from tests.app.clock import VirtualClock
from tests.app.events.house import House
from tests.app.events.receiver import Receiver, receiving
from tests.world import gateway


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    # The library that checks signatures looks at the machine's own clock.
    clock = VirtualClock(datetime.now(UTC))
    async with gateway(settings, clock) as world:
        yield House(world, clock)
