"""What costs more calls is left out of lists and gets alike, unless it is asked for by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from providers.brightpearl.sandbox import create_sandbox
from tests.world import World, served

FIELD = "remote_amount_paid"


@pytest.fixture
async def account(light: World) -> AsyncIterator[str]:
    """A Brightpearl account, whose orders have something to expand."""
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url:
        yield await light.brightpearl(url)


async def _orders(world: World, account: str, **more: str) -> list[dict[str, Any]]:
    answer = await world.unified("purchase_orders", account, limit=5, **more)
    assert answer.status_code == 200, answer.text
    records: list[dict[str, Any]] = answer.json()["result"]
    assert records
    return records


async def test_a_field_that_must_be_asked_for_is_absent_until_it_is(light: World, account: str) -> None:
    plain = await _orders(light, account)
    expanded = await _orders(light, account, expand=FIELD)

    assert not any(FIELD in record for record in plain)
    assert all(FIELD in record for record in expanded)
    assert [{key: value for key, value in record.items() if key != FIELD} for record in expanded] == plain


async def test_a_get_leaves_out_and_gives_the_same_as_the_list(light: World, account: str) -> None:
    for more in ({}, {"expand": FIELD}):
        for record in await _orders(light, account, **more):
            got = await light.unified(f"purchase_orders/{record['id']}", account, **more)
            assert got.json()["result"] == record


async def test_fields_that_were_not_expanded_are_absent_even_when_named(light: World, account: str) -> None:
    for record in await _orders(light, account, fields=f"id,{FIELD}"):
        assert set(record) == {"id"}
    for record in await _orders(light, account, fields=f"id,{FIELD}", expand=FIELD):
        assert set(record) == {"id", FIELD}


async def test_an_unknown_expansion_names_the_known_ones(light: World, account: str) -> None:
    answer = await light.unified("purchase_orders", account, expand=f"{FIELD},members")

    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": "expand", "message": f"must be one of: {FIELD}"}]
