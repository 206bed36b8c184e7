"""A missing key harms no account until its owner calls it lost; then its accounts must be connected again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.connections.keys import KeyProblem, key_file, new_key, write_keys
from app.connections.rotation import lost, take_back
from app.connections.store import IntegratedAccount
from app.db.sealed import uses
from app.db.tables import event, integrated_account, sealing_key
from app.parts import Parts, build_parts
from app.settings import Settings
from providers.erpnext import sandbox as erpnext
from providers.erpnext.sandbox import create_sandbox
from providers.kit.clock import SystemClock
from tests.app.commands import ledgerway
from tests.world import World, gateway, served, settings_in


@dataclass(slots=True)
class Lost:
    """A gateway whose ring has lost the key of its first account; the second is under the one it has."""

    world: World
    old: str
    ring: dict[str, bytes]
    lost_id: str
    kept_id: str

    @property
    def parts(self) -> Parts:
        return self.world.parts

    async def row(self, account_id: str) -> IntegratedAccount:
        found = await self.parts.account_store.find(self.world.environment_id, account_id)
        assert found is not None
        return found

    async def status(self, account_id: str) -> tuple[str, str | None]:
        row = await self.row(account_id)
        return row.status, row.reason_code

    async def call(self, account_id: str) -> Any:
        self.parts.connections.clear()
        return await self.world.unified("invoices", account_id, limit=1)


async def _lose(world: World, site_url: str) -> Lost:
    settings, ring = world.parts.settings, world.parts.ring
    lost_id = await world.erpnext(site_url)
    kept = {old: ring.key(old) for old in ring.ids}
    write_keys(key_file(settings), {"newer": new_key()})
    kept_id = await world.erpnext(site_url)
    assert ring.ids == ("newer",)
    return Lost(world, next(iter(kept)), kept, lost_id, kept_id)


async def test_an_account_whose_key_this_gateway_lacks_is_left_as_it_is(light: World) -> None:
    async with served(create_sandbox().app) as site:
        case = await _lose(light, site)

        refused, answered = await case.call(case.lost_id), await case.call(case.kept_id)
        # Another process, or a backup, has it after all.
        write_keys(key_file(case.parts.settings), {"newer": case.parts.ring.key("newer"), **case.ring})
        case.parts.ring.reload()
        again = await case.call(case.lost_id)

    assert (refused.status_code, refused.json()["code"]) == (502, "provider_unavailable")
    assert refused.json()["retryable"] is True
    assert "provider" not in refused.json()
    assert (answered.status_code, again.status_code) == (200, 200)
    assert await case.status(case.lost_id) == ("active", None)


async def test_the_command_tells_what_was_sealed_with_a_key_that_is_gone(light: World) -> None:
    case = await _lose(light, "http://127.0.0.1:9")
    await light.parts.integrations.put(
        light.environment_id, "erpnext", is_enabled=True, client_id="c", client_secret="s", settings={}
    )
    async with light.parts.database.transaction() as connection:
        await connection.execute(
            update(integrated_account).where(integrated_account.c.id == case.lost_id).values(tenant_id="acme")
        )

    told = (await ledgerway(light.parts.settings, "key", "lost")).told
    listed = (await ledgerway(light.parts.settings, "key", "list")).told

    assert told == {
        "lost": [case.old],
        "integrated_account": [
            {
                "environment_id": light.environment_id,
                "tenant_id": "acme",
                "id": case.lost_id,
                "integration": "erpnext",
                "status": "active",
                "key_id": case.old,
            }
        ],
        "marked": 0,
    }
    assert (listed["lost"], listed["in_use"]) == ([case.old], sorted([case.old, "newer"]))
    assert await case.status(case.lost_id) == ("active", None)


async def test_an_account_whose_key_is_called_lost_must_be_connected_again_and_is_told_of(light: World) -> None:
    case = await _lose(light, "http://127.0.0.1:9")

    told = (await ledgerway(light.parts.settings, "key", "lost", "--mark")).told
    refused = await case.call(case.lost_id)
    again = (await ledgerway(light.parts.settings, "key", "lost", "--mark")).told

    assert (told["marked"], again["marked"]) == (1, 0)
    assert (refused.status_code, refused.json()["code"]) == (409, "needs_reauth")
    assert "lost" in refused.json()["detail"]
    assert await case.status(case.lost_id) == ("needs_reauth", "key_lost")
    assert await case.status(case.kept_id) == ("active", None)
    assert await _events(light, case.lost_id) == [
        "integrated_account.created",
        "integrated_account.active",
        "integrated_account.needs_reauth",
    ]


async def _events(world: World, account_id: str) -> list[str]:
    query = select(event.c.type).where(event.c.account_id == account_id).order_by(event.c.number)
    async with world.parts.database.engine.connect() as connection:
        return list((await connection.execute(query)).scalars())


async def test_an_account_met_after_its_key_was_called_lost_is_told_of_at_its_next_call(light: World) -> None:
    case = await _lose(light, "http://127.0.0.1:9")
    await light.parts.register.set_lost([case.old], is_lost=True)

    refused = await case.call(case.lost_id)

    assert (refused.status_code, refused.json()["code"]) == (409, "needs_reauth")
    assert await case.status(case.lost_id) == ("needs_reauth", "key_lost")


async def test_a_whole_context_gives_an_account_whose_key_is_lost_a_new_one(light: World) -> None:
    async with served(create_sandbox().app) as site:
        case = await _lose(light, site)
        await lost(case.parts, mark=True)
        path = f"/integrated-account/{case.lost_id}"

        part = await light.http.patch(path, json={"context": {"company": None}})
        whole = await light.http.patch(path, json={"context": erpnext.context(site)})
        answered = await case.call(case.lost_id)

    assert part.status_code == 422
    assert {item["field"] for item in part.json()["errors"]} <= {"context.api_key", "context"}
    assert (whole.status_code, whole.json()["result"]["status"]) == (200, "active"), whole.text
    assert whole.json()["result"]["reason_code"] is None
    assert answered.status_code == 200
    row = await case.row(case.lost_id)
    assert (row.key_id, row.previous_secrets) == ("newer", None)


async def test_a_key_that_turns_up_after_all_gives_its_accounts_back(light: World) -> None:
    case = await _lose(light, "http://127.0.0.1:9")
    await lost(case.parts, mark=True)
    assert await take_back(case.parts) == {"found": [], "restored": 0}

    write_keys(key_file(case.parts.settings), {"newer": case.parts.ring.key("newer"), **case.ring})
    case.parts.ring.reload()
    told = await take_back(case.parts)

    assert told == {"found": [case.old], "restored": 1}
    assert await case.status(case.lost_id) == ("active", None)


async def test_a_damaged_record_is_told_apart_from_a_lost_key(light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    other = await light.erpnext("http://127.0.0.1:9")
    async with light.parts.database.transaction() as connection:
        query = update(integrated_account).where(integrated_account.c.id == account_id)
        await connection.execute(query.values(secrets=b"damaged" * 9))

    refused = await light.unified("invoices", account_id)

    assert (refused.status_code, refused.json()["code"]) == (409, "needs_reauth")
    assert "damaged" in refused.json()["detail"]
    rows = [await light.parts.account_store.find(light.environment_id, each) for each in (account_id, other)]
    assert [row and (row.status, row.reason_code) for row in rows] == [
        ("needs_reauth", "damaged"),
        ("active", None),
    ]


async def test_a_ring_with_another_key_of_the_same_id_calls_nothing_damaged(light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    write_keys(key_file(light.parts.settings), {light.parts.ring.primary_id: new_key()})
    light.parts.ring.reload()

    refused = await light.unified("invoices", account_id)

    assert (refused.status_code, refused.json()["code"]) == (502, "provider_unavailable")
    row = await light.parts.account_store.find(light.environment_id, account_id)
    assert row is not None
    assert row.status == "active"


async def _built(settings: Settings) -> Parts:
    return await build_parts(settings, SystemClock())


async def test_a_gateway_does_not_start_with_a_ring_that_is_not_this_stores(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with gateway(settings) as world:
        account_id = await world.erpnext("http://127.0.0.1:9")
        old, environment_id = world.parts.ring.primary_id, world.environment_id
        ring = {old: world.parts.ring.key(old)}

    command = ("account", "import", "--environment", environment_id, "-")
    account = {"tenant_id": "t", "integration": "erpnext", "context": erpnext.context("http://127.0.0.1:9")}

    for other in ({"other": new_key()}, {old: new_key()}):
        write_keys(key_file(settings), other)
        with pytest.raises(KeyProblem, match=rf"{old} \(needed by 1 records\)"):
            await _built(settings)
        served = await ledgerway(settings, "serve", "--port", "0")
        imported = await ledgerway(settings, *command, stdin=json.dumps(account))
        assert (served.code != 0, imported.code) == (True, 1)
        assert "ledgerway key lost" in served.err
        assert "ledgerway key lost" in imported.err
    write_keys(key_file(settings), ring)
    parts = await _built(settings)

    row = await parts.account_store.find(environment_id, account_id)
    assert row is not None
    assert row.status == "active"
    assert await parts.opener.open(row)
    await parts.close()


async def test_a_gateway_starts_again_once_the_key_is_called_lost(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with gateway(settings) as world:
        await world.erpnext("http://127.0.0.1:9")
    write_keys(key_file(settings), {"other": new_key()})

    assert (await ledgerway(settings, "key", "lost", "--mark")).told["marked"] == 1
    async with gateway(settings) as world:
        assert (await world.http.get("/integrated-account")).status_code == 200


@pytest.mark.parametrize("is_of_another_id", [True, False])
async def test_a_key_that_nothing_needs_is_not_asked_for(tmp_path: Path, is_of_another_id: bool) -> None:
    settings = settings_in(tmp_path)
    async with gateway(settings) as world:
        old = world.parts.ring.primary_id
    key_id = "other" if is_of_another_id else old
    write_keys(key_file(settings), {key_id: new_key()})

    async with gateway(settings) as world:
        await world.erpnext("http://127.0.0.1:9")
        assert await uses(world.parts.database) == {key_id: 1}

    parts = await _built(settings)
    assert await parts.register.missing() == []
    await parts.close()


async def test_a_store_from_before_canaries_is_known_by_its_rows(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with gateway(settings) as world:
        await world.erpnext("http://127.0.0.1:9")
        ring = {key_id: world.parts.ring.key(key_id) for key_id in world.parts.ring.ids}
        async with world.parts.database.transaction() as connection:
            await connection.execute(update(sealing_key).values(canary=None))

    write_keys(key_file(settings), {next(iter(ring)): new_key()})
    with pytest.raises(KeyProblem):
        await _built(settings)
    write_keys(key_file(settings), ring)
    parts = await _built(settings)

    assert all(key.canary for key in await parts.register.standings())
    await parts.close()
