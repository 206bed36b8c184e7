"""An open connection: one account's address and credentials at hand, and its way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from app.connections.meter import Meter, Trip, Untold
from app.connections.store import IntegratedAccount
from app.errors import AccountNotReady, NeedsReauth, RetryWithNewToken
from app.quota.pace import Pace
from app.upstream.answer import UpstreamAnswer
from app.upstream.health import Health
from app.upstream.sender import Upstream
from app.usage.spending import Outcome, Spending, outcome_of
from providers.kit.client import Client, References
from providers.kit.clock import Clock
from providers.kit.errors import (
    BadAnswer,
    ForbiddenAddress,
    ProviderError,
    RateLimited,
    TimedOut,
    Unavailable,
    Unreached,
)
from providers.kit.provider import Provider
from providers.kit.upstream import Request, Send

EARLY = timedelta(seconds=60)

# No caller may send these to any provider: they carry credentials there.
_CREDENTIAL_HEADERS = frozenset({b"authorization", b"cookie"})


class Credentials(Protocol):
    """Who keeps the account's tokens fresh."""

    async def renew(self, connection: Connection) -> bool:
        """Bring newer credentials into the connection; False where there is no way to renew them."""

    def worked(self, connection: Connection) -> None:
        """Take note that new credentials have been accepted. Called on a caller's path: it must not wait."""

    async def refusal(self, connection: Connection) -> Exception:
        """What it means that a call was refused with credentials that cannot be renewed."""


def renew_at(account: IntegratedAccount) -> datetime | None:
    """From when a call renews the access token first.

    A provider may answer with the old token and the rest of its life: one that is renewed late is used for half
    of what it has left, or every call would renew it again.
    """
    expires_at, renewed_at = account.token_expires_at, account.renewed_at
    if expires_at is None:
        return None
    if renewed_at is None or expires_at <= renewed_at:
        return expires_at - EARLY
    return max(expires_at - EARLY, renewed_at + (expires_at - renewed_at) / 2)


def loss_of(account: IntegratedAccount) -> NeedsReauth:
    """What a call of an account is told that only its customer can bring back."""
    return NeedsReauth("the account must be connected again", lost=account.loss, reason_code=account.reason_code)


class Connection:
    """What a call needs of an account, kept in memory between calls. Secrets only live in the headers."""

    __slots__ = (
        "_clock",
        "_credentials",
        "_is_untried",
        "_renew_at",
        "_secrets",
        "_spending",
        "_upstream",
        "account",
        "allow_private",
        "base_url",
        "credential_header_names",
        "health",
        "pace",
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
        pace: Pace,
        references: References,
        upstream: Upstream,
        clock: Clock,
        credentials: Credentials,
        health: Health,
        spending: Spending,
    ) -> None:
        self.health = health
        self.provider = provider
        self.allow_private = allow_private
        self.pace = pace
        self.references = references
        self._upstream = upstream
        self._clock = clock
        self._credentials = credentials
        self._spending = spending
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
        self._renew_at = renew_at(account)
        self._is_untried = account.previous_secrets is not None

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.account.id

    @property
    def environment_id(self) -> str:
        """The environment it belongs to."""
        return self.account.environment_id

    @property
    def can_be_renewed(self) -> bool:
        """Whether there is a refresh token."""
        return bool(self._secrets.get("refresh_token"))

    def check_ready(self) -> None:
        """Raises `AccountNotReady` or `NeedsReauth` for an account that is not to be called."""
        account = self.account
        if account.status == "active":
            return
        if account.status == "needs_reauth":
            raise loss_of(account)
        raise AccountNotReady(f"the account's status is {account.status}")

    def __repr__(self) -> str:
        return f"Connection({self.account.id}, {self.provider.slug})"

    def client(self, deadline_seconds: float, meter: Meter | None = None, send: Send | None = None) -> Client:
        """A client of the provider for one call, whose time runs from now."""
        provider = self.provider
        told = meter or Untold()
        return Client(
            provider_name=provider.name,
            base_url=self.base_url,
            settings=self.settings,
            send=send or partial(self.send, meter=told),
            read_error=provider.read_error,
            clock=self._clock,
            references=self.references,
            headers=provider.headers,
            secrets=lambda: tuple(self._secrets.values()),
            deadline_seconds=deadline_seconds,
            retries=self.health.retries,
            note=partial(self._note_failure, told, told.provider_calls),
        )

    def note_passed_on(self, answer: UpstreamAnswer) -> None:
        """Take note of an answer of 502 and above that goes to the caller as it is: its body is not looked into."""
        self.note(self.provider.read_error(answer.status, answer.header, b"").error)

    def _note_failure(self, meter: Meter, calls_before: int, error: type[ProviderError]) -> None:
        """What a client makes of an answer of 500 and above, or of none in time."""
        # A call that had not left yet has waited for its place or for a token: that says nothing of the provider.
        if error is not TimedOut or meter.provider_calls > calls_before:
            self.note(error)

    def note(self, error: type[ProviderError]) -> None:
        """Take note of what an answer, or none, says of the provider."""
        if issubclass(error, Unavailable | TimedOut):
            self.health.failed()
        elif self.health.is_troubled:
            self.health.worked()

    async def send(self, request: Request, meter: Meter | None = None) -> UpstreamAnswer:
        """Sign and send. A 401 renews the credentials and sends once more, then the account may be lost.

        Raises `NeedsReauth` for credentials that are refused, `Forbidden` where only this call is,
        `RetryWithNewToken` where they were renewed but the body was streamed and cannot be sent again, `Resting`
        where the provider is left alone, and what `Upstream.send` raises.
        """
        told = meter or Untold()
        if self.health.is_troubled:
            self.health.admit()
        if self._renew_at is not None and self._clock.now() >= self._renew_at:
            await self._renew_early()
        version = self.account.version
        answer = await self.send_once(request, told)
        if answer.status != 401:
            if self._is_untried:
                self._note_success(version)
            return answer
        await answer.close()
        if self.account.version == version and not await self._credentials.renew(self):
            raise await self._credentials.refusal(self)
        if request.body is not None and not isinstance(request.body, bytes):
            raise RetryWithNewToken("the access token was renewed; send the request again")
        version = self.account.version
        answer = await self.send_once(request, told)
        if answer.status == 401:
            await answer.close()
            raise await self._credentials.refusal(self)
        self._note_success(version)
        return answer

    def _note_success(self, version: int) -> None:
        """Tell once that the credentials of that version work; others may have come while they were used."""
        if self._is_untried and self.account.version == version:
            self._is_untried = False
            self._credentials.worked(self)

    async def _renew_early(self) -> None:
        """Renew ahead of expiry; while the old token still lives, an outage of the token endpoint is no failure."""
        expires_at = self.account.token_expires_at
        try:
            await self._credentials.renew(self)
        except (Unavailable, TimedOut, BadAnswer, RateLimited):
            if expires_at is None or self._clock.now() >= expires_at:
                raise
            # The calls until then are not to wait for the same outage, each in its turn.
            self._renew_at = expires_at

    async def send_once(self, request: Request, meter: Meter | None = None) -> UpstreamAnswer:
        """Sign and send once the account's budget and pace allow it, whatever the answer says."""
        told = meter or Untold()
        pace, spending, now = self.pace, self._spending, self._clock.monotonic
        asked = now()
        spending.take(asked, told.wishes)
        told.leave(asked)
        try:
            permit = pace.try_enter(told) or await pace.enter(told, request.first_byte_seconds)
        except BaseException:
            spending.give_back()
            told.come_back(now())
            raise
        started = now()
        told.provider_calls += 1

        def closed(outcome: Outcome, *, was_sent: bool = True, status: int = 0) -> None:
            ended = now()
            spending.settle(ended - started, outcome)
            if told.trips is not None:
                path = request.url.removeprefix(self.base_url)
                told.trips.append(Trip(request.method, path, asked, started, ended, status))
            told.provider_seconds += ended - started
            told.come_back(ended)
            pace.leave(permit, was_sent=was_sent)

        try:
            signed = request.with_headers(self.signing_headers) if request.wants_signing else request
            answer = await self._upstream.send(signed, allow_private=self.allow_private)
        except BaseException as error:
            outcome: Outcome = "failed" if isinstance(error, ProviderError) else "answered"
            closed(outcome, was_sent=not isinstance(error, Unreached | ForbiddenAddress))
            if isinstance(error, Unavailable | TimedOut):
                self.note(type(error))
            raise
        pace.heard(permit, answer.status, answer.header)

        def over() -> None:
            outcome = "failed" if answer.has_stalled else outcome_of(answer, self.provider.limits)
            closed(outcome, status=answer.status)
            if answer.has_stalled:
                self.note(TimedOut)
            elif answer.status < 500 and self.health.is_troubled and answer.is_whole:
                self.health.worked()

        answer.on_close = over
        return answer
