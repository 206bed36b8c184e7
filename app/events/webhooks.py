"""Webhooks: endpoints that an environment is told of its events at; their secrets sealed, shown once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import Row, case, delete, func, insert, select, update

from app.connections.keys import KeyProblem
from app.connections.vault import Place, Vault, VaultProblem, WrappedKey
from app.db.engine import Database
from app.db.sealed import sealed_and_kept, sealing
from app.db.tables import event_head, webhook_delivery
from app.db.tables import webhook as table
from app.errors import Conflict, NotFound
from app.events import signing
from app.events.log import EventType
from app.upstream.sender import Upstream
from providers.kit.clock import Clock

WEBHOOKS_MAX = 50
ALL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An endpoint. Its secrets are sealed."""

    id: str
    environment_id: str
    url: str
    events: Sequence[str]
    description: str | None
    is_enabled: bool
    disabled_reason: str | None
    key_id: str
    wrapped_key: bytes = field(repr=False)
    secrets: bytes = field(repr=False)
    position: int
    failures: int
    failing_since: datetime | None
    retry_at: datetime | None
    lease_owner: str | None
    lease_until: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def place(self) -> Place:
        """What its ciphertext is bound to."""
        return Place(self.environment_id, self.id, table.name)

    @property
    def key(self) -> WrappedKey:
        """Its data key, wrapped."""
        return WrappedKey(self.key_id, self.wrapped_key)


def of_row(row: Row[Any]) -> Webhook:
    """The endpoint that a row of its table holds."""
    return Webhook(**row._mapping)


def types_of(events: Sequence[str]) -> list[str]:
    """The types that an endpoint's `events` name."""
    return [
        kind
        for kind in get_args(EventType)
        if any(asked in (ALL, kind, f"{kind.partition('.')[0]}.*") for asked in events)
    ]


class Webhooks:
    """Reads and writes endpoints, always of one environment."""

    def __init__(self, database: Database, vault: Vault, upstream: Upstream, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._upstream = upstream
        self._clock = clock

    async def create(
        self, environment_id: str, given: Mapping[str, Any], *, allow_private: bool
    ) -> tuple[Webhook, str]:
        """A new endpoint, told of what happens from now on, and its secret."""
        return await sealed_and_kept(lambda: self._created(environment_id, given, allow_private=allow_private))

    async def _created(
        self, environment_id: str, given: Mapping[str, Any], *, allow_private: bool
    ) -> tuple[Webhook, str]:
        self._upstream.check(given["url"], allow_private=allow_private)
        secret = signing.new_secret()
        place = Place(environment_id, str(uuid.uuid4()), table.name)
        key = await self._vault.new_key(place)
        now = self._clock.now()
        values = {
            **given,
            "id": place.row_id,
            "environment_id": environment_id,
            "key_id": key.key_id,
            "wrapped_key": key.wrapped,
            "secrets": await self._vault.seal(signing.first(secret), key, place),
            "failures": 0,
            "created_at": now,
            "updated_at": now,
        }
        own = table.c.environment_id == environment_id
        head = select(event_head.c.number).where(event_head.c.environment_id == environment_id)
        async with sealing(self._database, key.key_id) as connection:
            if (await connection.execute(select(func.count()).where(own))).scalar_one() >= WEBHOOKS_MAX:
                raise Conflict(f"an environment has at most {WEBHOOKS_MAX} webhooks: delete one first")
            position = (await connection.execute(head)).scalar_one_or_none() or 0
            await connection.execute(insert(table).values(**values, position=position))
        return await self._again(environment_id, place.row_id), secret

    async def find(self, environment_id: str, webhook_id: str) -> Webhook | None:
        """The endpoint, in that environment only."""
        query = select(table).where(table.c.environment_id == environment_id, table.c.id == webhook_id)
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return of_row(row) if row is not None else None

    async def page(self, environment_id: str, after: str | None, limit: int) -> list[Webhook]:
        """Up to `limit` endpoints in the order of their ids, those after `after`."""
        query = select(table).where(table.c.environment_id == environment_id, table.c.id > (after or ""))
        async with self._database.engine.connect() as connection:
            return [of_row(row) for row in await connection.execute(query.order_by(table.c.id).limit(limit))]

    async def change(self, old: Webhook, values: Mapping[str, Any], *, allow_private: bool) -> Webhook:
        """Write values. What waits is tried at once where the address is new, or enabling is asked."""
        changed = {**values, "updated_at": self._clock.now()}
        if "url" in values:
            self._upstream.check(values["url"], allow_private=allow_private)
        if "is_enabled" in values:
            changed["disabled_reason"] = None
        is_fresh = values.get("url", old.url) != old.url or values.get("is_enabled", False)
        if is_fresh:
            changed |= {"failures": 0, "failing_since": None, "retry_at": None}
        async with self._database.transaction() as connection:
            await self._write(connection, old, changed)
            if is_fresh:
                await connection.execute(_given_time(old.id, self._clock.now()))
        return await self._again(old.environment_id, old.id)

    async def rotate_secret(self, old: Webhook, overlap: timedelta) -> tuple[Webhook, str]:
        """A new secret; those of before sign on for the overlap. What no longer opens is replaced at once."""
        secret = signing.new_secret()
        now = self._clock.now()
        try:
            sealed, key = signing.rotated(await self.open(old), secret, now, now + overlap), old.key
        except (KeyProblem, VaultProblem):
            sealed, key = signing.first(secret), await self._vault.new_key(old.place)
        values: dict[str, Any] = {"secrets": await self._vault.seal(sealed, key, old.place), "updated_at": now}
        if key != old.key:
            values |= {"key_id": key.key_id, "wrapped_key": key.wrapped}
        async with self._database.transaction() as connection:
            # The secrets, and not the row, must be as they were read: its data key may be re-wrapped meanwhile.
            if not await self._write(connection, old, values, table.c.secrets == old.secrets):
                raise Conflict("the secret was rotated, or the webhook deleted, meanwhile")
        return await self._again(old.environment_id, old.id), secret

    async def open(self, webhook: Webhook) -> dict[str, str]:
        """Its secrets, for `signing`."""
        return await self._vault.open(webhook.secrets, webhook.key, webhook.place)

    async def delete(self, webhook: Webhook) -> None:
        """Delete the endpoint, its secrets with the key that sealed them, and its deliveries."""
        async with self._database.transaction() as connection:
            await self._write(connection, webhook, {"is_enabled": False})
            await connection.execute(delete(webhook_delivery).where(webhook_delivery.c.webhook_id == webhook.id))
            await connection.execute(delete(table).where(table.c.id == webhook.id))

    async def _again(self, environment_id: str, webhook_id: str) -> Webhook:
        webhook = await self.find(environment_id, webhook_id)
        if webhook is None:
            raise NotFound("the webhook was deleted meanwhile")
        return webhook

    async def _write(self, connection: Any, webhook: Webhook, values: Mapping[str, Any], *where: Any) -> bool:
        query = update(table).where(
            table.c.id == webhook.id, table.c.environment_id == webhook.environment_id, *where
        )
        return bool((await connection.execute(query.values(**values))).rowcount == 1)


def _given_time(webhook_id: str, now: datetime) -> Any:
    """What has not been taken yet has its three days anew, and its next attempt now."""
    return (
        update(webhook_delivery)
        .where(webhook_delivery.c.webhook_id == webhook_id, webhook_delivery.c.state.in_(("waiting", "queued")))
        .values(queued_at=now, next_at=case((webhook_delivery.c.state == "waiting", now)))
    )
