"""Renewals as columns of an account's row: every query of its lease and of what a renewal leaves behind.

None of them moves `version`: nothing that other processes keep of an account grows old by a lease.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, or_, select, update

from app.connections.store import IntegratedAccount
from app.db.columns import Instant
from app.db.engine import Database
from app.db.tables import integrated_account as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """As little of an account as tells whether its renewal may be begun."""

    version: int
    refresh_owner: str | None
    refresh_until: datetime | None

    def is_held(self, now: datetime) -> bool:
        """Whether somebody is at it. Without an owner, `refresh_until` only keeps background work from it."""
        return self.refresh_owner is not None and self.refresh_until is not None and self.refresh_until >= now


class LeaseStore:
    """Reads and writes leases; whoever waits compares the owner's clock with its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, account: IntegratedAccount, owner: str, now: datetime, until: datetime, *, is_patient: bool = False
    ) -> IntegratedAccount | None:
        """Take the lease and note the intent; the row as it then is, or None where it cannot be had.

        It cannot while another holds it, nor once the row was changed since `account` was read. The patient
        also wait until it is time to try again. An intent that was left behind keeps its moment.
        """
        is_over = or_(table.c.refresh_until.is_(None), table.c.refresh_until < now)
        query = (
            update(table)
            .where(
                table.c.id == account.id,
                table.c.version == account.version,
                is_over if is_patient else or_(is_over, table.c.refresh_owner.is_(None)),
            )
            .values(
                refresh_owner=owner,
                refresh_until=until,
                refresh_started_at=func.coalesce(table.c.refresh_started_at, literal(now, Instant)),
            )
            .returning(*table.c)
        )
        async with self._database.transaction() as connection:
            row = (await connection.execute(query)).one_or_none()
        return IntegratedAccount(**row._mapping) if row is not None else None

    async def extend(self, account_id: str, owner: str, until: datetime) -> bool:
        """Keep the lease for longer; False where another has it now."""
        return await self._write(account_id, owner, {"refresh_until": until})

    async def release(self, account_id: str, owner: str, *, not_before: datetime, keeps_intent: bool) -> None:
        """Give the lease back without new tokens; background work looks again once it is time."""
        more = {} if keeps_intent else {"refresh_started_at": None}
        await self._write(account_id, owner, {"refresh_owner": None, "refresh_until": not_before, **more})

    async def look(self, account: IntegratedAccount) -> Seen | None:
        """How the lease stands; None where the account is gone."""
        query = select(table.c.version, table.c.refresh_owner, table.c.refresh_until).where(
            table.c.id == account.id, table.c.environment_id == account.environment_id
        )
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Seen(**row._mapping) if row is not None else None

    async def abandoned(self, integrations: Collection[str], now: datetime, limit: int) -> list[IntegratedAccount]:
        """Accounts with an intent that nobody sees to, the newest first: their providers may still be lenient."""
        query = (
            select(table)
            .where(
                table.c.refresh_started_at.is_not(None),
                or_(table.c.refresh_until.is_(None), table.c.refresh_until < now),
                table.c.integration.in_(integrations),
            )
            .order_by(table.c.refresh_started_at.desc())
            .limit(limit)
        )
        async with self._database.engine.connect() as connection:
            return [IntegratedAccount(**row._mapping) for row in await connection.execute(query)]

    async def unrenewed(
        self, integration: str, since: datetime, now: datetime, limit: int
    ) -> list[IntegratedAccount]:
        """Accounts whose tokens are as old as that or older, the oldest first, and nobody is at them."""
        query = (
            select(table)
            .where(
                table.c.renewed_at <= since,
                table.c.integration == integration,
                table.c.status != "needs_reauth",
                or_(table.c.refresh_until.is_(None), table.c.refresh_until < now),
            )
            .order_by(table.c.renewed_at)
            .limit(limit)
        )
        async with self._database.engine.connect() as connection:
            return [IntegratedAccount(**row._mapping) for row in await connection.execute(query)]

    async def forget_previous(self, worked: Mapping[str, int]) -> None:
        """Drop the secrets before those that have worked: account id → the version that did."""
        query = (
            update(table)
            .where(table.c.id == bindparam("account"), table.c.version == bindparam("worked"))
            .values(previous_secrets=None)
        )
        # One by one: held together, these rows and those of a re-wrap could wait for each other.
        for account_id, version in worked.items():
            async with self._database.transaction() as connection:
                await connection.execute(query, {"account": account_id, "worked": version})

    async def _write(self, account_id: str, owner: str, values: Mapping[str, Any]) -> bool:
        query = update(table).where(table.c.id == account_id, table.c.refresh_owner == owner).values(**values)
        async with self._database.transaction() as connection:
            return (await connection.execute(query)).rowcount == 1
