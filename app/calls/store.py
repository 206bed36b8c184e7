"""The call log: entries are put down at once and written in batches, at most a second late."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, delete, insert, select

from app.db.engine import Database
from app.db.tables import call_log as table
from providers.kit.clock import Clock

WAITING_MAX = 50_000
BATCH_SIZE = 500


class CallEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One call through the gateway; never its bodies, its query or anybody's secrets."""

    at: datetime
    environment_id: str | None
    account_id: str | None
    integration: str | None
    method: str
    path: str
    status: int
    code: str | None
    duration_ms: float
    provider_calls: int
    provider_ms: float
    request_id: str


class CallLog:
    """Collects entries in memory; `write` brings them to the database."""

    def __init__(self, database: Database, clock: Clock, retention: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._retention = retention
        self._waiting: deque[CallEntry] = deque(maxlen=WAITING_MAX)
        dialect = database.engine.dialect
        self._insert = str(insert(table).compile(dialect=dialect, column_keys=CallEntry.__struct_fields__))
        self._written_at = table.c.at.type.dialect_impl(dialect).bind_processor(dialect)

    def record(self, entry: CallEntry) -> None:
        """Put one down; costs an append."""
        self._waiting.append(entry)

    async def write(self) -> None:
        """Write what waits, in batches."""
        while self._waiting:
            size = min(BATCH_SIZE, len(self._waiting))
            taken = [self._waiting.popleft() for _ in range(size)]
            try:
                async with self._database.transaction() as connection:
                    await connection.exec_driver_sql(self._insert, [self._row(entry) for entry in taken])
            except BaseException:
                self._waiting.extendleft(reversed(taken))
                raise

    def _row(self, entry: CallEntry) -> tuple[Any, ...]:
        """The entry as the driver takes it: what is written for each call is not to be compiled for each."""
        at, *more = msgspec.structs.astuple(entry)
        return (self._written_at(at) if self._written_at else at, *more)

    async def prune(self) -> None:
        """Drop entries past their time."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(table).where(table.c.at < self._clock.now() - self._retention))

    async def page(
        self,
        environment_id: str,
        conditions: Mapping[str, Any],
        since: datetime | None,
        until: datetime | None,
        before: int | None,
        limit: int,
    ) -> Sequence[Row[Any]]:
        """Up to `limit` of the environment's entries, newest first, those older than the id `before`."""
        query = select(table).where(table.c.environment_id == environment_id)
        for name, value in conditions.items():
            query = query.where(table.c[name] == value)
        if since is not None:
            query = query.where(table.c.at >= since)
        if until is not None:
            query = query.where(table.c.at <= until)
        if before is not None:
            query = query.where(table.c.id < before)
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query.order_by(table.c.id.desc()).limit(limit))).all()
