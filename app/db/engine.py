"""The engine: opens SQLite or PostgreSQL, counts statements by who caused them, runs migrations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from prometheus_client import Counter
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.db.tables import change

_STATEMENTS = Counter("ledgerway_sql_statements", "SQL statements, by who caused them.", ["origin"])
_BY_ORIGIN = {origin: _STATEMENTS.labels(origin) for origin in ("call", "background")}

origin: ContextVar[str] = ContextVar("sql_origin", default="call")
"""Who causes the statements of this task: a caller's `call`, or `background` work."""


class Database:
    """The store; one per process."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(url, pool_pre_ping=not url.startswith("sqlite"))
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


def _upgrade(connection: Any) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
