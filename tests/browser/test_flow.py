"""The whole connect in a real browser, scene by scene."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.scene import Scene, scene
from tests.browser.script import SCENES, SLOW

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Scene]:
    """One gateway and browser for all scenes, each of which has customers of its own."""
    async with scene() as found:
        yield found


@pytest.mark.parametrize("name", sorted(set(SCENES) - SLOW))
async def test_a_customers_browser(stage: Scene, name: str) -> None:
    stage.wrong.clear()

    await SCENES[name](stage)
