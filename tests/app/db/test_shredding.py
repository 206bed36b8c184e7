"""What was deleted is not to be found in the database's files, once nobody reads what was."""

from __future__ import annotations

from pathlib import Path

from app.connections.rotation import rotate
from app.connections.store import IntegratedAccount
from app.db.engine import BUSY_MS, Database
from app.parts import SHRED_SECONDS
from tests.app.clock import VirtualClock
from tests.world import World, gateway, settings_in


def _files(folder: Path) -> bytes:
    """Database, write-ahead log and index of it, whatever is there."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("ledgerway.db*")))


async def _row(world: World, account_id: str) -> IntegratedAccount:
    row = await world.parts.account_store.find(world.environment_id, account_id)
    assert row is not None
    return row


async def test_a_deleted_accounts_key_is_gone_from_the_files_within_seconds(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with gateway(settings_in(tmp_path), clock) as world:
        # Amid others, so that its page stays in use.
        rows = [await _row(world, await world.erpnext("http://127.0.0.1:9")) for _ in range(8)]
        deleted, kept = rows[3], rows[4]
        await clock.let_pass(SHRED_SECONDS)
        assert deleted.wrapped_key in _files(tmp_path)

        assert (await world.http.delete(f"/integrated-account/{deleted.id}")).is_success
        await clock.let_pass(SHRED_SECONDS)

        files = _files(tmp_path)
        assert deleted.wrapped_key not in files
        assert deleted.secrets not in files
        assert kept.wrapped_key in files


async def test_a_deletion_is_shredded_once_the_last_reader_of_the_old_state_has_gone(tmp_path: Path) -> None:
    async with gateway(settings_in(tmp_path), VirtualClock()) as world:
        database = world.parts.database
        row = await _row(world, await world.erpnext("http://127.0.0.1:9"))
        async with database.engine.connect() as reader:
            await reader.exec_driver_sql("BEGIN")
            await reader.exec_driver_sql("SELECT count(*) FROM integrated_account")
            await world.http.delete(f"/integrated-account/{row.id}")
            await database.shred()
            assert row.wrapped_key in _files(tmp_path)

        await database.shred()

        assert row.wrapped_key not in _files(tmp_path)
        await _all_wait_for_locks(database)


async def _all_wait_for_locks(database: Database) -> None:
    async with database.engine.connect() as one, database.engine.connect() as other:
        for connection in (one, other):
            assert (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar_one() == BUSY_MS


async def test_the_old_wrapping_of_a_rotated_key_is_gone_from_the_files(tmp_path: Path) -> None:
    async with gateway(settings_in(tmp_path), VirtualClock()) as world:
        row = await _row(world, await world.erpnext("http://127.0.0.1:9"))

        await rotate(world.parts)
        await world.parts.database.shred()

        assert row.wrapped_key not in _files(tmp_path)


async def test_a_gateway_that_has_ended_leaves_nothing_of_what_was_deleted(tmp_path: Path) -> None:
    async with gateway(settings_in(tmp_path), VirtualClock()) as world:
        row = await _row(world, await world.erpnext("http://127.0.0.1:9"))
        await world.http.delete(f"/integrated-account/{row.id}")

    assert row.wrapped_key not in _files(tmp_path)
