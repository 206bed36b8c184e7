"""Brings the tables up to date: once, however many processes start, and without keeping callers waiting.

A migration only adds, so that the version before goes on serving while it runs and after it (CONTRIBUTING.md).
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.logs import get_logger
from app.starting import NotStarted

log = get_logger()

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 712003
# Whoever waits for a table's lock keeps everybody behind it waiting: not for long, but again and again.
LOCK_SECONDS = 1.0
ATTEMPTS_MAX = 30
_PAUSE_SECONDS = (0.5, 2.0)
_LOCK_NOT_AVAILABLE = "55P03"


async def migrate(engine: AsyncEngine) -> None:
    """Run what is missing; `NotStarted` where the database cannot be reached or is too busy."""
    try:
        connection = await engine.connect()
    except Exception as error:
        raise NotStarted(f"the database cannot be reached ({type(error).__name__})") from error
    try:
        if not await connection.run_sync(_is_current):
            await _run(connection)
    finally:
        await connection.close()


async def _run(connection: AsyncConnection) -> None:
    await connection.rollback()
    if connection.dialect.name == "postgresql":
        await _migrate_postgres(connection)
        return
    # It waits for whoever else writes.
    await connection.exec_driver_sql("BEGIN IMMEDIATE")
    await connection.run_sync(_upgrade)
    await connection.commit()


async def _migrate_postgres(connection: AsyncConnection) -> None:
    """Each migration in a transaction of its own, under a lock that no caller needs."""
    await connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
    await connection.execute(text(f"SET lock_timeout = {round(LOCK_SECONDS * 1_000)}"))
    await connection.commit()
    try:
        await _upgrade_between_calls(connection)
    finally:
        await connection.execute(text("RESET lock_timeout"))
        await connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
        await connection.commit()


async def _upgrade_between_calls(connection: AsyncConnection) -> None:
    for _ in range(ATTEMPTS_MAX):
        try:
            await connection.run_sync(_upgrade)
        except DBAPIError as error:
            await connection.rollback()
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            log.warning("a migration waits for a table that is in use")
            await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311 - only so that nobody is met again
        else:
            return
    raise NotStarted("the database is too busy to be migrated: try again, or end what holds its tables")


def _upgrade(connection: Connection) -> None:
    if _is_current(connection):
        return
    if connection.dialect.name == "postgresql":
        connection.rollback()
    # A process that only serves need not hold what migrates: some 11 MB.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_current(connection: Connection) -> bool:
    """Whether the newest migration that is known here has run. Their files begin with their numbers, in order.

    A newer version may have brought its own; it has only added to what this one needs.
    """
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    if not inspect(connection).has_table("alembic_version"):
        return False
    reached: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return reached is not None and reached >= newest
