"""A refresh token that dies when nobody uses it lives as long as a gateway runs, in virtual months."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from starlette.responses import JSONResponse

from app.connections.lease_store import LeaseStore
from app.connections.recovery import KEEP_ALIVE_AT_ONCE_MAX
from app.parts import KEEP_ALIVE_SECONDS
from app.settings import Settings
from providers.erpnext import provider as erpnext
from tests.app.clock import VirtualClock
from tests.app.connections.conftest import Pair
from tests.app.site import Site
from tests.world import gateway, served

DAY_SECONDS = 86_400.0
UNUSED_DAYS_MAX = 60.0


@pytest.mark.parametrize(("days", "status", "reason"), [(59, 200, None), (61, 409, "revoked")])
async def test_an_account_left_alone_while_the_gateway_was_off(
    settings: Settings, days: int, status: int, reason: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(*_: object) -> list[Any]:
        return []

    monkeypatch.setattr(LeaseStore, "unrenewed", none)  # The call comes before the first turn.
    clock = VirtualClock()
    site = Site(clock, unused_days_max=UNUSED_DAYS_MAX)
    async with served(site) as url:
        async with gateway(settings, clock) as world:
            account_id = await world.account("erpnext", site.context(url, expires_in=3_600))
            token, environment_id = world.token, world.environment_id
        clock.advance(days * DAY_SECONDS)
        async with gateway(settings, clock) as world:
            answer = await world.http.get(
                "/proxy/api/resource/Item",
                headers={"Authorization": f"Bearer {token}", "X-Integrated-Account-Id": account_id},
            )
            row = await world.parts.account_store.find(environment_id, account_id)

    assert row is not None
    assert (answer.status_code, row.reason_code) == (status, reason)


@pytest.mark.parametrize("days", [59, 61])
async def test_an_account_left_alone_while_the_gateway_runs(pair: Pair, days: int) -> None:
    assert erpnext.oauth is not None
    pair.site.unused_days_max = UNUSED_DAYS_MAX
    await pair.connect(expires_in=3_600)

    for _ in range(days):
        pair.clock.advance(DAY_SECONDS)
        for world in (pair.first, pair.second):
            await world.parts.recovery.keep_alive()
        await pair.rest()
    renewals = pair.site.refreshes
    answer = await pair.call(pair.first)

    assert answer.status_code == 200
    assert renewals == days // erpnext.oauth.renewed_within_days
    assert await pair.status() == "active"


async def test_its_turn_comes_by_itself(pair: Pair) -> None:
    await pair.connect(expires_in=3_600)

    await pair.clock.until_asleep(KEEP_ALIVE_SECONDS)
    pair.clock.advance(8 * DAY_SECONDS)
    await pair.site.asked.wait()
    await pair.rest()

    assert (await pair.stored())["refresh_token"] == "refresh-2"


async def test_accounts_of_one_day_are_renewed_a_few_at_a_time(pair: Pair) -> None:
    for _ in range(KEEP_ALIVE_AT_ONCE_MAX * 2 + 1):
        await pair.connect(expires_in=3_600)
    pair.site.grace_seconds = 10 * DAY_SECONDS  # They share one grant here.
    await pair.first.parts.close()  # Its own turns would count too.
    await pair.clock.let_pass(8 * DAY_SECONDS)
    await pair.rest()
    begun = pair.site.token_calls

    turns = []
    for _ in range(3):
        await pair.second.parts.recovery.keep_alive()
        await pair.rest()
        turns.append(pair.site.token_calls)

    assert begun <= KEEP_ALIVE_AT_ONCE_MAX
    assert turns[-1] == KEEP_ALIVE_AT_ONCE_MAX * 2 + 1
    assert all(later - earlier <= KEEP_ALIVE_AT_ONCE_MAX for earlier, later in pairwise([begun, *turns]))


async def test_an_account_without_a_refresh_token_is_looked_at_once(pair: Pair) -> None:
    await pair.connect()
    row = await pair.row()
    secrets = {"access_token": "access-1"}
    sealed = await pair.first.parts.vault.seal(secrets, row.key, row.place)
    long_ago = pair.clock.now() - timedelta(days=30)
    await pair.first.parts.account_store.change(row, long_ago, {"secrets": sealed, "renewed_at": long_ago})

    await pair.first.parts.recovery.keep_alive()
    await pair.rest()

    row = await pair.row()
    assert (row.renewed_at, row.refresh_started_at, row.refresh_owner, row.status) == (None, None, None, "active")
    assert pair.site.token_calls == 0


async def test_an_endpoint_that_cannot_be_reached_is_not_pestered(pair: Pair) -> None:
    await pair.connect(expires_in=3_600)
    pair.site.trouble = JSONResponse({}, 429)
    pair.clock.advance(8 * DAY_SECONDS)

    for _ in range(10):
        await pair.first.parts.recovery.keep_alive()
        await pair.rest()
        pair.clock.advance(KEEP_ALIVE_SECONDS)
    await pair.rest()

    assert pair.site.token_calls == 1
    assert await pair.status() == "active"
