"""A key service wraps the data keys: its outage is nobody's loss, and a store can be moved to it and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse

from app.connections.key_service import KeptKeys
from app.connections.rotation import keys_in_use, retire, rewrap, rotate
from app.settings import Settings
from providers.erpnext.sandbox import context, create_sandbox
from tests.app.clock import VirtualClock
from tests.app.commands import ledgerway
from tests.app.connections.transit_engine import TOKEN, TransitEngine
from tests.app.site import Site
from tests.world import World, gateway, served, settings_in

SEALED = JSONResponse({"errors": ["Vault is sealed"]}, 503)


@pytest.fixture
async def sandbox() -> AsyncIterator[str]:
    async with served(create_sandbox().app) as url:
        yield url


@pytest.fixture
def engine() -> TransitEngine:
    return TransitEngine()


@pytest.fixture
async def kept(engine: TransitEngine, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with the engine as the key service."""
    async with served(engine) as url:
        address = f"{url}/v1/transit/keys/ledgerway"
        yield settings_in(tmp_path, key_service=address, key_service_token=TOKEN)


async def _call(world: World, account_id: str) -> Any:
    return await world.unified("invoices", account_id, limit=1)


async def _status(world: World, account_id: str) -> str:
    row = await world.parts.account_store.find(world.environment_id, account_id)
    assert row is not None
    return row.status


async def test_an_outage_of_the_key_service_is_noticed_by_cold_accounts_alone_and_loses_none(
    engine: TransitEngine, kept: Settings, sandbox: str
) -> None:
    clock = VirtualClock()
    async with gateway(kept, clock) as world:
        warm, cold = await world.erpnext(sandbox), await world.erpnext(sandbox)
        assert (await _call(world, warm)).status_code == 200
        # Both were sealed a moment ago, so their keys are in memory; forget the second's.
        clock.advance(KeptKeys.STALE_SECONDS)
        assert (await _call(world, warm)).status_code == 200
        world.parts.connections.clear()
        assert (await _call(world, warm)).status_code == 200

        engine.trouble = SEALED
        world.parts.connections.clear()
        answers = {account: await _call(world, account) for account in (warm, cold)}
        body = {"tenant_id": "t", "integration": "erpnext", "context": context(sandbox)}
        imported = await world.http.post("/integrated-account", json=body)
        engine.trouble = None
        again = await _call(world, cold)

        assert answers[warm].status_code == 200
        assert (answers[cold].status_code, answers[cold].json()["code"]) == (502, "provider_unavailable")
        assert answers[cold].json()["retryable"] is True
        assert (imported.status_code, imported.json()["code"]) == (502, "provider_unavailable")
        assert again.status_code == 200
        assert [await _status(world, account) for account in (warm, cold)] == ["active", "active"]


async def test_an_account_is_not_asked_for_at_each_change_of_another(
    engine: TransitEngine, kept: Settings, sandbox: str
) -> None:
    async with gateway(kept) as world:
        account_id = await world.erpnext(sandbox)
        asked = len(engine.asked)
        for _ in range(5):
            world.parts.connections.clear()
            assert (await _call(world, account_id)).status_code == 200

        assert len(engine.asked) == asked


async def test_tokens_that_are_renewed_during_an_outage_are_kept(engine: TransitEngine, kept: Settings) -> None:
    site = Site()
    async with served(site) as url, gateway(kept) as world:
        account_id = await world.account("erpnext", site.context(url))
        headers = {"X-Integrated-Account-Id": account_id}
        assert (await world.http.get("/proxy/api/resource/Item", headers=headers)).status_code == 200

        engine.trouble = SEALED
        site.expire()
        answer = await world.http.get("/proxy/api/resource/Item", headers=headers)
        engine.trouble = None

        row = await world.parts.account_store.find(world.environment_id, account_id)
        assert row is not None
        stored = await world.parts.vault.open(row.secrets, row.key, row.place)
    assert answer.status_code == 200
    assert (row.status, stored["refresh_token"]) == ("active", site.refresh_token)


async def test_a_gateway_starts_while_its_key_service_is_away(
    engine: TransitEngine, kept: Settings, sandbox: str
) -> None:
    async with gateway(kept) as world:
        account_id, token = await world.erpnext(sandbox), world.token
    engine.trouble = SEALED
    async with gateway(kept) as world:
        world.http.headers["Authorization"] = f"Bearer {token}"
        during = await _call(world, account_id)
        engine.trouble = None
        after = await _call(world, account_id)

    assert (during.status_code, after.status_code) == (502, 200)


async def test_a_store_is_moved_to_a_key_service_rotated_there_and_moved_back(
    engine: TransitEngine, kept: Settings, sandbox: str
) -> None:
    ring_only = kept.model_copy(update={"key_service": None, "key_service_token": None})
    async with gateway(ring_only) as world:
        account_id, token = await world.erpnext(sandbox), world.token
        ring_id = world.parts.ring.primary_id

    async def answers(settings: Settings) -> int:
        async with gateway(settings) as world:
            world.http.headers["Authorization"] = f"Bearer {token}"
            return int((await _call(world, account_id)).status_code)

    async with gateway(kept) as world:
        there = await rewrap(world.parts)
        engine.keys["ledgerway"].versions.append(b"n" * 32)
        # A ring of the file is not what is rotated now.
        newer = await rotate(world.parts)
        used = await keys_in_use(world.parts)
        await retire(world.parts, "transit:ledgerway:1")
        engine.keys["ledgerway"].oldest = 2
    assert (there["primary"], there["rewrapped"]) == ("transit:ledgerway:1", 1)
    assert (newer["primary"], newer["keys"]) == ("transit:ledgerway:2", [ring_id])
    assert (used["in_use"], used["lost"]) == (["transit:ledgerway:2"], [])
    assert await answers(kept) == 200

    back = kept.model_copy(update={"key_service_only_opens": True})
    async with gateway(back) as world:
        assert (await rewrap(world.parts))["primary"] == ring_id
    assert await answers(ring_only) == 200


async def test_a_gateway_without_its_key_service_does_not_start_but_tells_what_it_lacks(
    kept: Settings, sandbox: str
) -> None:
    async with gateway(kept) as world:
        account_id = await world.erpnext(sandbox)
    without = kept.model_copy(update={"key_service": None, "key_service_token": None})

    refused = await ledgerway(without, "key", "rewrap")
    told = (await ledgerway(without, "key", "lost")).told

    assert refused.code == 1
    assert "LEDGERWAY_KEY_SERVICE" in refused.err
    assert [row["id"] for row in told["integrated_account"]] == [account_id]
