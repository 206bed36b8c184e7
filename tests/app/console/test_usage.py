"""The meters of an account's page: allowances, budgets and how the day will end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from providers.brightpearl import sandbox as brightpearl
from tests.app.clock import VirtualClock
from tests.app.console.conftest import Owner, owner_of
from tests.app.console.test_accounts import text
from tests.app.wire import Wire
from tests.world import World, gateway, served, settings_in


@pytest.fixture
async def noon(tmp_path: Path) -> AsyncIterator[World]:
    """A gateway whose clock stands at noon."""
    async with gateway(settings_in(tmp_path), VirtualClock()) as world:
        yield world


async def _called(world: World, account_id: str, times: int) -> None:
    for _ in range(times):
        await world.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account_id})
    await world.parts.usage.spendings.write()


async def test_a_budget_is_shown_with_its_marks_and_how_the_day_will_end(noon: World, wire: Wire) -> None:
    account_id = await noon.erpnext(wire.url)
    budget = {"daily_budget": {"soft": 8, "hard": 10}}
    await noon.http.patch(f"/integrated-account/{account_id}", json=budget)
    await _called(noon, account_id, 9)

    async with owner_of(noon) as owner:
        await owner.sign_in()
        await owner.go(f"/console/accounts/{account_id}")

        assert 'class="caution" max="10" value="9"' in owner.text
        told = text(owner)
    assert "9 used; background calls end at 8, all calls end at 10" in told
    assert (
        "At the pace of the last hour 117 calls by the end of the day, soft mark now, nothing left at 12:06" in told
    )
    assert "Provider calls today, UTC 9 0 throttled, 0 failed In 30 days 9" in told


async def test_an_allowance_is_shown_as_the_provider_tells_it(owner: Owner, light: World) -> None:
    async with served(brightpearl.create_sandbox().app) as site:
        account_id = await light.brightpearl(site)
        await light.unified("purchase_orders", account_id, limit=1)
        await owner.go(f"/console/accounts/{account_id}")

    told = text(owner)
    assert "200 calls a minute, this account" in told
    assert " left; whole again in " in told
    assert '<progress id="meter-1" class="good" max="200' in owner.text


async def test_without_a_limit_the_page_says_so(owner: Owner, light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    await owner.go(f"/console/accounts/{account_id}")

    assert "No limit is known" in text(owner)
    assert "<progress" not in owner.text
