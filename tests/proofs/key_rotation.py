"""Keys are rotated, re-wrapped and retired under load: no call fails, and the old key is needed for nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
from pydantic import SecretStr

from app.connections.keys import KeyProblem, new_key
from app.connections.rotation import retire, rewrap, rotate
from app.connections.vault import Place, WrappedKey
from app.db.sealed import rows_not_under, sealed_tables, uses
from app.parts import Parts, build_parts
from app.settings import Settings
from app.tokens.tokens import SCOPES
from providers.erpnext.sandbox import context, create_sandbox
from providers.kit.clock import SystemClock
from tests.app.connections.transit_engine import TOKEN, TransitEngine
from tests.proofs.fleet import Fleet
from tests.proofs.grants import Grants
from tests.proofs.key_load import Load
from tests.proofs.postgres import empty_database, has_postgres, postgres
from tests.proofs.store import variables
from tests.world import encoded_key, new_environment, served, settings_in

DESCRIPTION = "keys rotated, re-wrapped and retired while two processes call, renew, import and delete"

PROCESSES = 2
PAUSE_SECONDS = 0.01
RETIRED_AFTER_MAX = 10
ROWS_MAX = 1_000_000

Figures = dict[str, float | int | str]
Rotation = Callable[[Fleet, Load, Settings], Awaitable[Settings]]
"""Rotates under load, and gives the settings of an owner who has only the new key."""


async def prove(scale: float) -> Figures:
    """On SQLite by the command; on PostgreSQL by restarts, and with a transit engine."""
    figures = await _on("sqlite", scale, _by_command(scale))
    if not has_postgres():
        return {**figures, "skipped": "PostgreSQL"}
    async with postgres() as server:
        async with empty_database(server) as url:
            # Every process can open what the new key seals before any seals with it.
            keys = f"{encoded_key('old', new_key())},{encoded_key('new0', new_key())}"
            rotation = _by_restarts(scale)
            figures |= await _on("postgres", scale, rotation, database_url=url, encryption_keys=keys)
        # Slower than is to be waited for where every proof is tried; tests hold the engine's part there.
        if scale >= 0.1:
            engine = TransitEngine()
            async with empty_database(server) as url, served(engine) as engine_url:
                service = {
                    "database_url": url,
                    "encryption_keys": encoded_key("ring", new_key()),
                    "key_service": f"{engine_url}/v1/transit/keys/proof",
                    "key_service_token": TOKEN,
                }
                figures |= await _on("transit", scale, _by_service(scale, engine), **service)
    return figures


async def _on(store: str, scale: float, rotation: Rotation, **given: str) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder), **given)
        grants = Grants()
        async with (
            served(create_sandbox().app) as books,
            served(grants) as grants_url,
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {await _token(settings)}"}, timeout=60.0) as http,
        ):
            fleet = Fleet(Path(folder), variables(settings), PROCESSES)
            try:
                await fleet.start()
                load = Load(
                    fleet, http, books, grants, grants_url, PAUSE_SECONDS if scale >= 0.1 else 20 * PAUSE_SECONDS
                )
                await _furnish(load, scale)
                async with load.going_on():
                    await load.some_more(_calls(scale))
                    last = await rotation(fleet, load, settings)
                    await load.some_more(_calls(scale))
                await fleet.stop()
                await _without_the_old_keys(fleet, load, last)
            finally:
                await fleet.stop()
        rewrapped = await _holds(load, last)
    return {f"{store}_{kind}": count for kind, count in {**load.counts, "records": rewrapped}.items()} | {
        f"{store}_renewals": grants.renewals
    }


def _calls(scale: float) -> int:
    return max(30, round(1_000 * scale))


async def _token(settings: Settings) -> str:
    parts = await build_parts(settings, SystemClock())
    environment_id = await new_environment(parts)
    _, token = await parts.tokens.create(environment_id, SCOPES, "proof")
    await parts.close()
    return token


async def _furnish(load: Load, scale: float) -> None:
    for number in range(max(2, round(10 * scale))):
        account_id = await load.account(load.grants.context(load.grants_url, f"user{number}"))
        assert account_id is not None, load.failed
        load.renewing.append(account_id)
    for _ in range(max(5, round(300 * scale))):
        account_id = await load.account(context(load.books))
        assert account_id is not None, load.failed
        load.kept.append(account_id)


def _by_command(scale: float) -> Rotation:
    async def rotation(fleet: Fleet, load: Load, settings: Settings) -> Settings:
        del fleet
        parts = await build_parts(settings, SystemClock())
        for _ in range(max(1, round(5 * scale))):
            await rotate(parts)
            for key_id in parts.ring.ids[1:]:
                await _retire(parts, key_id)
            await load.some_more(_calls(scale))
        await parts.close()
        return settings

    return rotation


def _by_restarts(scale: float) -> Rotation:
    async def rotation(fleet: Fleet, load: Load, settings: Settings) -> Settings:
        assert settings.encryption_keys is not None
        old, new = settings.encryption_keys.get_secret_value().split(",")
        rounds = max(1, round(3 * scale))
        for number in range(1, 1 + rounds):
            await fleet.restart(LEDGERWAY_ENCRYPTION_KEYS=f"{new},{old}")
            parts = await build_parts(_with_keys(settings, f"{new},{old}"), SystemClock())
            await rewrap(parts)
            await parts.close()
            old, new = new, encoded_key(f"new{number}", new_key())
            if number < rounds:
                await fleet.restart(LEDGERWAY_ENCRYPTION_KEYS=f"{old},{new}")
                await load.some_more(_calls(scale))
        return _with_keys(settings, old)

    return rotation


def _by_service(scale: float, engine: TransitEngine) -> Rotation:
    async def rotation(fleet: Fleet, load: Load, settings: Settings) -> Settings:
        del fleet
        parts = await build_parts(settings, SystemClock())
        key = engine.keys["proof"]
        for _ in range(max(1, round(5 * scale))):
            old = len(key.versions)
            key.versions.append(new_key())
            await rewrap(parts)
            await _retire(parts, f"transit:proof:{old}")
            key.oldest = old + 1
            await load.some_more(_calls(scale))
        await parts.close()
        return settings

    return rotation


async def _retire(parts: Parts, key_id: str) -> None:
    """An account that was being imported in the very moment is brought along first."""
    for _ in range(RETIRED_AFTER_MAX):
        await rewrap(parts)
        try:
            await retire(parts, key_id)
        except KeyProblem:
            continue
        return
    raise AssertionError(f"the key {key_id} stays in use")


def _with_keys(settings: Settings, keys: str) -> Settings:
    return settings.model_copy(update={"encryption_keys": SecretStr(keys)})


async def _without_the_old_keys(fleet: Fleet, load: Load, settings: Settings) -> None:
    """A process that never had them serves every account that stayed."""
    await fleet.start(1, **variables(settings))
    for account_id in (*load.kept, *load.renewing):
        await load.proxied(account_id)


async def _holds(load: Load, settings: Settings) -> int:
    """Nothing failed, and every record opens with the one key that is left; how many there are."""
    assert not load.failed, f"{len(load.failed)} failed: {load.failed[:5]}"
    assert load.grants.refused == 0, "a refresh token was used twice"
    assert load.grants.renewals > 0, "nothing was renewed"
    parts = await build_parts(settings, SystemClock())
    (key_id,) = await uses(parts.database)
    assert key_id == await parts.register.current_id()
    count = 0
    for table in sealed_tables():
        for row in await rows_not_under(parts.database, table, "", None, ROWS_MAX):
            key = WrappedKey(row.key_id, row.wrapped_key)
            assert await parts.vault.rewrap(key, Place(row.environment_id, row.row_id, row.table))
            count += 1
    await parts.close()
    return count
