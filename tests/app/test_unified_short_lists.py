"""Brightpearl's short lists come through the gateway whole, in pages, and under every spelling."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from providers.brightpearl.sandbox import create_sandbox
from tests.world import World, served

SEGMENTS = ("accounts", "contact_groups", "currencies", "payment_method", "tax_rates", "tracking_categories")


@pytest.fixture
async def account(light: World) -> AsyncIterator[str]:
    """A Brightpearl account."""
    async with served(create_sandbox(requests_per_minute=None).app) as url:
        yield await light.brightpearl(url)


@pytest.mark.parametrize("segment", SEGMENTS)
async def test_a_walk_in_small_pages_gives_each_record_once_and_get_gives_the_same(
    light: World, account: str, segment: str
) -> None:
    whole = await light.walk(segment, account, limit=500)
    paged = await light.walk(segment, account, limit=2)

    assert whole
    assert paged == whole
    one = await light.unified(f"{segment}/{whole[0]['id'].replace(':', '%3A')}", account)
    assert one.json()["result"] == whole[0]


async def test_payment_methods_is_another_spelling_of_payment_method(light: World, account: str) -> None:
    one, other = await light.unified("payment_method", account), await light.unified("payment_methods", account)

    assert one.status_code == other.status_code == 200
    assert one.json()["result"] == other.json()["result"]
