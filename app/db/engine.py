"""The engine: opens SQLite or PostgreSQL, counts statements by who caused them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from prometheus_client import Counter
from sqlalchemy import QueuePool, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.db.migrating import migrate
from app.db.news import UNTOLD, Changed, Hear, News, tell
from app.db.tables import change
from app.metrics import PoolUse

BUSY_MS = 10_000
# `secure_delete` overwrites what is deleted, so that a data key is not found in a free page.
_PRAGMAS = (
    "journal_mode=WAL",
    f"busy_timeout={BUSY_MS}",
    "foreign_keys=ON",
    "synchronous=FULL",
    "secure_delete=ON",
)

_STATEMENTS = Counter("ledgerway_sql_statements", "SQL statements, by who caused them.", ["origin"])
_BY_ORIGIN = {origin: _STATEMENTS.labels(origin) for origin in ("call", "background")}

origin: ContextVar[str] = ContextVar("sql_origin", default="call")
"""Who causes the statements of this task: a caller's `call`, or `background` work."""


class Database:
    """The store; one per process."""

    def __init__(self, url: str) -> None:
        # An error of the database must not repeat what was to be written: it may be a customer's.
        self.hear: Hear = _nobody
        self.engine: AsyncEngine = create_async_engine(
            url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True
        )
        event.listen(self.engine.sync_engine, "before_cursor_execute", self._before)
        # At first for what a crash has left.
        self._is_to_shred = self.engine.dialect.name == "sqlite"
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block; what it tells is heard then."""
        untold: list[News] = []
        async with self.engine.begin() as connection:
            connection.info[UNTOLD] = untold
            yield connection
        for news in untold:
            self.hear(news)

    @property
    def carries_news(self) -> bool:
        """Whether it brings news from other processes; else they must be looked for."""
        return self.engine.dialect.name == "postgresql"

    def pool(self) -> PoolUse:
        """How full the pool is."""
        pool = self.engine.pool
        if not isinstance(pool, QueuePool):
            return PoolUse(0, 0, 0)  # One in memory, whose one connection is nobody's.
        return PoolUse(pool.checkedout(), pool.checkedin(), pool.size() + pool._max_overflow)

    async def migrate(self) -> None:
        """Bring the tables up to date; safe to run from several processes, and while others serve."""
        await migrate(self.engine)

    async def shred(self) -> None:
        """Bring deletions from SQLite's log into its file, where they overwrite, and empty the log.

        What reads or writes meanwhile is not waited for: the next turn tries again. PostgreSQL has its vacuum.
        """
        if not self._is_to_shred:
            return
        self._is_to_shred = False
        async with self.engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA busy_timeout=0")
            try:
                is_busy, *_ = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
            finally:
                await connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
        self._is_to_shred = self._is_to_shred or bool(is_busy)

    def to_shred(self) -> None:
        """Have what was overwritten just now shredded, too."""
        self._is_to_shred = self.engine.dialect.name == "sqlite"

    def _before(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        _BY_ORIGIN[origin.get()].inc()
        if statement.startswith("DELETE"):
            self.to_shred()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def mark_changed(
    connection: AsyncConnection, environment_id: str | None = None, account_id: str | None = None
) -> None:
    """Tell every process, at commit, that what it keeps in memory is old: of one account, or of many things.

    The number's row stays locked until then, so that numbers are told in their order.
    """
    query = change.update().values(number=change.c.number + 1).returning(change.c.number)
    number = (await connection.execute(query)).scalar_one()
    await tell(connection, Changed(number, environment_id, account_id))


def _nobody(_: News) -> None:
    """Hears nothing: a command keeps nothing that could grow old."""


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
