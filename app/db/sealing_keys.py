"""The keys that wrap data keys, as rows: every query of `sealing_key`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.engine import Database
from app.db.tables import sealing_key as table


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKey:
    """One key that was ever used, and not retired."""

    id: str
    canary: bytes | None = field(repr=False)
    lost_at: datetime | None
    created_at: datetime


class SealingKeyStore:
    """Reads and writes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[SealingKey]:
        """All, the oldest first."""
        query = select(table).order_by(table.c.created_at, table.c.id)
        async with self._database.engine.connect() as connection:
            return [SealingKey(**row._mapping) for row in await connection.execute(query)]

    async def find(self, key_id: str) -> SealingKey | None:
        """The key of that id."""
        query = select(table).where(table.c.id == key_id)
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return SealingKey(**row._mapping) if row is not None else None

    async def add(self, key_id: str, canary: bytes | None, now: datetime) -> None:
        """Write one, if nobody has."""
        query = insert(table).values(id=key_id, canary=canary, lost_at=None, created_at=now)
        try:
            async with self._database.transaction() as connection:
                await connection.execute(query)
        except IntegrityError:
            return

    async def set_canary(self, key_id: str, canary: bytes) -> None:
        """Give it what proves it."""
        query = update(table).where(table.c.id == key_id).values(canary=canary)
        async with self._database.transaction() as connection:
            await connection.execute(query)

    async def set_lost(self, key_ids: Sequence[str], lost_at: datetime | None) -> None:
        """Say that nobody has these keys any more, or that somebody has after all."""
        query = update(table).where(table.c.id.in_(key_ids)).values(lost_at=lost_at)
        async with self._database.transaction() as connection:
            await connection.execute(query)

    async def remove(self, key_id: str) -> bool:
        """Retire it, so that no row can be sealed under it any more; False while some row is."""
        try:
            async with self._database.transaction() as connection:
                await connection.execute(delete(table).where(table.c.id == key_id))
        except IntegrityError:
            return False
        return True
