"""What tests in a browser are given: one Chromium to a module, and the samples served."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import CHROMIUM, chromium
from tests.browser.stand_in import samples
from tests.world import served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests say so; `scripts/test.sh` installs one where it may."""
    if CHROMIUM is None:
        for item in items:
            if "tests/browser" in item.path.as_posix():
                item.add_marker(pytest.mark.skip(reason="there is no Chromium here"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A browser; starting one takes longer than most tests."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site() -> AsyncIterator[str]:
    """Where the samples are."""
    async with served(samples) as url:
        yield url
