"""Links and sessions of the console as rows, of which only hashes are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.console_tables import console_link as link
from app.db.console_tables import console_session as session
from app.db.engine import Database
from app.db.tables import environment

_NAME = environment.c.name.label("environment_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A one-time link: where it leads, and whether it was used."""

    environment_id: str
    environment_name: str
    spent_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session to be written; `token_id` is the API token that opened it, where one did."""

    secret_hash: bytes
    environment_id: str
    token_id: str | None
    expires_at: datetime


class ConsoleStore:
    """Reads and writes both."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_link(self, token_hash: bytes, environment_id: str, expires_at: datetime) -> None:
        """Insert a link."""
        values = {"token_hash": token_hash, "environment_id": environment_id, "expires_at": expires_at}
        async with self._database.transaction() as connection:
            await connection.execute(insert(link).values(**values))

    async def link(self, token_hash: bytes) -> Link | None:
        """The link, used or not."""
        query = (
            select(link.c.environment_id, _NAME, link.c.spent_at, link.c.expires_at)
            .join_from(link, environment)
            .where(link.c.token_hash == token_hash)
        )
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Link(**row._mapping) if row is not None else None

    async def spend_link(self, token_hash: bytes, now: datetime, opened: NewSession) -> bool:
        """Use the link up for a session; False where it is not good (any more), even by a moment."""
        query = (
            update(link)
            .where(link.c.token_hash == token_hash, link.c.spent_at.is_(None), link.c.expires_at > now)
            .values(spent_at=now)
        )
        async with self._database.transaction() as connection:
            if (await connection.execute(query)).rowcount != 1:
                return False
            await _add_session(connection, opened)
            return True

    async def add_session(self, opened: NewSession) -> bool:
        """Insert a session; False where its API token is gone."""
        try:
            async with self._database.transaction() as connection:
                await _add_session(connection, opened)
        except IntegrityError:
            return False
        return True

    async def session(self, secret_hash: bytes, now: datetime) -> Row[*tuple[Any, ...]] | None:
        """The session with what of its environment every page needs, if it has not ended."""
        query = (
            select(
                session.c.environment_id,
                _NAME,
                environment.c.allow_private_hosts,
                session.c.token_id,
                session.c.expires_at,
            )
            .join_from(session, environment)
            .where(session.c.secret_hash == secret_hash, session.c.expires_at > now)
        )
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).one_or_none()

    async def end_session(self, secret_hash: bytes) -> None:
        """Delete a session."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(session).where(session.c.secret_hash == secret_hash))

    async def prune(self, links_before: datetime, now: datetime) -> None:
        """Delete sessions that are over, and links that expired before then."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(session).where(session.c.expires_at <= now))
            await connection.execute(delete(link).where(link.c.expires_at < links_before))


async def _add_session(connection: AsyncConnection, opened: NewSession) -> None:
    values = {name: getattr(opened, name) for name in NewSession.__dataclass_fields__}
    await connection.execute(insert(session).values(**values))
