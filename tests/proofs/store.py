"""The store that a proof runs on: SQLite's file by default, or PostgreSQL and Redis where it is asked to."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.connections.keys import new_key
from app.db.engine import Database
from app.settings import Settings
from tests.proofs.postgres import GIVEN as GIVEN_POSTGRES
from tests.proofs.postgres import empty_database, postgres
from tests.proofs.redis import redis
from tests.world import encoded_key, settings_in

KIND = "LEDGERWAY_PROOF_STORE"
SQLITE, FLEET = KINDS = ("sqlite", "fleet")
TEMPLATE = "LEDGERWAY_PROOF_TEMPLATE"
GIVEN_REDIS = "LEDGERWAY_TEST_REDIS_URL"
REDIS_DATABASES = 15

_SECRETS = ("database_url", "redis_url", "encryption_keys", "key_service_token")
# Each process begins elsewhere.
_numbers = itertools.count(os.getpid())


@asynccontextmanager
async def servers(kind: str) -> AsyncIterator[None]:
    """Have every store of the block be of that kind; what it takes is started once."""
    async with AsyncExitStack() as stack:
        told = {KIND: kind}
        if kind == FLEET:
            server = await stack.enter_async_context(postgres())
            told |= {GIVEN_POSTGRES: server, TEMPLATE: await stack.enter_async_context(_migrated(server))}
            told[GIVEN_REDIS] = os.environ.get(GIVEN_REDIS) or (await stack.enter_async_context(redis())).url
        before = {name: os.environ.get(name) for name in told}
        os.environ.update(told)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


@asynccontextmanager
async def store_in(var_dir: Path, **more: Any) -> AsyncIterator[Settings]:
    """Settings of an empty store of the kind that was asked for."""
    if os.environ.get(KIND, SQLITE) != FLEET:
        yield settings_in(var_dir, **more)
        return
    async with postgres() as server, empty_database(server, os.environ[TEMPLATE]) as url:
        keys = encoded_key("k1", new_key())
        shared = redis_database(os.environ[GIVEN_REDIS])
        yield settings_in(var_dir, database_url=url, redis_url=shared, encryption_keys=keys, **more)


@asynccontextmanager
async def _migrated(server: str) -> AsyncIterator[str]:
    """The name of a database to copy: that is quicker than migrating each."""
    async with empty_database(server) as url:
        database = Database(url.replace("postgresql://", "postgresql+asyncpg://"))
        await database.migrate()
        await database.close()
        yield urlsplit(url).path.removeprefix("/")


def redis_database(server: str) -> str:
    """One of the server's databases, as an installation has that shares it."""
    return f"{server}/{next(_numbers) % REDIS_DATABASES + 1}"


def variables(settings: Settings) -> dict[str, str]:
    """What a process on that store is told."""
    given = {
        "var_dir": str(settings.var_dir),
        "allow_private_hosts": settings.allow_private_hosts,
        "key_service": settings.key_service,
    }
    for name in _SECRETS:
        secret = getattr(settings, name)
        given[name] = secret.get_secret_value() if secret is not None else None
    return {f"LEDGERWAY_{name.upper()}": value for name, value in given.items() if value is not None}
