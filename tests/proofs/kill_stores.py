"""Stores for processes that are killed: each has an environment and a token, and is copied from one made once."""

from __future__ import annotations

import itertools
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.connections.keys import new_key
from app.parts import build_parts
from app.settings import Settings
from app.tokens.tokens import SCOPES
from providers.kit.clock import SystemClock
from tests.proofs.postgres import administer, database_at, postgres
from tests.world import encoded_key, new_environment, settings_in

_TEMPLATE = "ledgerway_kills"
_EMBEDDED, _POSTGRES = "template", "template-postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store of its own: what its gateways are told, and what callers need."""

    var_dir: Path
    url: str
    environment: Mapping[str, str]
    environment_id: str
    token: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What a caller sends."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(slots=True)
class Stores:
    """Hands out stores: SQLite's, and PostgreSQL's in turn where there is a server."""

    folder: Path
    embedded: Store
    server: str | None
    postgres: Store | None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @asynccontextmanager
    async def new(self) -> AsyncIterator[Store]:
        """One that nobody has used, gone after the block."""
        number = next(self._numbers)
        var_dir = self.folder / str(number)
        if self.server is None or self.postgres is None or number % 2 == 0:
            shutil.copytree(self.embedded.var_dir, var_dir)
            yield _moved(self.embedded, var_dir, Settings(var_dir=var_dir).database, {})
            shutil.rmtree(var_dir, ignore_errors=True)
            return
        var_dir.mkdir()
        name = f"ledgerway_kill_{uuid.uuid4().hex}"
        await administer(self.server, f'CREATE DATABASE "{name}" TEMPLATE "{_TEMPLATE}"')
        environment = {**self.postgres.environment, "LEDGERWAY_DATABASE_URL": database_at(self.server, name)}
        yield _moved(self.postgres, var_dir, _driven(self.server, name), environment)
        await administer(self.server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _moved(store: Store, var_dir: Path, url: str, environment: Mapping[str, str]) -> Store:
    return Store(
        var_dir=var_dir, url=url, environment=environment, environment_id=store.environment_id, token=store.token
    )


def _driven(server: str, name: str) -> str:
    return database_at(server, name).replace("postgresql://", "postgresql+asyncpg://")


@asynccontextmanager
async def stores(folder: Path, *, with_postgres: bool) -> AsyncIterator[Stores]:
    """Stores below a folder, made from templates."""
    async with AsyncExitStack() as stack:
        for name in (_EMBEDDED, _POSTGRES):
            (folder / name).mkdir()
        embedded = await _template(folder / _EMBEDDED, {})
        if not with_postgres:
            yield Stores(folder, embedded, None, None)
            return
        server = await stack.enter_async_context(postgres())
        await administer(server, f'DROP DATABASE IF EXISTS "{_TEMPLATE}"')
        await administer(server, f'CREATE DATABASE "{_TEMPLATE}"')
        told = {"database_url": database_at(server, _TEMPLATE), "encryption_keys": encoded_key("k1", new_key())}
        yield Stores(folder, embedded, server, await _template(folder / _POSTGRES, told))
        await administer(server, f'DROP DATABASE "{_TEMPLATE}"')


async def _template(var_dir: Path, told: Mapping[str, str]) -> Store:
    settings = settings_in(var_dir, **told)
    parts = await build_parts(settings, SystemClock())
    try:
        environment_id = await new_environment(parts)
        _, token = await parts.tokens.create(environment_id, SCOPES, "proof")
    finally:
        await parts.close()
    return Store(
        var_dir=var_dir,
        url=settings.database,
        environment={f"LEDGERWAY_{name.upper()}": value for name, value in told.items()},
        environment_id=environment_id,
        token=token,
    )
