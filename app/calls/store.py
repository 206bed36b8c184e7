"""The call log: entries are put down at once and written in batches, at most a second late."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, delete, insert, literal_column, select, text, tuple_

from app import metrics
from app.calls.entry import CallEntry
from app.db.engine import Database
from app.db.tables import call_log as table
from app.logs import get_logger
from providers.kit.clock import Clock

log = get_logger()

WAITING_MAX = 50_000
BATCH_SIZE = 2_000
PRUNE_SIZE = 1_000
_COLUMNS = tuple(column.name for column in table.columns if column.name not in ("at", "id"))
_kept = attrgetter(*_COLUMNS)
_FAILED_STATUS_MIN = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsWanted:
    """Which calls are asked for: all that fit whatever is given."""

    account_id: str | None = None
    any_account_of: tuple[str, ...] | None = None
    integration: str | None = None
    method: str | None = None
    path: str | None = None
    code: str | None = None
    request_id: str | None = None
    statuses: tuple[int, int] | None = None
    """The least and the greatest."""
    since: datetime | None = None
    until: datetime | None = None


Place = tuple[datetime, int]
"""Where an entry stands in the log: its moment and its id."""


def position_of(row: Row[Any]) -> str:
    """An entry's place, as a cursor holds it."""
    return f"{row.at.isoformat()} {row.id}"


def place_at(position: str) -> Place:
    """The place that a cursor held."""
    at, _, number = position.partition(" ")
    return datetime.fromisoformat(at), int(number)


class CallLog:
    """Collects entries in memory; `write` brings them to the database."""

    def __init__(self, database: Database, clock: Clock, retention: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._retention = retention
        self._waiting: deque[CallEntry] = deque()
        self._writing = asyncio.Lock()
        dialect = database.engine.dialect
        # An entry is written once, also where the word that it was got lost and it is written again.
        written = insert(table).inline().compile(dialect=dialect, column_keys=["at", *_COLUMNS])
        self._insert = f"{written} ON CONFLICT (request_id) DO NOTHING"
        self._written_at = table.c.at.type.dialect_impl(dialect).bind_processor(dialect)

    @property
    def waiting(self) -> int:
        """How many entries are not in the database yet."""
        return len(self._waiting)

    def record(self, entry: CallEntry) -> None:
        """Put one down; costs an append."""
        waiting = self._waiting
        if len(waiting) >= WAITING_MAX:
            waiting.popleft()
            metrics.count_lost_entries(1)
        waiting.append(entry)

    async def write(self) -> None:
        """Write what waits, in batches. What a database that is away does not take waits on, up to a bound."""
        # Whoever comes second waits for what the first has taken, too.
        async with self._writing:
            while self._waiting:
                await self._write_batch()

    async def _write_batch(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(BATCH_SIZE, len(self._waiting)))]
        try:
            async with self._database.transaction() as connection:
                if self._database.engine.dialect.name == "postgresql":
                    # One writer at a time, or a reader of the tail would miss a lower id committed later.
                    await connection.execute(text("SELECT pg_advisory_xact_lock(712004)"))
                await connection.exec_driver_sql(self._insert, [self._row(entry) for entry in taken])
        except BaseException:
            room = max(WAITING_MAX - len(self._waiting), 0)
            metrics.count_lost_entries(max(len(taken) - room, 0))
            self._waiting.extendleft(reversed(taken[-room:] if room else ()))
            raise

    async def close(self) -> None:
        """Write what waits for the last time; what cannot be written is lost, and told."""
        try:
            await self.write()
        except Exception as error:
            log.exception("calls are missing from the call log", count=self.waiting, kind=type(error).__name__)
            metrics.count_lost_entries(self.waiting)

    def _row(self, entry: CallEntry) -> tuple[Any, ...]:
        """The entry as the driver takes it: what is written for each call is not to be compiled for each."""
        return (self._written_at(entry.at) if self._written_at else entry.at, *_kept(entry))

    async def prune(self) -> None:
        """Drop entries past their time, so many at once that nobody waits long for the table."""
        kept_since = self._clock.now() - self._retention
        oldest = select(table.c.id, table.c.at).order_by(table.c.id).limit(PRUNE_SIZE)
        while True:
            async with self._database.transaction() as connection:
                rows = (await connection.execute(oldest)).all()
                old = [row.id for row in takewhile(lambda row: row.at < kept_since, rows)]
                if old:
                    await connection.execute(delete(table).where(table.c.id <= old[-1]))
            if len(old) < PRUNE_SIZE:
                return

    async def page(
        self, environment_id: str, wanted: CallsWanted, before: Place | None, limit: int
    ) -> Sequence[Row[Any]]:
        """Up to `limit` of the environment's calls, newest first, those before a place."""
        query = _fitting(environment_id, wanted)
        if before is not None:
            query = query.where(tuple_(table.c.at, table.c.id) < tuple_(*before, types=_PLACE_TYPES))
        return await self._found(query.order_by(table.c.at.desc(), table.c.id.desc()).limit(limit))

    async def tail(self, environment_id: str, wanted: CallsWanted, after: int, limit: int) -> Sequence[Row[Any]]:
        """Up to `limit` of the environment's calls written after the id `after`, oldest first, none left out."""
        query = _fitting(environment_id, wanted).where(table.c.id > after)
        return await self._found(query.order_by(table.c.id).limit(limit))

    async def _found(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.engine.connect() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
        return rows


_PLACE_TYPES = (table.c.at.type, table.c.id.type)
_EQUAL = ("account_id", "integration", "method", "path", "code", "request_id")


def _fitting(environment_id: str, wanted: CallsWanted) -> Select[Any]:
    query = select(table).where(table.c.environment_id == environment_id)
    for name in _EQUAL:
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(table.c[name] == value)
    if wanted.any_account_of is not None:
        query = query.where(table.c.account_id.in_(wanted.any_account_of))
    if wanted.statuses is not None:
        status, (least, greatest) = table.c.status, wanted.statuses
        query = query.where(status == least if least == greatest else status.between(least, greatest))
        if least >= _FAILED_STATUS_MIN:
            # Written out, for the index of failed calls is only taken where the database sees that it fits.
            query = query.where(status >= literal_column(str(_FAILED_STATUS_MIN)))
    if wanted.since is not None:
        query = query.where(table.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(table.c.at <= wanted.until)
    return query
