"""Environments' own OAuth clients: kept, their secrets sealed, and handed to whoever calls a token endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from app.connections.key_service import KeyGone, VaultProblem
from app.connections.vault import Place, Vault, WrappedKey
from app.db.engine import Database, mark_changed
from app.db.sealed import sealing
from app.db.tables import environment_integration as table
from app.errors import FieldError, KeysUnavailable, ValidationFailed
from providers.kit.clock import Clock
from providers.kit.provider import OAuthClient

SECRET = "client_secret"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentIntegration:
    """One environment's settings of one integration. The secret is sealed."""

    environment_id: str
    integration: str
    is_enabled: bool
    client_id: str | None
    settings: Mapping[str, Any]
    key_id: str
    wrapped_key: bytes = field(repr=False)
    secrets: bytes = field(repr=False)
    created_at: datetime
    updated_at: datetime

    has_secret: bool

    @property
    def place(self) -> Place:
        """What its ciphertext is bound to."""
        return place_of(self.environment_id, self.integration)

    @property
    def key(self) -> WrappedKey:
        """Its data key, wrapped."""
        return WrappedKey(self.key_id, self.wrapped_key)


def place_of(environment_id: str, integration: str) -> Place:
    """What the ciphertext of an environment's integration is bound to."""
    return Place(environment_id, integration, table.name)


class EnvironmentIntegrations:
    """Reads and writes them; one that was never put is enabled and has no client."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def find(self, environment_id: str, integration: str) -> EnvironmentIntegration | None:
        """The settings, where they were put."""
        query = select(table).where(table.c.environment_id == environment_id, table.c.integration == integration)
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return EnvironmentIntegration(**row._mapping) if row is not None else None

    async def of(self, environment_id: str) -> Sequence[EnvironmentIntegration]:
        """All that the environment has put."""
        query = select(table).where(table.c.environment_id == environment_id).order_by(table.c.integration)
        async with self._database.engine.connect() as connection:
            return [EnvironmentIntegration(**row._mapping) for row in await connection.execute(query)]

    async def put(
        self,
        environment_id: str,
        integration: str,
        *,
        is_enabled: bool,
        client_id: str | None,
        client_secret: str | None,
        settings: Mapping[str, Any],
    ) -> EnvironmentIntegration:
        """Replace the settings whole. A secret that is left out stays with the client it was given for."""
        old = await self.find(environment_id, integration)
        secret = client_secret
        if secret is None and old is not None and client_id is not None and old.client_id == client_id:
            secret = await self._kept_secret(old)
        secrets = {SECRET: secret} if secret is not None else {}
        sealed = await self._vault.seal_afresh(secrets, place_of(environment_id, integration))
        now = self._clock.now()
        values = {
            **sealed,
            "is_enabled": is_enabled,
            "client_id": client_id,
            "has_secret": secret is not None,
            "settings": dict(settings),
            "updated_at": now,
        }
        named = {"environment_id": environment_id, "integration": integration}
        if not await self._change(named, values):
            try:
                async with sealing(self._database, sealed["key_id"]) as connection:
                    await connection.execute(insert(table).values(**named, **values, created_at=now))
                    await mark_changed(connection)
            except IntegrityError:
                await self._change(named, values)  # Another call has put it first.
        found = await self.find(environment_id, integration)
        assert found is not None  # noqa: S101 - it was written just now, and is never deleted
        return found

    async def client(self, environment_id: str, integration: str) -> OAuthClient | None:
        """The environment's own OAuth client, with its secret opened; None where it has none."""
        found = await self.find(environment_id, integration)
        return await self.client_of(found) if found is not None else None

    async def client_of(self, found: EnvironmentIntegration) -> OAuthClient | None:
        """The client of settings that are at hand."""
        if found.client_id is None:
            return None
        try:
            secrets = await self._opened(found)
        except (KeyGone, VaultProblem):
            # The owner must put it again; meanwhile nobody's grant is called dead.
            raise KeysUnavailable("the environment's own OAuth client cannot be opened") from None
        return OAuthClient(
            client_id=found.client_id, client_secret=secrets.get(SECRET), settings=dict(found.settings)
        )

    async def _kept_secret(self, old: EnvironmentIntegration) -> str | None:
        try:
            return (await self._opened(old)).get(SECRET)
        except (KeyGone, VaultProblem):
            wrong = FieldError(SECRET, "must be given again: the one that is kept cannot be opened")
            raise ValidationFailed("the settings are not complete", errors=[wrong]) from None

    async def _opened(self, found: EnvironmentIntegration) -> Mapping[str, str]:
        try:
            return await self._vault.open(found.secrets, found.key, found.place)
        except (KeyGone, VaultProblem):
            current = await self.find(found.environment_id, found.integration)
            if current is None or current.wrapped_key == found.wrapped_key:
                raise
            # Its key was rotated and retired since it was read.
            return await self._vault.open(current.secrets, current.key, current.place)

    async def _change(self, named: Mapping[str, str], values: Mapping[str, Any]) -> bool:
        query = update(table).values(**values)
        for name, value in named.items():
            query = query.where(table.c[name] == value)
        async with sealing(self._database, values["key_id"]) as connection:
            changed = (await connection.execute(query)).rowcount == 1
            await mark_changed(connection)
            return changed
