"""Each table that seals is re-wrapped, and no key is retired that a row needs or is just being given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import JSON, insert, select
from sqlalchemy.types import TypeEngine

from app.connections.keys import new_key
from app.connections.rotation import retire, rotate
from app.connections.vault import Place, WrappedKey
from app.db.sealed import row_id_column, sealed_tables
from app.db.tables import Instant, metadata
from app.parts import build_parts
from app.settings import Settings
from providers.kit.clock import SystemClock
from tests.app.clock import START
from tests.app.commands import ledgerway
from tests.world import World, encoded_key


async def test_every_table_that_seals_is_rewrapped_and_none_can_be_forgotten(world: World) -> None:
    parts = world.parts
    made = {name: await _sealed_row(world, name) for name in sealed_tables()}
    assert {"integrated_account", "environment_integration", "link_token"} <= made.keys()

    other = await build_parts(_with_a_new_first_key(parts.settings), SystemClock())
    told = await rotate(other)

    assert (told["failed"], told["rewrapped"]) == ([], len(made))
    for name, (place, sealed) in made.items():
        row = await _row(world, name, place)
        assert row["key_id"] == other.ring.primary_id != parts.ring.ids[-1], name
        key = WrappedKey(row["key_id"], row["wrapped_key"])
        assert await other.vault.open(sealed, key, place) == {"secret": name}
    await other.close()


def _with_a_new_first_key(settings: Settings) -> Settings:
    """As an owner of keys from the environment gives them; the file's is rotated by the command."""
    if settings.encryption_keys is None:
        return settings
    ring = f"{encoded_key('k2', new_key())},{settings.encryption_keys.get_secret_value()}"
    return settings.model_copy(update={"encryption_keys": SecretStr(ring)})


@pytest.mark.parametrize("name", [name for name, table in metadata.tables.items() if "key_id" in table.c])
def test_every_row_that_is_sealed_names_a_key_that_is_written_down(name: str) -> None:
    # So that the store itself refuses to retire what is needed, and to keep what is sealed under a retired key.
    table = metadata.tables[name]

    assert [str(key.target_fullname) for key in table.c.key_id.foreign_keys] == ["sealing_key.id"]
    assert "wrapped_key" in table.c
    assert row_id_column(table).name != "environment_id"


async def _sealed_row(world: World, name: str) -> tuple[Place, bytes]:
    """A row of that table, sealed in its place."""
    place, values = await _values(world, name)
    await _insert(world, name, values)
    key = WrappedKey(values["key_id"], values["wrapped_key"])
    return place, await world.parts.vault.seal({"secret": f"{name}"}, key, place)


async def _values(world: World, name: str) -> tuple[Place, dict[str, Any]]:
    """Every column of a row that must be filled, under a data key of its own."""
    table, row_id = sealed_tables()[name], f"row-of-{name}"[:36]
    place = Place(world.environment_id, row_id, name)
    key = await world.parts.vault.new_key(place)
    filled = {column.name: _filler(column.type) for column in table.columns if not column.nullable}
    named = {"environment_id": world.environment_id, row_id_column(table).name: row_id}
    return place, {**filled, **named, "key_id": key.key_id, "wrapped_key": key.wrapped}


async def _insert(world: World, name: str, values: Mapping[str, Any]) -> None:
    async with world.parts.database.transaction() as connection:
        await connection.execute(insert(sealed_tables()[name]).values(**values))


def _filler(kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, Instant):
        return START
    if isinstance(kind, JSON):
        return {}
    return {str: "text", int: 1, bool: False, bytes: b"x" * 32}[kind.python_type]


async def _row(world: World, name: str, place: Place) -> dict[str, Any]:
    table = sealed_tables()[name]
    query = select(table).where(row_id_column(table) == place.row_id)
    async with world.parts.database.engine.connect() as connection:
        return dict((await connection.execute(query)).one()._mapping)


async def test_an_account_sealed_under_a_key_that_is_retired_before_it_is_written_is_sealed_again(
    light: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, old = light.parts, light.parts.ring.primary_id
    seal_afresh = parts.vault.seal_afresh
    sealed: list[str] = []

    async def interrupted(values: Mapping[str, str], place: Place) -> dict[str, Any]:
        columns = await seal_afresh(values, place)
        if not sealed:
            await ledgerway(parts.settings, "key", "rotate")
            (await ledgerway(parts.settings, "key", "retire", old)).told  # noqa: B018 - it must have worked
        sealed.append(columns["key_id"])
        return columns

    monkeypatch.setattr(parts.vault, "seal_afresh", interrupted)
    account_id = await light.erpnext("http://127.0.0.1:9")

    row = await parts.account_store.find(light.environment_id, account_id)
    assert row is not None
    assert sealed == [old, parts.ring.primary_id]
    assert row.key_id == parts.ring.primary_id != old


async def test_an_account_that_was_read_before_its_key_was_retired_opens_as_it_is_now(light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    old = light.parts.ring.primary_id
    read = await light.parts.account_store.find(light.environment_id, account_id)
    assert read is not None

    await rotate(light.parts)
    await retire(light.parts, old)
    light.parts.ring.reload()
    account, secrets = await light.parts.opener.open(read)

    assert secrets["api_secret"]
    assert (account.key_id, account.status) == (light.parts.ring.primary_id, "active")


async def test_what_is_written_while_others_are_rewrapped_is_rewrapped_too(
    light: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await light.erpnext("http://127.0.0.1:9")
    # Of a table that is gone through before the accounts'.
    late = [await _values(light, "environment_integration")]
    rewrap_key = light.parts.vault.rewrap

    async def slow(key: WrappedKey, place: Place) -> WrappedKey:
        while late:
            await _insert(light, "environment_integration", late.pop()[1])
        return await rewrap_key(key, place)

    monkeypatch.setattr(light.parts.vault, "rewrap", slow)
    told = await rotate(light.parts)

    assert (told["rewrapped"], told["failed"]) == (2, [])
