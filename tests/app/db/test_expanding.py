"""A migration only adds: the version before serves while it runs, after it, and when one goes back to it."""

from __future__ import annotations

import asyncio
import re
import types
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection, MetaData, Table, text

from app.db import migrating
from app.db.engine import Database
from app.starting import NotStarted
from tests.app.db.revisions import module_of, revisions, statements_of, upgrade_to
from tests.conftest import SHARED

# No version with more than one process was released before these.
BEFORE_FLEETS = ("0001", "0002")
# SQLite locks its file as a whole, and for a moment.
locks_tables = pytest.mark.parametrize("url", [SHARED], indirect=True)
REVISIONS = [revision for revision in revisions() if revision not in BEFORE_FLEETS]

_TAKES_AWAY = re.compile(
    r"\b(DROP (TABLE|COLUMN|CONSTRAINT|DEFAULT)|RENAME|TRUNCATE|ALTER COLUMN|SET NOT NULL|ADD CONSTRAINT)\b"
)
_ADDS_COLUMN = re.compile(r"ALTER TABLE \S+ ADD COLUMN .*NOT NULL")
_NEW_TABLE = re.compile(r"CREATE TABLE (\S+)")
_ON_TABLE = re.compile(r"(?:ALTER TABLE|INDEX \S+ ON) (\S+)")


def _contractions(statements: list[str]) -> list[str]:
    """Those that the version before could stumble over: it knows of no new table, so these may be anything."""
    made = {match[1] for statement in statements if (match := _NEW_TABLE.match(statement))}
    wrong = []
    for statement in statements:
        on = _ON_TABLE.search(statement)
        if on is not None and on[1] in made:
            continue
        needs_value = _ADDS_COLUMN.search(statement) and "DEFAULT" not in statement
        if needs_value or _TAKES_AWAY.search(statement):
            wrong.append(statement)
    return wrong


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_migration_takes_nothing_away(revision: str) -> None:
    assert _contractions(statements_of(module_of(revision))) == []


def _module(**given: Any) -> types.ModuleType:
    module = types.ModuleType("migration")
    module.__dict__.update(given)
    return module


def test_what_takes_away_is_recognised() -> None:
    def upgrade() -> None:
        op.create_table("new", sa.Column("id", sa.Integer))
        op.alter_column("new", "id", nullable=False)
        op.add_column("call_log", sa.Column("fine", sa.Integer))
        op.add_column("call_log", sa.Column("also_fine", sa.Integer, nullable=False, server_default="0"))
        op.add_column("call_log", sa.Column("wrong", sa.Integer, nullable=False))
        op.drop_column("call_log", "code")
        op.alter_column("call_log", "status", nullable=False)
        op.rename_table("event", "happening")
        op.drop_table("webhook")

    found = _contractions(statements_of(_module(upgrade=upgrade)))

    assert [statement.split()[-1] for statement in found[:2]] == ["NULL", "code"]
    assert len(found) == 5


def _value(column: sa.Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.DateTime):
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date(2026, 1, number)
    if isinstance(kind, sa.LargeBinary):
        return f"bytes {number}".encode()
    if isinstance(kind, sa.Boolean):
        return True
    return number if isinstance(kind, sa.Integer | sa.Float) else f"v{number}"


def _write(connection: Connection, tables: Mapping[str, Table], number: int) -> None:
    """Write and read a row of each table, as the version does that knows these columns."""
    written: dict[str, dict[str, Any]] = {}
    for table in tables.values():
        values = {column.name: _value(column, number) for column in table.columns}
        for column in table.columns:
            for key in column.foreign_keys:
                values[column.name] = written[key.column.table.name][key.column.name]
        connection.execute(table.insert().values(values))
        written[table.name] = values
        named = [column == values[column.name] for column in table.primary_key]
        assert len(connection.execute(table.select().where(*named)).all()) == 1
        connection.execute(table.update().where(*named).values({c.name: values[c.name] for c in table.columns}))


def _reflected(connection: Connection) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    known = {"alembic_version", "change"}
    return {table.name: table for table in metadata.sorted_tables if table.name not in known}


@pytest.mark.parametrize(("before", "after"), list(pairwise(revisions()))[len(BEFORE_FLEETS) - 1 :])
async def test_the_version_before_reads_and_writes_after_a_migration(url: str, before: str, after: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(upgrade_to, before)
        tables = await connection.run_sync(_reflected)
        await connection.run_sync(_write, tables, 1)
        await connection.run_sync(upgrade_to, after)

        await connection.run_sync(_write, tables, 2)

    await database.close()


async def test_a_database_of_a_newer_version_is_served(url: str) -> None:
    database = Database(url)
    await database.migrate()
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await database.migrate()

    async with database.engine.connect() as connection:
        reached = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    await database.close()
    assert reached == "9999"


@pytest.fixture
async def older(url: str) -> Any:
    """A PostgreSQL database that a migration is still to come to."""
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(upgrade_to, "0002")
    yield database
    await database.close()


@locks_tables
async def test_a_migration_that_waits_for_a_table_lets_callers_through(
    older: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(migrating, "_PAUSE_SECONDS", (0.05, 0.05))
    async with older.engine.connect() as reading:
        await reading.execute(text("SELECT * FROM call_log"))
        migration = asyncio.create_task(older.migrate())
        async with asyncio.timeout(10):
            for _ in range(20):
                async with older.engine.connect() as other:
                    await other.execute(text("SELECT * FROM call_log"))
                await asyncio.sleep(0.02)
        is_waiting = not migration.done()
        await reading.rollback()

        await migration

    assert is_waiting


@locks_tables
async def test_a_table_that_is_never_free_ends_a_migration_in_words(
    older: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 0.01)
    monkeypatch.setattr(migrating, "_PAUSE_SECONDS", (0, 0))
    async with older.engine.connect() as reading:
        await reading.execute(text("SELECT * FROM call_log"))

        with pytest.raises(NotStarted, match="too busy"):
            await older.migrate()
