"""Every table whose rows are sealed: found by its columns, so that a new one is re-wrapped like the others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Column, Table, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.columns import metadata
from app.db.engine import Database
from app.db.tables import sealing_key
from app.errors import Conflict

T = TypeVar("T")

SEALED_AGAIN_MAX = 3

# What may be told of a row to the owner: nothing that a customer has entered.
_TOLD = ("environment_id", "tenant_id", "id", "integration", "status", "key_id")


class KeyRetiredMeanwhile(Exception):
    """A row was sealed under a key that was retired before the row was written: seal it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """One row's wrapped data key, and what it is bound to."""

    table: str
    environment_id: str
    row_id: str
    key_id: str
    wrapped_key: bytes = field(repr=False)

    @property
    def named(self) -> dict[str, str]:
        """The row, as an owner is told of it."""
        return {"table": self.table, "environment_id": self.environment_id, "id": self.row_id}


def sealed_tables() -> Mapping[str, Table]:
    """The tables with a wrapped data key, by name."""
    return {
        table.name: table for table in metadata.sorted_tables if {"key_id", "wrapped_key"} <= set(table.c.keys())
    }


def row_id_column(table: Table) -> Column[Any]:
    """The column that names a row beside its environment; it is what ciphertexts are bound to."""
    (column,) = [column for column in table.primary_key if column.name != "environment_id"]
    return column


async def rows_not_under(
    database: Database, name: str, key_id: str, after: SealedRow | None, limit: int
) -> list[SealedRow]:
    """Up to `limit` rows that another key wraps, those after `after`."""
    table = sealed_tables()[name]
    return await _rows(database, table, table.c.key_id != key_id, after, limit)


async def rows_under(
    database: Database, name: str, key_id: str, after: SealedRow | None, limit: int
) -> list[SealedRow]:
    """Up to `limit` rows that this key wraps, those after `after`."""
    table = sealed_tables()[name]
    return await _rows(database, table, table.c.key_id == key_id, after, limit)


async def _rows(
    database: Database, table: Table, condition: Any, after: SealedRow | None, limit: int
) -> list[SealedRow]:
    order = (table.c.environment_id, row_id_column(table))
    query = select(*order, table.c.key_id, table.c.wrapped_key).where(condition).order_by(*order).limit(limit)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(after.environment_id, after.row_id))
    async with database.engine.connect() as connection:
        return [
            SealedRow(table=table.name, environment_id=row[0], row_id=row[1], key_id=row[2], wrapped_key=row[3])
            for row in await connection.execute(query)
        ]


async def replace_wrappings(database: Database, name: str, replaced: Sequence[tuple[SealedRow, str, bytes]]) -> int:
    """Write new wrappings, each only over the one that was read; how many were written.

    Nothing a reader keeps grows old by it: the data key is the same.
    """
    table, written = sealed_tables()[name], 0
    async with database.transaction() as connection:
        for row, key_id, wrapped in replaced:
            query = update(table).where(
                table.c.environment_id == row.environment_id,
                row_id_column(table) == row.row_id,
                table.c.wrapped_key == row.wrapped_key,
            )
            result = await connection.execute(query.values(key_id=key_id, wrapped_key=wrapped))
            written += result.rowcount
    return written


async def uses(database: Database) -> dict[str, int]:
    """How many rows need each key."""
    found: dict[str, int] = {}
    async with database.engine.connect() as connection:
        for table in sealed_tables().values():
            query = select(table.c.key_id, func.count()).group_by(table.c.key_id)
            for key_id, count in await connection.execute(query):
                found[key_id] = found.get(key_id, 0) + count
    return found


async def told_under(database: Database, key_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """What needs these keys, by table, as it may be told."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with database.engine.connect() as connection:
        for name, table in sealed_tables().items():
            columns = [table.c[column] for column in _TOLD if column in table.c]
            query = select(*columns).where(table.c.key_id.in_(key_ids)).order_by(*table.primary_key)
            found[name] = [dict(row._mapping) for row in await connection.execute(query)]
    return found


async def sealed_and_kept(write: Callable[[], Awaitable[T]]) -> T:
    """Seal and write, and again where the key was retired in between."""
    for _ in range(SEALED_AGAIN_MAX):
        with suppress(KeyRetiredMeanwhile):
            return await write()
    raise Conflict("keys are being rotated: try again")


@asynccontextmanager
async def sealing(database: Database, key_id: str) -> AsyncIterator[AsyncConnection]:
    """A transaction that writes a row sealed under that key; `KeyRetiredMeanwhile` where the key is gone by now."""
    try:
        async with database.transaction() as connection:
            yield connection
    except IntegrityError:
        query = select(sealing_key.c.id).where(sealing_key.c.id == key_id)
        async with database.engine.connect() as connection:
            if (await connection.execute(query)).scalar_one_or_none() is None:
                raise KeyRetiredMeanwhile from None
        raise
