"""Accounts as people look through them: by tenant, integration and state, in the order of their tenants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, tuple_

from app.connections.store import IntegratedAccount
from app.db.engine import Database
from app.db.tables import integrated_account as table

NAMED_MAX = 200
NEEDS_ATTENTION = ("needs_reauth", "validation_error", "post_install_error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which accounts are looked for; None is any. `named` is a tenant's id or an account's."""

    named: str | None = None
    integration: str | None = None
    statuses: tuple[str, ...] | None = None


class AccountList:
    """Reads accounts, of one environment each time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, environment_id: str, wanted: Wanted, after: tuple[str, str] | None, limit: int
    ) -> list[IntegratedAccount]:
        """Up to `limit` accounts, those after this tenant and id."""
        query = select(table).where(table.c.environment_id == environment_id)
        if wanted.named is not None:
            query = query.where(or_(table.c.tenant_id == wanted.named, table.c.id == wanted.named))
        if wanted.integration is not None:
            query = query.where(table.c.integration == wanted.integration)
        if wanted.statuses is not None:
            query = query.where(table.c.status.in_(wanted.statuses))
        if after is not None:
            query = query.where(tuple_(table.c.tenant_id, table.c.id) > tuple_(*after))
        query = query.order_by(table.c.tenant_id, table.c.id).limit(limit)
        async with self._database.engine.connect() as connection:
            return [IntegratedAccount(**row._mapping) for row in await connection.execute(query)]

    async def named(self, environment_id: str, name: str) -> tuple[str, ...]:
        """The ids of a tenant's accounts, or the account of that id."""
        found = await self.page(environment_id, Wanted(named=name), None, NAMED_MAX)
        return tuple(account.id for account in found)

    async def tenants(self, environment_id: str, accounts: Collection[str]) -> Mapping[str, str]:
        """The tenant of each account that is still there."""
        query = select(table.c.id, table.c.tenant_id).where(
            table.c.environment_id == environment_id, table.c.id.in_(accounts)
        )
        async with self._database.engine.connect() as connection:
            rows: Sequence[tuple[str, str]] = [(row[0], row[1]) for row in await connection.execute(query)]
        return dict(rows)

    async def counts(self, environment_id: str) -> Mapping[str, int]:
        """How many accounts have each status."""
        query = (
            select(table.c.status, func.count())
            .where(table.c.environment_id == environment_id)
            .group_by(table.c.status)
        )
        async with self._database.engine.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}
