"""What tests are given: settings for each kind of store, and a gateway serving on it."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from app.connections.keys import new_key
from app.db.engine import Database
from app.settings import Settings
from tests.proofs.store import redis_database
from tests.world import World, encoded_key, gateway, settings_in

POSTGRES = os.environ.get("LEDGERWAY_TEST_DATABASE_URL")
REDIS = os.environ.get("LEDGERWAY_TEST_REDIS_URL")
EMBEDDED = "sqlite"
SHARED = pytest.param("postgres", marks=pytest.mark.skipif(POSTGRES is None, reason="there is no PostgreSQL here"))
STORES = (EMBEDDED, SHARED)
on_embedded = pytest.mark.parametrize("settings", [EMBEDDED], indirect=True)
on_shared = pytest.mark.parametrize("settings", [SHARED], indirect=True)
# Each process of the suite has its own.
TEMPLATE = f"ledgerway_template_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(params=STORES)
async def settings(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """An empty store of each kind, gone after the test."""
    if request.param == "sqlite":
        yield settings_in(tmp_path)
        return
    name = f"ledgerway_{uuid.uuid4().hex}"
    await _ensure_template()
    await _administer(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    keys = encoded_key("k1", new_key())
    shared = redis_database(REDIS) if REDIS is not None else None
    yield settings_in(tmp_path, database_url=url_of(name), redis_url=shared, encryption_keys=keys)
    await _administer(f'DROP DATABASE "{name}"')


@pytest.fixture
def redis_url() -> str:
    """The test's Redis. It is shared: a test must use names that no other has."""
    if REDIS is None:
        pytest.skip("there is no Redis here")
    return REDIS


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """A gateway serving on each kind of store."""
    async with gateway(settings) as running:
        yield running


@pytest.fixture
async def light(tmp_path: Path) -> AsyncIterator[World]:
    """A gateway on SQLite, for what does not touch the store."""
    async with gateway(settings_in(tmp_path)) as running:
        yield running


def url_of(database: str) -> str:
    return urlunsplit(urlsplit(str(POSTGRES))._replace(path=f"/{database}"))


async def _administer(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


_has_template = False


async def _ensure_template() -> None:
    """A migrated database to copy: copying is some ten times quicker than migrating."""
    global _has_template  # noqa: PLW0603 - one for the whole run, whatever loop a test has
    if _has_template:
        return
    await _administer(f'DROP DATABASE IF EXISTS "{TEMPLATE}"')
    await _administer(f'CREATE DATABASE "{TEMPLATE}"')
    database = Database(url_of(TEMPLATE).replace("postgresql://", "postgresql+asyncpg://"))
    await database.migrate()
    await database.close()
    _has_template = True
