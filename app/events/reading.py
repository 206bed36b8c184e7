"""The event log as it is read: by a cursor that leaves nothing out, by id, and as it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app.db.engine import Database
from app.db.tables import event as table
from app.db.tables import event_head
from app.errors import InvalidCursor
from providers.kit.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an account. `body` is the account as it was then."""

    environment_id: str
    number: int
    id: str
    type: str
    account_id: str
    at: datetime
    body: Mapping[str, Any]


ReconnectUrl = Callable[[str, str, str], str]
"""Where a lost account's customer goes: environment, account, and what tells this loss from others."""


class EventLog:
    """Reads events, always of one environment."""

    def __init__(self, database: Database, clock: Clock, retention: timedelta, reconnect_url: ReconnectUrl) -> None:
        self._database = database
        self._clock = clock
        self._retention = retention
        self._reconnect_url = reconnect_url

    async def page(
        self, environment_id: str, after: int | None, conditions: Mapping[str, str], limit: int
    ) -> tuple[list[Event], int]:
        """Up to `limit` events after that number, oldest first, and the number to go on from.

        Raises `InvalidCursor` where events after that number are no longer kept, or none had that number yet.
        """
        query = select(table).where(table.c.environment_id == environment_id, table.c.number > (after or 0))
        for name, value in conditions.items():
            query = query.where(table.c[name] == value)
        head = select(event_head.c.number).where(event_head.c.environment_id == environment_id)
        oldest = select(func.min(table.c.number)).where(table.c.environment_id == environment_id)
        async with self._database.engine.connect() as connection:
            # In this order: every event up to the head is seen by the query that follows, and what was pruned
            # before that query is known after it.
            newest = (await connection.execute(head)).scalar_one_or_none() or 0
            rows = await connection.execute(query.order_by(table.c.number).limit(limit))
            events = [Event(**row._mapping) for row in rows]
            kept_from = (await connection.execute(oldest)).scalar_one_or_none()
        if after is not None and after > newest:
            raise InvalidCursor("no event has this number yet")
        if after is not None and after < (newest if kept_from is None else kept_from - 1):
            raise InvalidCursor(
                "events after this cursor were pruned: read the accounts anew, then start without a cursor"
            )
        if len(events) == limit:
            return events, events[-1].number
        # What came while we looked may be in the page already.
        return events, max(newest, events[-1].number if events else 0)

    async def find(self, environment_id: str, event_id: str) -> Event | None:
        """The event, in that environment only."""
        query = select(table).where(table.c.environment_id == environment_id, table.c.id == event_id)
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Event(**row._mapping) if row is not None else None

    def kept_since(self) -> datetime:
        """Events from before then are past their time."""
        return self._clock.now() - self._retention

    async def prune(self) -> None:
        """Drop events past their time: the oldest numbers, and none from between."""
        before = self.kept_since()
        async with self._database.transaction() as connection:
            for environment_id in (await connection.execute(select(event_head.c.environment_id))).scalars().all():
                own = table.c.environment_id == environment_id
                kept = select(func.min(table.c.number)).where(own, table.c.at >= before)
                kept_from = (await connection.execute(kept)).scalar_one_or_none()
                # Two clocks may disagree: an old instant behind a kept number stays, or it would be a gap.
                pruned = delete(table).where(own, table.c.at < before)
                await connection.execute(pruned if kept_from is None else pruned.where(table.c.number < kept_from))

    def shown(self, event: Event) -> dict[str, Any]:
        """The event as webhooks and `GET /event` show it. The link is made when it is asked for, never kept."""
        needs_link = event.type == "integrated_account.needs_reauth"
        return {
            "id": event.id,
            "type": event.type,
            "timestamp": event.at,
            "number": event.number,
            "data": {
                **event.body,
                "environment_id": event.environment_id,
                "reconnect_url": self._reconnect_url(event.environment_id, event.account_id, event.id)
                if needs_link
                else None,
            },
        }
