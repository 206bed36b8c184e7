"""Deliveries as callers see them: listed with what became of them, and replayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, insert, literal, select, update

from app.db.engine import Database
from app.db.tables import event
from app.db.tables import webhook as endpoint
from app.db.tables import webhook_delivery as table
from app.errors import Conflict, FieldError, NotFound, ValidationFailed
from app.events.attempts import State
from app.events.outbox import locked, promote_all, take_in_batch
from app.events.webhooks import Webhook, types_of
from providers.kit.clock import Clock

REPLAYED_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event for an endpoint, and how far it came."""

    number: int
    event_id: str
    type: str
    account_id: str
    state: State
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    last_at: datetime | None
    last_status: int | None
    last_error: str | None

    @property
    def id(self) -> int:
        """Its place in the list."""
        return self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which events to send again: one by its id, or those between two instants; of these maybe only the dead."""

    event_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    only_dead: bool = False


class Deliveries:
    """Lists and replays; an endpoint comes from `Webhooks.find`, which saw to its environment."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, webhook: Webhook, state: State | None, before: int | None, limit: int) -> list[Delivery]:
        """Up to `limit` of the endpoint's deliveries, the newest event first, those before the number."""
        shown = ("attempts", "queued_at", "next_at", "last_at", "last_status", "last_error", "state", "account_id")
        query = (
            select(table.c.number, event.c.id.label("event_id"), event.c.type, *(table.c[name] for name in shown))
            .join(event, and_(event.c.environment_id == webhook.environment_id, event.c.number == table.c.number))
            .where(table.c.webhook_id == webhook.id)
            .order_by(table.c.number.desc())
            .limit(limit)
        )
        if state is not None:
            query = query.where(table.c.state == state)
        if before is not None:
            query = query.where(table.c.number < before)
        async with self._database.engine.connect() as connection:
            return [Delivery(**row._mapping) for row in await connection.execute(query)]

    async def replay(self, webhook: Webhook, asked: Asked) -> int:
        """Send events again, or for the first time; how many. An event named by its id is sent whatever its type.

        What is on its way already is tried at once.
        """
        now = self._clock.now()
        async with self._database.transaction() as connection:
            held = await locked(connection, webhook.id)
            if held is None:
                raise NotFound("there is no such webhook")
            if not held.is_enabled:
                raise Conflict("the webhook is disabled: enable it first")
            while await take_in_batch(connection, held, now):
                pass
            chosen = _chosen(held, asked)
            count = (await connection.execute(select(func.count()).select_from(chosen.subquery()))).scalar_one()
            if asked.event_id is not None and count == 0:
                raise NotFound("there is no such event")
            if count > REPLAYED_MAX:
                raise ValidationFailed(
                    f"more than {REPLAYED_MAX} events",
                    errors=[FieldError("since", "choose a shorter time")],
                )
            among = and_(
                table.c.webhook_id == held.id, table.c.number.in_(chosen.with_only_columns(event.c.number))
            )
            await connection.execute(update(table).where(among, table.c.state == "waiting").values(next_at=now))
            over = update(table).where(among, table.c.state.in_(("delivered", "dead")))
            await connection.execute(over.values(state="queued", attempts=0, queued_at=now, next_at=None))
            await connection.execute(_missing(held, chosen, now))
            await promote_all(connection, held.id, now)
            fresh = {"failures": 0, "failing_since": None, "retry_at": None}
            await connection.execute(update(endpoint).where(endpoint.c.id == held.id).values(**fresh))
        return int(count)


def _chosen(webhook: Webhook, asked: Asked) -> Any:
    """The events that are asked for, of the endpoint's environment."""
    query = select(event).where(event.c.environment_id == webhook.environment_id)
    if asked.event_id is not None:
        return query.where(event.c.id == asked.event_id)
    query = query.where(event.c.type.in_(types_of(webhook.events)))
    if asked.since is not None:
        query = query.where(event.c.at >= asked.since)
    if asked.until is not None:
        query = query.where(event.c.at <= asked.until)
    if asked.only_dead:
        query = query.where(
            exists().where(
                table.c.webhook_id == webhook.id, table.c.number == event.c.number, table.c.state == "dead"
            )
        )
    return query


def _missing(webhook: Webhook, chosen: Any, now: datetime) -> Any:
    """Deliveries of those events that never had one: from before the endpoint, or of a type it is not told of."""
    kept = exists().where(table.c.webhook_id == webhook.id, table.c.number == event.c.number)
    columns = {
        "webhook_id": literal(webhook.id),
        "number": event.c.number,
        "account_id": event.c.account_id,
        "at": event.c.at,
        "state": literal("queued"),
        "attempts": literal(0),
        "queued_at": literal(now, table.c.queued_at.type),
    }
    rows = chosen.with_only_columns(*columns.values()).where(~kept)
    return insert(table).from_select(list(columns), rows)
