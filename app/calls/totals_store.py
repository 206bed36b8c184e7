"""The call log summed up, of one environment each time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, select

from app.db.engine import Database
from app.db.tables import call_log as table

ERRORS_FROM = 400
CALLER_GONE = 499
THROTTLED = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many calls there were, how many of them failed and were throttled, and when the last was.

    A call whose caller left is no failure.
    """

    calls: int = 0
    errors: int = 0
    throttled: int = 0
    last_at: datetime | None = None


_NAMES = tuple(Totals.__dataclass_fields__)


class CallTotals:
    """Counts calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_environment(self, environment_id: str, since: datetime) -> Totals:
        """All of them since then."""
        rows = await self._rows(
            select(*_totals()).where(table.c.environment_id == environment_id, table.c.at >= since)
        )
        return Totals(**rows[0]._mapping)

    async def of_accounts(
        self, environment_id: str, accounts: Collection[str], since: datetime
    ) -> Mapping[str, Totals]:
        """Those of each of the accounts; one without a call is left out."""
        query = (
            select(table.c.account_id, *_totals())
            .where(table.c.environment_id == environment_id, table.c.account_id.in_(accounts), table.c.at >= since)
            .group_by(table.c.account_id)
        )
        rows = await self._rows(query)
        return {row.account_id: Totals(**{name: row._mapping[name] for name in _NAMES}) for row in rows}

    async def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.engine.connect() as connection:
            found: Sequence[Row[Any]] = (await connection.execute(query)).all()
        return found


def _totals() -> tuple[Any, ...]:
    status = table.c.status
    failed = (status >= ERRORS_FROM) & (status != CALLER_GONE)
    return (
        func.count().label("calls"),
        func.coalesce(func.sum(case((failed, 1), else_=0)), 0).label("errors"),
        func.coalesce(func.sum(case((status == THROTTLED, 1), else_=0)), 0).label("throttled"),
        func.max(table.c.at).label("last_at"),
    )
