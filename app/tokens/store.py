"""API tokens as rows: every query of `api_token`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from app.db.engine import Database, mark_changed
from app.db.tables import api_token as table
from app.db.tables import change, environment

AnyRow = Row[*tuple[Any, ...]]

_SHOWN = (
    table.c.id,
    table.c.environment_id,
    table.c.name,
    table.c.scopes,
    table.c.created_at,
    table.c.expires_at,
    table.c.last_used_at,
)


class TokenStore:
    """Reads and writes tokens, of which only hashes are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, values: Mapping[str, Any]) -> None:
        """Insert one."""
        async with self._database.transaction() as connection:
            await connection.execute(insert(table).values(**values))

    async def by_hash(self, token_hash: bytes) -> AnyRow | None:
        """The token with its environment's `allow_private_hosts`."""
        query = (
            select(*_SHOWN, environment.c.allow_private_hosts)
            .join_from(table, environment, isouter=True)
            .where(table.c.token_hash == token_hash)
        )
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).one_or_none()

    async def page(self, environment_id: str, after: str | None, limit: int) -> Sequence[AnyRow]:
        """Up to `limit` of the environment's tokens in the order of their ids."""
        query = select(*_SHOWN).where(table.c.environment_id == environment_id)
        if after is not None:
            query = query.where(table.c.id > after)
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query.order_by(table.c.id).limit(limit))).all()

    async def find(self, environment_id: str, token_id: str) -> AnyRow | None:
        """One of the environment's tokens."""
        query = select(*_SHOWN).where(table.c.environment_id == environment_id, table.c.id == token_id)
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).one_or_none()

    async def remove(self, environment_id: str, token_id: str) -> bool:
        """Revoke one, and tell the other processes."""
        query = delete(table).where(table.c.environment_id == environment_id, table.c.id == token_id)
        async with self._database.transaction() as connection:
            gone = (await connection.execute(query)).rowcount == 1
            await mark_changed(connection)
            return gone

    async def note_use(self, used: Mapping[str, datetime]) -> None:
        """Write when tokens were last used."""
        async with self._database.transaction() as connection:
            for token_id, at in used.items():
                await connection.execute(update(table).where(table.c.id == token_id).values(last_used_at=at))

    async def change_number(self) -> int:
        """The number that moves with every change of tokens, accounts and environments."""
        async with self._database.engine.connect() as connection:
            return int((await connection.execute(select(change.c.number))).scalar_one())
