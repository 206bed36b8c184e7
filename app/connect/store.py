"""Link tokens as rows: every query of `link_token`, and the one transaction that ends a flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.connections.store import IntegratedAccount, add_account, change_account
from app.connections.vault import Place, WrappedKey
from app.db.engine import Database
from app.db.sealed import sealing
from app.db.tables import link_token as table

Step = Literal["start", "consent", "approved", "choice", "done"]
"""Nothing yet; at the provider; credentials are here; a company is to be chosen; connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkToken:
    """One invitation to connect. What was gathered on the way is sealed."""

    id: str
    environment_id: str
    token_hash: bytes = field(repr=False)
    tenant_id: str
    account_id: str | None
    integrations: Sequence[str] | None
    redirect_uri: str | None
    keeps_context: bool
    key_id: str
    wrapped_key: bytes = field(repr=False)
    given: bytes = field(repr=False)
    gathered: bytes | None = field(repr=False)
    step: Step
    integration: str | None
    state_hash: bytes | None = field(repr=False)
    browser_hash: bytes | None = field(repr=False)
    made_account_id: str | None
    version: int
    spent_at: datetime | None
    expires_at: datetime
    created_at: datetime

    @property
    def place(self) -> Place:
        """What its ciphertexts are bound to."""
        return Place(self.environment_id, self.id, table.name)

    @property
    def key(self) -> WrappedKey:
        """Its data key, wrapped."""
        return WrappedKey(self.key_id, self.wrapped_key)


class LinkTokenStore:
    """Reads and writes link tokens; a write counts only if nobody else wrote since the read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, values: Mapping[str, Any]) -> bool:
        """Insert one; False where its token is there already."""
        try:
            async with sealing(self._database, values["key_id"]) as connection:
                await connection.execute(insert(table).values(**values))
        except IntegrityError:
            return False
        return True

    async def by_hash(self, token_hash: bytes) -> LinkToken | None:
        """The invitation whose token has that hash."""
        return await self._one(table.c.token_hash == token_hash)

    async def by_state(self, state_hash: bytes) -> LinkToken | None:
        """The invitation whose consent was begun with that state."""
        return await self._one(table.c.state_hash == state_hash)

    async def _one(self, condition: ColumnElement[bool]) -> LinkToken | None:
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(select(table).where(condition))).one_or_none()
        return LinkToken(**row._mapping) if row is not None else None

    async def move(self, link: LinkToken, values: Mapping[str, Any]) -> bool:
        """Write values to one that is not spent, if it is still as it was read."""
        async with self._database.transaction() as connection:
            return await _move(connection, link, values)

    async def finish_new(self, link: LinkToken, account: Mapping[str, Any], now: datetime) -> bool:
        """Spend the token and insert its account, or neither."""
        async with sealing(self._database, account["key_id"]) as connection:
            if not await _move(connection, link, _spent(str(account["id"]), now)):
                return False
            await add_account(connection, account)
            return True

    async def finish_again(
        self, link: LinkToken, account: IntegratedAccount, values: Mapping[str, Any], now: datetime
    ) -> bool:
        """Spend the token and write the account that is connected again, or neither."""
        try:
            async with sealing(self._database, values["key_id"]) as connection:
                if not await _move(connection, link, _spent(account.id, now)):
                    return False
                changed = await change_account(connection, account, now, values)
                _expect(changed is not None)
        except _ChangedMeanwhile:
            return False
        return True

    async def prune(self, before: datetime) -> None:
        """Delete those that expired before then."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(table).where(table.c.expires_at < before))


class _ChangedMeanwhile(Exception):
    """Rolls the transaction back."""


def _expect(is_so: bool) -> None:
    if not is_so:
        raise _ChangedMeanwhile


async def _move(connection: AsyncConnection, link: LinkToken, values: Mapping[str, Any]) -> bool:
    query = (
        update(table)
        .where(table.c.id == link.id, table.c.version == link.version, table.c.spent_at.is_(None))
        .values(**values, version=link.version + 1)
    )
    return (await connection.execute(query)).rowcount == 1


def _spent(account_id: str, now: datetime) -> dict[str, Any]:
    """What a spent token keeps: that it is, and what it made. What was gathered is gone with its seal."""
    return {
        "step": "done",
        "spent_at": now,
        "made_account_id": account_id,
        "gathered": None,
        "given": b"",
        "state_hash": None,
        "browser_hash": None,
    }
