"""What a process keeps in memory is forgotten once it is old, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import event, text

from app.db.engine import origin
from app.settings import Settings
from tests.app.clock import VirtualClock
from tests.app.site import Site
from tests.conftest import on_shared
from tests.world import World, gateway, served

TOLD_SECONDS_MAX = 10.0


@dataclass(slots=True)
class Two:
    """Two gateways on one store. Time stands still, so that neither looks for anything by itself."""

    first: World
    second: World


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[Two]:
    clock = VirtualClock()
    async with gateway(settings, clock) as first, gateway(settings, clock) as second:
        yield Two(first, second)


async def _call(world: World, account_id: str) -> int:
    headers = {"X-Integrated-Account-Id": account_id}
    return (await world.http.get("/proxy/api/resource/x", headers=headers)).status_code


async def _statements(world: World, account_id: str) -> int:
    """How many statements a call of the account needs."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += origin.get() == "call"

    engine = world.parts.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", counted)
    try:
        assert await _call(world, account_id) == 200
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    return count


async def _cut_off(world: World, count: int) -> None:
    """End the connections on which so many processes listen."""
    listening = text(
        "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()"
    )
    async with asyncio.timeout(TOLD_SECONDS_MAX), world.parts.database.engine.connect() as connection:
        pids: list[int] = []
        while len(pids) < count:
            await connection.rollback()
            pids = list((await connection.execute(listening)).scalars())
        for pid in pids:
            await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


# On SQLite nothing is told to other processes: they look once a second.
@on_shared
async def test_a_revoked_token_is_refused_at_once_by_the_other_process(two: Two) -> None:
    made = (await two.first.http.post("/api-token", json={"scopes": ["read"]})).json()["result"]
    headers = {"Authorization": f"Bearer {made['token']}"}
    before = (await two.second.http.get("/integrated-account", headers=headers)).status_code

    await two.first.http.delete(f"/api-token/{made['id']}")

    async with asyncio.timeout(TOLD_SECONDS_MAX):
        while (await two.second.http.get("/integrated-account", headers=headers)).status_code != 401:
            pass
    assert before == 200


@on_shared
async def test_a_deleted_account_is_gone_at_once_from_the_other_process(two: Two) -> None:
    async with served(site := Site()) as url:
        account_id = await two.first.account("erpnext", site.context(url))
        headers = {"Authorization": f"Bearer {two.first.token}", "X-Integrated-Account-Id": account_id}
        before = (await two.second.http.get("/proxy/x", headers=headers)).status_code

        await two.first.http.delete(f"/integrated-account/{account_id}")

        async with asyncio.timeout(TOLD_SECONDS_MAX):
            while (await two.second.http.get("/proxy/x", headers=headers)).status_code != 404:
                pass
    assert before == 200


async def test_a_change_of_one_account_costs_no_other_a_query(world: World) -> None:
    async with served(site := Site()) as url:
        changed, other = [await world.account("erpnext", site.context(url)) for _ in range(2)]
        await world.parts.notice_changes()
        for account_id in (changed, other):
            await _call(world, account_id)

        await world.http.patch(f"/integrated-account/{changed}", json={"context": site.context(url)})
        await world.parts.notice_changes()

        statements = await _statements(world, other), await _statements(world, changed)
    assert statements[0] == 0
    assert statements[1] > 0


async def test_a_change_that_was_missed_is_found_by_looking(two: Two) -> None:
    async with served(site := Site()) as url:
        account_id = await two.second.account("erpnext", site.context(url))
        await two.second.parts.notice_changes()
        await _call(two.second, account_id)
        warm = await _statements(two.second, account_id)
        async with two.first.parts.database.engine.begin() as connection:
            await connection.execute(text("UPDATE change SET number = number + 1"))

        await two.second.parts.notice_changes()

        cold = await _statements(two.second, account_id)
    assert warm == 0
    assert cold > 0


async def test_nothing_is_told_of_a_transaction_that_is_rolled_back(world: World) -> None:
    heard: list[object] = []
    world.parts.database.hear = heard.append

    refused = await world.http.post("/webhook", json={"url": "no address"})
    await world.parts.environments.change("no-such-environment", {"name": "x"})

    assert refused.status_code == 422
    assert len(heard) == 1


@on_shared
async def test_the_loss_of_the_connection_that_tells_is_made_good(two: Two) -> None:
    await _cut_off(two.first, 2)
    made = (await two.first.http.post("/api-token", json={"scopes": ["read"]})).json()["result"]
    headers = {"Authorization": f"Bearer {made['token']}"}
    before = (await two.second.http.get("/integrated-account", headers=headers)).status_code

    await two.first.http.delete(f"/api-token/{made['id']}")

    async with asyncio.timeout(TOLD_SECONDS_MAX):
        while (await two.second.http.get("/integrated-account", headers=headers)).status_code != 401:
            pass
    assert before == 200
