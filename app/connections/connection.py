"""An open connection: one account's address and credentials at hand, and its way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from app.connections.store import IntegratedAccount
from app.errors import NeedsReauth, RetryWithNewToken
from app.quota.gate import Gate
from app.upstream.answer import UpstreamAnswer
from app.upstream.sender import Upstream
from providers.kit.client import References
from providers.kit.clock import Clock
from providers.kit.provider import Provider
from providers.kit.upstream import Request

EARLY = timedelta(seconds=60)

# No caller may send these to any provider: they carry credentials there.
_CREDENTIAL_HEADERS = frozenset({b"authorization", b"cookie"})


class Credentials(Protocol):
    """Who keeps the account's tokens fresh."""

    async def renew(self, connection: Connection) -> bool:
        """Bring newer credentials into the connection; False where there is no way to renew them."""

    async def lost(self, connection: Connection) -> None:
        """The provider refuses the account's credentials for good."""


class Connection:
    """What a call needs of an account, kept in memory between calls. Secrets only live in the headers."""

    __slots__ = (
        "_clock",
        "_credentials",
        "_secrets",
        "_upstream",
        "account",
        "allow_private",
        "base_url",
        "credential_header_names",
        "gate",
        "provider",
        "references",
        "settings",
        "signing_headers",
    )

    def __init__(
        self,
        *,
        provider: Provider,
        allow_private: bool,
        gate: Gate,
        references: References,
        upstream: Upstream,
        clock: Clock,
        credentials: Credentials | None,
    ) -> None:
        self.provider = provider
        self.allow_private = allow_private
        self.gate = gate
        self.references = references
        self._upstream = upstream
        self._clock = clock
        self._credentials = credentials
        self.account: IntegratedAccount
        self.settings: Mapping[str, Any]

    def adopt(self, account: IntegratedAccount, secrets: Mapping[str, str]) -> None:
        """Take the account as it now is, with its secrets opened."""
        self.account = account
        self.settings = account.settings
        self._secrets = dict(secrets)
        self.base_url = self.provider.base_url(account.settings)
        self.signing_headers = tuple(self.provider.sign(account.settings, secrets))
        named = {name.lower().encode("latin-1") for name, _ in self.signing_headers}
        self.credential_header_names = _CREDENTIAL_HEADERS | named | self.provider.credential_headers

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.account.id

    @property
    def environment_id(self) -> str:
        """The environment it belongs to."""
        return self.account.environment_id

    def secrets_for_renewal(self) -> Mapping[str, str]:
        """The opened secrets, for whoever renews them."""
        return self._secrets

    def __repr__(self) -> str:
        return f"Connection({self.account.id}, {self.provider.slug})"

    async def send(self, request: Request) -> UpstreamAnswer:
        """Sign and send. A 401 renews the credentials and sends once more, then the account is lost.

        Raises `NeedsReauth` for credentials that are refused, `RetryWithNewToken` where they were renewed
        but the body was streamed and cannot be sent again, and what `Upstream.send` raises.
        """
        expires_at = self.account.token_expires_at
        if expires_at is not None and self._credentials and self._clock.now() >= expires_at - EARLY:
            await self._credentials.renew(self)
        version = self.account.version
        answer = await self._send_once(request)
        if answer.status != 401:
            return answer
        await answer.close()
        if self._credentials is None:
            raise NeedsReauth("the provider refuses the credentials")
        if self.account.version == version and not await self._credentials.renew(self):
            await self._credentials.lost(self)
            raise NeedsReauth("the provider refuses the account's credentials")
        if request.body is not None and not isinstance(request.body, bytes):
            raise RetryWithNewToken("the access token was renewed; send the request again")
        answer = await self._send_once(request)
        if answer.status == 401:
            await answer.close()
            await self._credentials.lost(self)
            raise NeedsReauth("the provider refuses the account's credentials")
        return answer

    async def _send_once(self, request: Request) -> UpstreamAnswer:
        gate = self.gate
        await gate.enter()
        try:
            signed = request.with_headers(self.signing_headers) if request.wants_signing else request
            answer = await self._upstream.send(signed, allow_private=self.allow_private)
        except BaseException:
            gate.leave()
            raise
        answer.on_close = gate.leave
        return answer
