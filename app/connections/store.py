"""Accounts as rows: every query of `integrated_account`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.connections.vault import Place, WrappedKey
from app.db.engine import Database, mark_changed
from app.db.sealed import sealing
from app.db.tables import environment
from app.db.tables import integrated_account as table
from app.events.log import EventType, record
from app.usage.budget import Budget

_NO_LEASE: Mapping[str, Any] = {"refresh_owner": None, "refresh_until": None, "refresh_started_at": None}
# Credentials that a customer gives end the renewal of those before, and leave nothing of them.
_ANEW: Mapping[str, Any] = {**_NO_LEASE, "previous_secrets": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratedAccount:
    """One customer's connected system. Secrets are sealed."""

    id: str
    environment_id: str
    tenant_id: str
    integration: str
    status: str
    status_reason: str | None
    reason_code: str | None = None
    settings: Mapping[str, Any]
    findings: Mapping[str, Any] | None = None
    budget_soft: int | None = None
    budget_hard: int | None = None
    key_id: str
    wrapped_key: bytes = field(repr=False)
    secrets: bytes = field(repr=False)
    previous_secrets: bytes | None = field(default=None, repr=False)
    token_expires_at: datetime | None
    version: int
    refresh_owner: str | None
    refresh_until: datetime | None
    renewed_at: datetime | None = None
    refresh_started_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def place(self) -> Place:
        """What its ciphertexts are bound to."""
        return Place(self.environment_id, self.id)

    @property
    def loss(self) -> tuple[str, str, str]:
        """What `NeedsReauth` names it by: environment, id, and what tells this loss from others."""
        return self.environment_id, self.id, str(self.version)

    @property
    def budget(self) -> Budget | None:
        """How many calls a day it may make; None where nobody has set that."""
        if self.budget_soft is None and self.budget_hard is None:
            return None
        return Budget(soft=self.budget_soft, hard=self.budget_hard)

    @property
    def key(self) -> WrappedKey:
        """Its data key, wrapped."""
        return WrappedKey(self.key_id, self.wrapped_key)


class AccountStore:
    """Reads and writes accounts; every write moves `version` and tells the other processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, values: Mapping[str, Any]) -> None:
        """Insert one."""
        async with sealing(self._database, values["key_id"]) as connection:
            await add_account(connection, values)

    async def find(self, environment_id: str, account_id: str) -> IntegratedAccount | None:
        """The account, in that environment only."""
        async with self._database.engine.connect() as connection:
            return await find_account(connection, environment_id, account_id)

    async def may_reach_private(self, environment_id: str) -> bool:
        """Whether the environment may reach the owner's private hosts."""
        query = select(environment.c.allow_private_hosts).where(environment.c.id == environment_id)
        async with self._database.engine.connect() as connection:
            return bool((await connection.execute(query)).scalar_one_or_none())

    async def page(
        self, environment_id: str, conditions: Mapping[str, str], after: str | None, limit: int
    ) -> list[IntegratedAccount]:
        """Up to `limit` accounts in the order of their ids, those after `after`."""
        query = select(table).where(table.c.environment_id == environment_id).order_by(table.c.id).limit(limit)
        for name, value in conditions.items():
            query = query.where(table.c[name] == value)
        if after is not None:
            query = query.where(table.c.id > after)
        async with self._database.engine.connect() as connection:
            return [IntegratedAccount(**row._mapping) for row in await connection.execute(query)]

    async def connecting_since(self, before: datetime, limit: int) -> list[IntegratedAccount]:
        """Up to `limit` accounts that have been connecting since before then."""
        query = select(table).where(table.c.status == "connecting", table.c.updated_at < before).limit(limit)
        async with self._database.engine.connect() as connection:
            return [IntegratedAccount(**row._mapping) for row in await connection.execute(query)]

    async def change(
        self, account: IntegratedAccount, now: datetime, values: Mapping[str, Any]
    ) -> IntegratedAccount | None:
        """Write values if nobody else wrote since `account` was read; the new row, or None if somebody did.

        New `secrets` take the place of the old ones: a renewal of those that is under way comes to nothing.
        """
        return await self._change(account, now, {**_ANEW, **values} if "secrets" in values else values)

    async def settle(
        self, account: IntegratedAccount, now: datetime, values: Mapping[str, Any], owner: str
    ) -> IntegratedAccount | None:
        """Write what came of a renewal and end it, as `change` does, if `owner` still holds the lease."""
        return await self._change(account, now, {**values, **_NO_LEASE}, table.c.refresh_owner == owner)

    async def save_late(
        self, account: IntegratedAccount, now: datetime, values: Mapping[str, Any]
    ) -> IntegratedAccount | None:
        """Write tokens that came after the lease was lost, as `change` does: whoever holds it now goes on."""
        return await self._change(account, now, values)

    async def _change(
        self, account: IntegratedAccount, now: datetime, values: Mapping[str, Any], *more: ColumnElement[bool]
    ) -> IntegratedAccount | None:
        async with self._database.transaction() as connection:
            return await change_account(connection, account, now, values, *more)

    async def remove(self, environment_id: str, account_id: str, now: datetime) -> bool:
        """Delete one, its sealed data key with it."""
        query = delete(table).where(table.c.environment_id == environment_id, table.c.id == account_id)
        async with self._database.transaction() as connection:
            account = await find_account(connection, environment_id, account_id)
            if account is None or (await connection.execute(query)).rowcount != 1:
                return False
            await mark_changed(connection, environment_id, account_id)
            await tell(connection, "integrated_account.deleted", account, now)
            return True


async def add_account(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Insert one, in the transaction that is open, and tell of it."""
    await connection.execute(insert(table).values(**values))
    await mark_changed(connection, values["environment_id"], values["id"])
    made = await find_account(connection, values["environment_id"], values["id"])
    assert made is not None  # noqa: S101 - it was written just now
    await tell(connection, "integrated_account.created", made, made.created_at)
    if made.status == "active":
        await tell(connection, "integrated_account.active", made, made.created_at)


async def change_account(
    connection: AsyncConnection,
    account: IntegratedAccount,
    now: datetime,
    values: Mapping[str, Any],
    *more: ColumnElement[bool],
) -> IntegratedAccount | None:
    """Write values in the transaction that is open, and tell of it; None if somebody else wrote since the read."""
    query = (
        update(table)
        .where(
            table.c.id == account.id,
            table.c.environment_id == account.environment_id,
            table.c.version == account.version,
            *more,
        )
        .values(**values, version=account.version + 1, updated_at=now)
    )
    if (await connection.execute(query)).rowcount != 1:
        return None
    await mark_changed(connection, account.environment_id, account.id)
    written = await find_account(connection, account.environment_id, account.id)
    kind = _event_of(account.status, written.status) if written is not None else None
    if written is not None and kind is not None:
        await tell(connection, kind, written, now)
    return written


async def find_account(
    connection: AsyncConnection, environment_id: str, account_id: str
) -> IntegratedAccount | None:
    """The account, in that environment only, in the transaction that is open."""
    query = select(table).where(table.c.environment_id == environment_id, table.c.id == account_id)
    row = (await connection.execute(query)).one_or_none()
    return IntegratedAccount(**row._mapping) if row is not None else None


_EVENTS: Mapping[str, EventType] = {
    "active": "integrated_account.active",
    "needs_reauth": "integrated_account.needs_reauth",
    "validation_error": "integrated_account.validation_error",
}


def _event_of(before: str, after: str) -> EventType | None:
    """What a change of status is called; one that comes back from `needs_reauth` is reactivated."""
    if before == after:
        return None
    if (before, after) == ("needs_reauth", "active"):
        return "integrated_account.reactivated"
    return _EVENTS.get(after)


async def tell(
    connection: AsyncConnection,
    kind: EventType,
    account: IntegratedAccount,
    now: datetime,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Record what happened to the account, in the transaction that is open."""
    body = {
        "id": account.id,
        "tenant_id": account.tenant_id,
        "integration": account.integration,
        "status": account.status,
        "status_reason": account.status_reason,
        "reason_code": account.reason_code,
        **more,
    }
    await record(connection, kind, environment_id=account.environment_id, account_id=account.id, at=now, body=body)
