"""Migrations make, from nothing, exactly the tables that the code speaks of, whoever runs them at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.engine import Database
from app.db.migrating import MIGRATIONS
from app.db.tables import api_token, change, environment, integrated_account, metadata, sealing_key
from tests.app.clock import START
from tests.app.db.revisions import upgrade_to


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


async def test_an_empty_database_is_brought_to_the_tables_of_the_code(database: Database) -> None:
    await database.migrate()

    async with database.engine.connect() as connection:
        differences = await connection.run_sync(_differences)
        tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        head = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    assert differences == []
    assert tables == {*metadata.tables, "alembic_version"}
    assert head == ScriptDirectory(str(MIGRATIONS)).get_current_head()


async def test_the_comparison_sees_a_column_that_is_missing(database: Database) -> None:
    await database.migrate()

    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE environment DROP COLUMN origins"))
        differences = await connection.run_sync(_differences)

    assert "origins" in repr(differences)


async def test_a_second_run_changes_nothing(database: Database) -> None:
    await database.migrate()
    async with database.transaction() as connection:
        await connection.execute(change.update().values(number=7))

    await database.migrate()

    async with database.engine.connect() as connection:
        assert (await connection.execute(select(change.c.number))).scalars().all() == [7]


async def test_processes_that_start_together_migrate_once(url: str) -> None:
    databases = [Database(url) for _ in range(4)]

    await asyncio.gather(*(database.migrate() for database in databases))

    async with databases[0].engine.connect() as connection:
        assert (await connection.execute(select(change.c.number))).scalars().all() == [0]
    for database in databases:
        await database.close()


async def test_a_token_of_no_environment_that_exists_is_refused_by_the_store(database: Database) -> None:
    await database.migrate()
    values = {"id": "t", "environment_id": "none", "name": "n", "token_hash": b"h" * 32, "scopes": []}

    with pytest.raises(IntegrityError):
        async with database.transaction() as connection:
            await connection.execute(insert(api_token).values(**values, created_at=START))


async def test_an_error_of_the_database_does_not_repeat_what_was_to_be_written(database: Database) -> None:
    await database.migrate()

    with pytest.raises(DBAPIError) as caught:
        async with database.transaction() as connection:
            await connection.execute(insert(environment).values(id="private-words", name=None, brand={}))

    assert "private-words" not in f"{caught.value} {caught.value!r}"
    assert "hidden" in str(caught.value)


def test_the_newest_migrations_file_begins_with_its_number() -> None:
    # A start tells by the files' names whether there is anything to migrate, without loading what migrates.
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()

    newest = max(path.name for path in (MIGRATIONS / "versions").glob("*.py"))

    assert head is not None
    assert newest.startswith(f"{head}_")


async def test_accounts_from_before_keys_were_written_down_keep_their_key_and_are_held_to_it(
    database: Database,
) -> None:
    made = {"created_at": START, "updated_at": START}
    of_environment = {"brand": {}, "redirect_uris": [], "origins": [], "allow_private_hosts": False}
    sealed = {"key_id": "k1", "wrapped_key": b"w", "secrets": b"s", "settings": {}, "version": 1}
    named = {"environment_id": "e", "tenant_id": "t", "integration": "erpnext", "status": "active"}
    async with database.engine.begin() as connection:
        await connection.run_sync(upgrade_to, "0001")
        await connection.execute(insert(environment).values(id="e", name="n", **of_environment, **made))
        for account_id in ("a", "b"):
            values = {"id": account_id, **named, **sealed, **made}
            await connection.execute(insert(integrated_account).values(values))

    await database.migrate()

    async with database.engine.connect() as connection:
        ids = (await connection.execute(select(integrated_account.c.id).order_by("id"))).scalars().all()
        keys = (await connection.execute(select(sealing_key.c.id, sealing_key.c.canary))).all()
    assert (ids, keys) == (["a", "b"], [("k1", None)])
    for statement in ("DELETE FROM sealing_key", "UPDATE integrated_account SET key_id = 'k2'"):
        with pytest.raises(IntegrityError):
            async with database.transaction() as connection:
                await connection.execute(text(statement))
