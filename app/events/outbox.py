"""Deliveries as rows: made from the log, taken by whoever holds the endpoint's lease, kept until they are old.

Every transaction that writes an endpoint's deliveries first updates the endpoint's row, so that they go one
after another. Each account has one delivery `waiting` at most; the others are `queued` behind it, in order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.engine import Database
from app.db.tables import environment, event, event_head
from app.db.tables import webhook as endpoint
from app.db.tables import webhook_delivery as table
from app.events.attempts import GIVE_UP_AFTER, NEVER_TAKEN, Jitter, Outcome, changes_after, endpoint_after
from app.events.reading import Event
from app.events.webhooks import Webhook, of_row, types_of

# Longer than a send may take, so that a living process never loses it to another.
LEASE = timedelta(seconds=30)
BATCH_SIZE = 500

_by_chance = SystemRandom().uniform


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery that is to be sent now."""

    event: Event
    attempts: int
    queued_at: datetime


class Outbox:
    """What is to be sent, of all environments: for the process that sends, not for callers."""

    def __init__(self, database: Database, jitter: Jitter = _by_chance) -> None:
        self._database = database
        self._jitter = jitter

    async def with_work(self, owner: str, now: datetime, limit: int) -> Sequence[str]:
        """Endpoints that have something to send and no other owner, the one longest unserved first."""
        due = exists().where(
            table.c.webhook_id == endpoint.c.id, table.c.state == "waiting", table.c.next_at <= now
        )
        query = (
            select(endpoint.c.id)
            .outerjoin(event_head, event_head.c.environment_id == endpoint.c.environment_id)
            .where(_is_free(owner, now), or_(endpoint.c.position < event_head.c.number, due))
            .order_by(endpoint.c.lease_until.nulls_first(), endpoint.c.id)
            .limit(limit)
        )
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).scalars().all()

    async def backlog(self) -> int:
        """How many deliveries have not been taken yet."""
        query = select(func.count()).join_from(
            endpoint, table, (table.c.webhook_id == endpoint.c.id) & table.c.state.in_(("queued", "waiting"))
        )
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).scalar_one()

    async def claim(self, webhook_id: str, owner: str, now: datetime) -> Webhook | None:
        """Take the endpoint's lease, if nobody else holds it; the lease of one who died runs out."""
        query = (
            update(endpoint)
            .where(endpoint.c.id == webhook_id, _is_free(owner, now))
            .values(lease_owner=owner, lease_until=now + LEASE)
            .returning(endpoint)
        )
        async with self._database.transaction() as connection:
            row = (await connection.execute(query)).one_or_none()
        return of_row(row) if row is not None else None

    async def release(self, webhook_id: str, owner: str, now: datetime) -> None:
        """Give the lease back."""
        query = update(endpoint).where(endpoint.c.id == webhook_id, endpoint.c.lease_owner == owner)
        async with self._database.transaction() as connection:
            await connection.execute(query.values(lease_owner=None, lease_until=now))

    async def may_reach_private(self, environment_id: str) -> bool:
        """Whether the environment may reach the owner's private hosts."""
        query = select(environment.c.allow_private_hosts).where(environment.c.id == environment_id)
        async with self._database.engine.connect() as connection:
            return bool((await connection.execute(query)).scalar_one_or_none())

    async def take_in(self, webhook: Webhook, owner: str, now: datetime) -> None:
        """Make deliveries of what the log has gained, if the lease is still ours."""
        head = select(event_head.c.number).where(event_head.c.environment_id == webhook.environment_id)
        while True:
            # Looked at without a lock: there is seldom anything.
            async with self._database.engine.connect() as connection:
                newest = (await connection.execute(head)).scalar_one_or_none() or 0
                position = select(endpoint.c.position).where(endpoint.c.id == webhook.id)
                if newest <= ((await connection.execute(position)).scalar_one_or_none() or 0):
                    return
            async with self._database.transaction() as connection:
                held = await locked(connection, webhook.id, endpoint.c.lease_owner == owner)
                if held is None or not await take_in_batch(connection, held, now):
                    return

    async def due(self, webhook: Webhook, now: datetime, limit: int, without: Collection[int]) -> list[Due]:
        """What is to be sent now, the longest due first, `without` those on their way."""
        query = (
            select(event, table.c.attempts, table.c.queued_at)
            .join(event, and_(event.c.environment_id == webhook.environment_id, event.c.number == table.c.number))
            .where(
                table.c.webhook_id == webhook.id,
                table.c.state == "waiting",
                table.c.next_at <= now,
                table.c.number.not_in(without),
            )
            .order_by(table.c.next_at, table.c.number)
            .limit(limit)
        )
        async with self._database.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Due(
                event=Event(**{column.name: row._mapping[column] for column in event.c}),
                attempts=row.attempts,
                queued_at=row.queued_at,
            )
            for row in rows
        ]

    async def record(self, webhook: Webhook, owner: str, now: datetime, outcomes: list[Outcome]) -> Webhook | None:
        """Write what attempts came to; the endpoint as it is now, or None where its lease was lost."""
        async with self._database.transaction() as connection:
            held = await locked(connection, webhook.id, endpoint.c.lease_owner == owner)
            if held is None:
                return None
            values = endpoint_after(held.failures, held.failing_since, outcomes, now)
            for outcome in outcomes:
                changes = changes_after(outcome, now, self._jitter)
                await connection.execute(_one(webhook.id, outcome.number).values(**changes))
                if changes["state"] != "waiting":
                    await _promote(connection, webhook.id, [outcome.account_id], now)
            if held.failing_since is not None and values["failures"] == 0:
                # It takes again: what was put off because it did not is tried at once.
                await connection.execute(_in_state(webhook.id, "waiting").values(next_at=now))
            if held.failing_since is not None and values["failures"] and held.failing_since <= now - GIVE_UP_AFTER:
                await _bury(connection, webhook.id, now)
            query = update(endpoint).where(endpoint.c.id == webhook.id).returning(endpoint)
            return of_row((await connection.execute(query.values(**values, lease_until=now + LEASE))).one())

    async def prune(self, before: datetime) -> None:
        """Drop the deliveries of events from before then; what they held up goes on."""
        async with self._database.engine.connect() as connection:
            old = select(table.c.webhook_id).where(table.c.at < before).distinct()
            webhook_ids = (await connection.execute(old)).scalars().all()
        for webhook_id in webhook_ids:
            async with self._database.transaction() as connection:
                held = await locked(connection, webhook_id)
                if held is not None:
                    query = delete(table).where(table.c.webhook_id == webhook_id, table.c.at < before)
                    await connection.execute(query)
                    await promote_all(connection, webhook_id, before)


async def take_in_batch(connection: AsyncConnection, held: Webhook, now: datetime) -> bool:
    """Make deliveries of the next events of the log; whether there may be more. The endpoint is locked."""
    position = select(endpoint.c.position).where(endpoint.c.id == held.id).scalar_subquery()
    query = (
        select(event.c.number, event.c.type, event.c.account_id, event.c.at)
        .where(event.c.environment_id == held.environment_id, event.c.number > position)
        .order_by(event.c.number)
        .limit(BATCH_SIZE)
    )
    events = (await connection.execute(query)).all()
    if not events:
        return False
    wanted = set(types_of(held.events))
    told = [row for row in events if row.type in wanted]
    if told:
        await connection.execute(insert(table), [_queued(held.id, row, now) for row in told])
        await _promote(connection, held.id, {row.account_id for row in told}, now)
    await connection.execute(update(endpoint).where(endpoint.c.id == held.id).values(position=events[-1].number))
    return len(events) == BATCH_SIZE


async def promote_all(connection: AsyncConnection, webhook_id: str, now: datetime) -> None:
    """Let the first of each account wait for its turn, where none does. The endpoint is locked."""
    queued = (
        select(table.c.account_id).where(table.c.webhook_id == webhook_id, table.c.state == "queued").distinct()
    )
    await _promote(connection, webhook_id, (await connection.execute(queued)).scalars().all(), now)


async def _promote(connection: AsyncConnection, webhook_id: str, accounts: Collection[str], now: datetime) -> None:
    """Of each of these accounts the first that is queued is to be sent now, unless another is waiting already."""
    if not accounts:
        return
    other = table.alias()
    of_account = and_(other.c.webhook_id == webhook_id, other.c.account_id == bindparam("account"))
    first = select(func.min(other.c.number)).where(of_account, other.c.state == "queued").scalar_subquery()
    query = update(table).where(
        table.c.webhook_id == webhook_id,
        table.c.number == first,
        ~exists().where(of_account, other.c.state == "waiting"),
    )
    await connection.execute(
        query.values(state="waiting", next_at=now), [{"account": account} for account in sorted(accounts)]
    )


async def _bury(connection: AsyncConnection, webhook_id: str, now: datetime) -> None:
    """Of an endpoint that has taken nothing for three days, all that has waited as long is dead."""
    query = (
        update(table)
        .where(
            table.c.webhook_id == webhook_id,
            table.c.state.in_(("waiting", "queued")),
            table.c.queued_at <= now - GIVE_UP_AFTER,
        )
        .values(state="dead", next_at=None, last_error=func.coalesce(table.c.last_error, NEVER_TAKEN))
    )
    await connection.execute(query)
    await promote_all(connection, webhook_id, now)


async def locked(connection: AsyncConnection, webhook_id: str, *where: Any) -> Webhook | None:
    """The endpoint as it is, locked until the commit."""
    query = update(endpoint).where(endpoint.c.id == webhook_id, *where).values(failures=endpoint.c.failures)
    row = (await connection.execute(query.returning(endpoint))).one_or_none()
    return of_row(row) if row is not None else None


def _is_free(owner: str, now: datetime) -> Any:
    """Whether the endpoint may be served by this owner now."""
    return and_(
        endpoint.c.is_enabled,
        or_(endpoint.c.retry_at.is_(None), endpoint.c.retry_at <= now),
        or_(endpoint.c.lease_owner.is_(None), endpoint.c.lease_owner == owner, endpoint.c.lease_until < now),
    )


def _queued(webhook_id: str, row: Any, now: datetime) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "number": row.number,
        "account_id": row.account_id,
        "at": row.at,
        "state": "queued",
        "attempts": 0,
        "queued_at": now,
    }


def _one(webhook_id: str, number: int) -> Any:
    return update(table).where(table.c.webhook_id == webhook_id, table.c.number == number)


def _in_state(webhook_id: str, state: str) -> Any:
    return update(table).where(table.c.webhook_id == webhook_id, table.c.state == state)
