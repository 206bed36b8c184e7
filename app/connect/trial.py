"""Credentials tried before there is an account: a failed try leaves nothing behind."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from app.connections.connection import Connection
from app.connections.references import KeptReferences
from app.connections.store import IntegratedAccount
from app.errors import NeedsReauth
from app.quota.pacer import Pacer
from app.upstream.health import alone
from app.upstream.sender import Upstream
from app.usage.spending import nobodys
from providers.kit.client import Client
from providers.kit.clock import Clock
from providers.kit.provider import Context, Inspection, Provider

CHECK_SECONDS = 30.0
PROBE_SECONDS = 15.0


class _AsGiven:
    """Credentials that are as good as they are: nothing renews them yet."""

    async def renew(self, connection: Connection) -> bool:
        """There is nothing to renew with."""
        del connection
        return False

    def worked(self, connection: Connection) -> None:
        """There is nothing to remember."""
        del connection

    async def refusal(self, connection: Connection) -> Exception:
        """They are refused."""
        del connection
        return NeedsReauth("the provider refuses the credentials")


class Trials:
    """Tries contexts and addresses out, over the guarded connections."""

    def __init__(self, upstream: Upstream, clock: Clock, pacer: Pacer) -> None:
        self._upstream = upstream
        self._clock = clock
        self._pacer = pacer

    async def inspect(self, provider: Provider, context: Context, *, allow_private: bool) -> Inspection:
        """What real calls find out with the context. Raises `NeedsReauth` or any `ProviderError`."""
        connection = self._connection(provider, context.settings, context.secrets, allow_private=allow_private)
        return await provider.inspect(connection.client(CHECK_SECONDS))

    async def probe(self, provider: Provider, settings: Mapping[str, Any], *, allow_private: bool) -> None:
        """Whether the address that the customer typed is one of the provider's. Raises as `inspect`."""
        if provider.probe is None:
            return
        client = Client(
            provider_name=provider.name,
            base_url=provider.base_url(settings),
            settings=settings,
            send=lambda request: self._upstream.send(request, allow_private=allow_private),
            read_error=provider.read_error,
            clock=self._clock,
            references=KeptReferences(self._clock),
            headers=provider.headers,
            deadline_seconds=PROBE_SECONDS,
        )
        await provider.probe(client)

    def _connection(
        self, provider: Provider, settings: Mapping[str, Any], secrets: Mapping[str, str], *, allow_private: bool
    ) -> Connection:
        connection = Connection(
            provider=provider,
            allow_private=allow_private,
            pace=self._pacer.trial(provider),
            references=KeptReferences(self._clock),
            upstream=self._upstream,
            clock=self._clock,
            credentials=_AsGiven(),
            health=alone(provider.slug, self._clock),
            spending=nobodys(self._clock),
        )
        now = self._clock.now()
        account = IntegratedAccount(
            id=str(uuid.uuid4()),
            environment_id="",
            tenant_id="",
            integration=provider.slug,
            status="connecting",
            status_reason=None,
            settings=settings,
            key_id="",
            wrapped_key=b"",
            secrets=b"",
            token_expires_at=None,
            version=0,
            refresh_owner=None,
            refresh_until=None,
            created_at=now,
            updated_at=now,
        )
        connection.adopt(account, secrets)
        return connection
