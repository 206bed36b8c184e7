"""Counts of calls as rows: by account and day, and by account and hour for as long as a pace needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Date, bindparam, delete, select, text, update

from app.connections.store import find_account, tell
from app.db.columns import Instant
from app.db.engine import Database
from app.db.usage_tables import usage_day, usage_hour
from app.usage.budget import Budget
from app.usage.spending import Count

DAYS_KEPT = timedelta(days=400)
HOURS_KEPT = timedelta(hours=48)

Level = Literal["soft", "hard"]

# Both stores know this form; the dialects' own constructs would have to be loaded to say the same.
_ADD_DAY = text(
    "INSERT INTO usage_day (account_id, day, calls, throttled, failed, provider_ms)"
    " VALUES (:account_id, :day, :calls, :throttled, :failed, :provider_ms)"
    " ON CONFLICT (account_id, day) DO UPDATE SET calls = usage_day.calls + excluded.calls,"
    " throttled = usage_day.throttled + excluded.throttled, failed = usage_day.failed + excluded.failed,"
    " provider_ms = usage_day.provider_ms + excluded.provider_ms"
).bindparams(bindparam("day", type_=Date))
_ADD_HOUR = text(
    "INSERT INTO usage_hour (account_id, hour, calls) VALUES (:account_id, :hour, :calls)"
    " ON CONFLICT (account_id, hour) DO UPDATE SET calls = usage_hour.calls + excluded.calls"
).bindparams(bindparam("hour", type_=Instant))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUse:
    """One account's day in all processes, as far as it is written."""

    account_id: str
    day: date
    calls: int
    throttled: int
    failed: int
    provider_ms: int
    soft_reached_at: datetime | None
    hard_reached_at: datetime | None

    @classmethod
    def empty(cls, account_id: str, day: date) -> DayUse:
        """A day without a call."""
        return cls(
            account_id=account_id,
            day=day,
            calls=0,
            throttled=0,
            failed=0,
            provider_ms=0,
            soft_reached_at=None,
            hard_reached_at=None,
        )


class UsageStore:
    """Reads and writes counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, counts: Sequence[Count]) -> None:
        """Add to the days and hours; always in one order, so that no two processes wait for each other."""
        rows: list[dict[str, Any]] = [
            {**msgspec.structs.asdict(count), "day": count.hour.date()}
            for count in sorted(counts, key=lambda count: (count.account_id, count.hour))
        ]
        async with self._database.transaction() as connection:
            await connection.execute(_ADD_HOUR, _only(rows, "account_id", "hour", "calls"))
            await connection.execute(
                _ADD_DAY, _only(rows, "account_id", "day", "calls", "throttled", "failed", "provider_ms")
            )

    async def day_of(self, account_ids: Sequence[str], day: date) -> dict[str, DayUse]:
        """That day of each account that has one."""
        query = select(usage_day).where(usage_day.c.day == day, usage_day.c.account_id.in_(account_ids))
        async with self._database.engine.connect() as connection:
            days = [DayUse(**row._mapping) for row in await connection.execute(query)]
        return {each.account_id: each for each in days}

    async def days_since(self, account_id: str, since: date) -> list[DayUse]:
        """The account's days from then on, newest first; those without a call are left out."""
        query = (
            select(usage_day)
            .where(usage_day.c.account_id == account_id, usage_day.c.day >= since)
            .order_by(usage_day.c.day.desc())
        )
        async with self._database.engine.connect() as connection:
            return [DayUse(**row._mapping) for row in await connection.execute(query)]

    async def hours_since(self, account_id: str, since: datetime) -> dict[datetime, int]:
        """The account's calls in each hour from then on."""
        query = select(usage_hour.c.hour, usage_hour.c.calls).where(
            usage_hour.c.account_id == account_id, usage_hour.c.hour >= since
        )
        async with self._database.engine.connect() as connection:
            return {hour: calls for hour, calls in await connection.execute(query)}

    async def tell_reached(
        self, environment_id: str, day: DayUse, level: Level, budget: Budget, now: datetime
    ) -> None:
        """Record the event that a budget is spent, once a day whoever comes first."""
        column = usage_day.c[f"{level}_reached_at"]
        mark = (
            update(usage_day)
            .where(usage_day.c.account_id == day.account_id, usage_day.c.day == day.day, column.is_(None))
            .values({column: now})
        )
        async with self._database.transaction() as connection:
            if (await connection.execute(mark)).rowcount != 1:
                return
            account = await find_account(connection, environment_id, day.account_id)
            if account is None:
                return
            more = {"daily_budget": asdict(budget), "day": day.day.isoformat(), "calls": day.calls}
            if level == "soft":
                await tell(connection, "integrated_account.budget_soft_reached", account, now, more)
            else:
                await tell(connection, "integrated_account.budget_hard_reached", account, now, more)

    async def prune(self, now: datetime) -> None:
        """Drop the days and hours that are past their time."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(usage_day).where(usage_day.c.day < (now - DAYS_KEPT).date()))
            await connection.execute(delete(usage_hour).where(usage_hour.c.hour < now - HOURS_KEPT))


def _only(rows: Sequence[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{name: row[name] for name in names} for row in rows]
