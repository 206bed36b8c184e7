"""Keys are rotated and retired by another process while the gateway serves, and nothing sealed is lost by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.connections.keys import KeyProblem, new_key
from app.connections.rotation import keys_in_use, retire, rotate
from app.settings import Settings
from providers.erpnext.sandbox import create_sandbox
from tests.app.clock import VirtualClock
from tests.app.commands import ledgerway
from tests.app.site import Site
from tests.world import World, encoded_key, gateway, served, settings_in


@pytest.fixture
async def sandbox() -> AsyncIterator[str]:
    async with served(create_sandbox().app) as url:
        yield url


async def _key_of(world: World, account_id: str) -> str:
    row = await world.parts.account_store.find(world.environment_id, account_id)
    assert row is not None
    return row.key_id


async def test_the_gateway_answers_while_another_process_rotates_and_after_it_retires_the_old_key(
    light: World, sandbox: str
) -> None:
    settings = light.parts.settings
    old = light.parts.ring.primary_id
    accounts = [await light.erpnext(sandbox) for _ in range(3)]
    page = (await light.unified("invoices", accounts[0], limit=1)).json()

    rotating = asyncio.create_task(ledgerway(settings, "key", "rotate"))
    statuses: list[int] = []
    while not rotating.done():
        # A cold call opens sealed credentials; a new account seals some.
        light.parts.connections.clear()
        statuses.append((await light.unified("invoices", accounts[len(statuses) % 3], limit=1)).status_code)
        accounts.append(await light.erpnext(sandbox))
    rotated = rotating.result().told
    during = (await ledgerway(settings, "key", "list")).told
    if old in during["in_use"]:
        # An account that was imported in the very moment is brought along by a second turn.
        rotated = (await ledgerway(settings, "key", "rotate")).told
    retired = [(await ledgerway(settings, "key", "retire", key)).told for key in during["keys"][1:]][-1]

    light.parts.connections.clear()
    late = await light.erpnext(sandbox)
    after = [await light.unified("invoices", account, limit=1) for account in (*accounts, late)]
    assert statuses
    assert set(statuses) == {200}
    assert {answer.status_code for answer in after} == {200}
    assert await _key_of(light, late) == rotated["primary"] != old
    assert old not in retired["keys"]
    assert page["next_cursor"]


async def test_what_the_gateway_seals_after_a_rotation_elsewhere_opens_after_a_restart(
    tmp_path: Path, sandbox: str
) -> None:
    settings = settings_in(tmp_path)
    async with gateway(settings) as world:
        old = world.parts.ring.primary_id
        await ledgerway(settings, "key", "rotate")
        (await ledgerway(settings, "key", "retire", old)).told  # noqa: B018 - it must have worked
        account_id = await world.erpnext(sandbox)
        page = (await world.unified("invoices", account_id, limit=1)).json()
        token = world.token

    async with gateway(settings) as world:
        world.http.headers["Authorization"] = f"Bearer {token}"
        answer = await world.unified("invoices", account_id, limit=1, next_cursor=page["next_cursor"])

    assert answer.status_code == 200, answer.text


async def test_a_cursor_from_before_a_rotation_goes_on_after_it(light: World, sandbox: str) -> None:
    account_id = await light.erpnext(sandbox)
    page = (await light.unified("invoices", account_id, limit=1)).json()

    await rotate(light.parts)
    answer = await light.unified("invoices", account_id, limit=1, next_cursor=page["next_cursor"])

    assert answer.status_code == 200, answer.text


async def test_a_renewal_under_way_while_its_key_is_rotated_and_retired_saves_its_token(tmp_path: Path) -> None:
    site = Site(hold=asyncio.Event())
    settings = settings_in(tmp_path)
    async with served(site) as url, gateway(settings, VirtualClock()) as world:
        account_id = await world.account("erpnext", site.context(url))
        old = world.parts.ring.primary_id
        site.expire()
        call = asyncio.create_task(
            world.http.get("/proxy/api/resource/Item", headers={"X-Integrated-Account-Id": account_id})
        )
        await site.asked.wait()

        await rotate(world.parts)
        await retire(world.parts, old)
        world.parts.ring.reload()
        assert site.hold is not None
        site.hold.set()
        answer = await call

        row = await world.parts.account_store.find(world.environment_id, account_id)
        assert row is not None
        stored = await world.parts.vault.open(row.secrets, row.key, row.place)
    assert answer.status_code == 200, answer.text
    assert stored["refresh_token"] == "refresh-2"


async def test_keys_from_the_environment_are_rotated_by_their_owner(settings: Settings, sandbox: str) -> None:
    old, new = encoded_key("old", new_key()), encoded_key("new", new_key())

    def ring(*keys: str) -> Settings:
        return settings.model_copy(update={"encryption_keys": SecretStr(",".join(keys))})

    async with gateway(ring(old)) as world:
        account_id, token = await world.erpnext(sandbox), world.token
    async with gateway(ring(new, old)) as world:
        world.http.headers["Authorization"] = f"Bearer {token}"
        rotated = (await ledgerway(ring(new, old), "key", "rotate")).told
        online = await world.unified("invoices", account_id, limit=1)
        refused = await ledgerway(ring(new, old), "key", "retire", "old")
    async with gateway(ring(new)) as world:
        world.http.headers["Authorization"] = f"Bearer {token}"
        alone = await world.unified("invoices", account_id, limit=1)

    assert (rotated["primary"], rotated["rewrapped"]) == ("new", 1)
    assert (online.status_code, alone.status_code) == (200, 200)
    assert refused.code == 1
    assert "LEDGERWAY_ENCRYPTION_KEYS" in refused.err


async def test_an_account_that_does_not_open_is_named_and_the_others_are_rotated(world: World) -> None:
    settings = world.parts.settings
    accounts = sorted([await world.erpnext("http://127.0.0.1:9") for _ in range(3)])
    parts = world.parts
    damaged = await parts.account_store.find(world.environment_id, accounts[0])
    assert damaged is not None
    await parts.account_store.change(damaged, parts.clock.now(), {"wrapped_key": b"damaged" * 9})

    ring = settings.encryption_keys
    if ring is not None:
        # The owner puts a new key first.
        ring = SecretStr(f"{encoded_key('k2', new_key())},{ring.get_secret_value()}")
    rotated = (await ledgerway(settings.model_copy(update={"encryption_keys": ring}), "key", "rotate")).told

    assert rotated["failed"] == [
        {"table": "integrated_account", "environment_id": world.environment_id, "id": accounts[0]}
    ]
    assert rotated["rewrapped"] == 2
    assert {await _key_of(world, account) for account in accounts[1:]} == {rotated["primary"]}


async def test_a_key_in_use_and_a_key_that_is_not_there_are_not_retired(light: World) -> None:
    await light.erpnext("http://127.0.0.1:9")
    primary = light.parts.ring.primary_id
    before = light.parts.ring.ids

    for key_id, words in ((primary, "still in use"), ("no-such", "no such key")):
        with pytest.raises(KeyProblem, match=words):
            await retire(light.parts, key_id)

    light.parts.ring.reload()
    assert light.parts.ring.ids == before


async def test_a_rotation_by_a_process_that_has_not_seen_the_last_one_loses_no_key(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with gateway(settings) as first, gateway(settings) as second:
        account_id = await first.erpnext("http://127.0.0.1:9")
        old = second.parts.ring.ids

        told = [await rotate(first.parts), await rotate(second.parts)]
        row = await first.parts.account_store.find(first.environment_id, account_id)
        listed: dict[str, Any] = await keys_in_use(second.parts)

        assert row is not None
        assert await first.parts.vault.open(row.secrets, row.key, row.place)
    assert listed["keys"] == [told[1]["primary"], told[0]["primary"], *old]
    assert (listed["in_use"], listed["lost"]) == ([told[1]["primary"]], [])
