"""Environments as rows: every query of `environment`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.engine import Database, mark_changed
from app.db.tables import environment as table
from app.errors import Conflict


class EnvironmentStore:
    """Reads and writes environments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, values: Mapping[str, Any]) -> None:
        """Insert one; `Conflict` where the name is taken."""
        try:
            async with self._database.transaction() as connection:
                await connection.execute(insert(table).values(**values))
        except IntegrityError:
            raise Conflict("an environment of this name exists") from None

    async def change(self, environment_id: str, values: Mapping[str, Any]) -> bool:
        """Write values; False where there is no such environment, `Conflict` where the name is taken."""
        try:
            async with self._database.transaction() as connection:
                query = update(table).where(table.c.id == environment_id).values(**values)
                found = (await connection.execute(query)).rowcount == 1
                await mark_changed(connection)
                return found
        except IntegrityError:
            raise Conflict("an environment of this name exists") from None

    async def find(self, environment_id: str) -> Row[Any] | None:
        """One environment."""
        async with self._database.engine.connect() as connection:
            return (await connection.execute(select(table).where(table.c.id == environment_id))).one_or_none()

    async def by_name(self, name: str) -> Row[Any] | None:
        """The environment of that name."""
        async with self._database.engine.connect() as connection:
            return (await connection.execute(select(table).where(table.c.name == name))).one_or_none()

    async def page(self, after: str | None, limit: int) -> Sequence[Row[Any]]:
        """Up to `limit` environments in the order of their ids."""
        query = select(table) if after is None else select(table).where(table.c.id > after)
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query.order_by(table.c.id).limit(limit))).all()
