"""The engine: opens SQLite or PostgreSQL, counts statements by who caused them, runs migrations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from prometheus_client import Counter
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.db.tables import change

MIGRATIONS = Path(__file__).parent / "migrations"

_STATEMENTS = Counter("ledgerway_sql_statements", "SQL statements, by who caused them.", ["origin"])
_BY_ORIGIN = {origin: _STATEMENTS.labels(origin) for origin in ("call", "background")}

origin: ContextVar[str] = ContextVar("sql_origin", default="call")
"""Who causes the statements of this task: a caller's `call`, or `background` work."""


class Database:
    """The store; one per process."""

    def __init__(self, url: str) -> None:
        # An error of the database must not repeat what was to be written: it may be a customer's.
        self.engine: AsyncEngine = create_async_engine(
            url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True
        )
        event.listen(self.engine.sync_engine, "before_cursor_execute", _count)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block."""
        async with self.engine.begin() as connection:
            yield connection

    async def migrate(self) -> None:
        """Bring the tables up to date; safe to run from several processes."""
        async with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(712003)"))
            else:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            await connection.run_sync(_upgrade)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def mark_changed(connection: AsyncConnection) -> None:
    """Tell the other processes, at commit, that what they keep in memory may be old."""
    await connection.execute(change.update().values(number=change.c.number + 1))


def _count(*_: Any) -> None:
    _BY_ORIGIN[origin.get()].inc()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _upgrade(connection: Connection) -> None:
    if _is_current(connection):
        return
    # A process that only serves need not hold what migrates: some 11 MB.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_current(connection: Connection) -> bool:
    """Whether the newest migration has run. Their files begin with their numbers, which a test holds."""
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() == newest
