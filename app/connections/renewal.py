"""One renewal of one account's tokens: claimed, asked for, committed.

The order is what makes it survive a crash at any point: the intent is committed before the provider is asked,
the new tokens before they are used, and the intent goes in the same statement that brings them.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app import metrics
from app.connections.lease import LEASE, RETRY_AT_ONCE, RETRY_MAX, held, retry_after
from app.connections.lease_store import LeaseStore
from app.connections.oauth import EnvironmentClient, OAuthCalls, TokenCall, client_in_use
from app.connections.opening import AccountOpener
from app.connections.reasons import is_of_client, is_verdict, lost, reason_of
from app.connections.store import AccountStore, IntegratedAccount
from app.connections.vault import Vault
from app.errors import Conflict, NotFound
from app.logs import get_logger
from providers.kit.clock import Clock
from providers.kit.errors import ForbiddenAddress, ProviderError, Unauthorised, Unavailable, Unreached
from providers.kit.provider import NewTokens, Provider
from providers.kit.registry import all_providers

log = get_logger()

WRITES_MAX = 10
SAVES_MAX = 40
SAVE_AGAIN_SECONDS = 0.75
END_SECONDS_MAX = 45.0
"""How long a process that stops waits for renewals under way: two calls and what it takes to save."""

Values = Callable[[IntegratedAccount], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A renewal that was begun: the account as it was claimed, and by whom."""

    account: IntegratedAccount
    owner: str
    provider: Provider
    allow_private: bool
    is_first: bool
    """No earlier one was left behind whose end nobody knows."""


class Renewals:
    """Begins and finishes renewals."""

    def __init__(
        self,
        store: AccountStore,
        leases: LeaseStore,
        vault: Vault,
        opener: AccountOpener,
        calls: OAuthCalls,
        environment_client: EnvironmentClient,
        clock: Clock,
    ) -> None:
        self._store = store
        self._leases = leases
        self._vault = vault
        self._opener = opener
        self._calls = calls
        self._environment_client = environment_client
        self._clock = clock

    async def begin(
        self, account: IntegratedAccount, *, allow_private: bool, is_patient: bool = False
    ) -> Renewal | None:
        """Claim the account's renewal; None where another has it, or has done it since `account` was read."""
        owner, now = str(uuid.uuid4()), self._clock.now()
        claimed = await self._leases.claim(account, owner, now, now + LEASE, is_patient=is_patient)
        if claimed is None:
            return None
        started_at = claimed.refresh_started_at
        return Renewal(
            account=claimed,
            owner=owner,
            provider=all_providers()[claimed.integration],
            allow_private=allow_private,
            is_first=started_at is None or started_at >= now,
        )

    async def finish(self, renewal: Renewal) -> IntegratedAccount:
        """Ask for new tokens and commit them; the account as it is then, which may be lost.

        Raises any other `ProviderError` for an outage, after which the account is as it was.
        """
        account = renewal.account
        async with held(self._leases, account, renewal.owner, self._clock):
            try:
                opened, secrets = await self._opened(account)
                if not secrets.get("refresh_token"):
                    return await self._end(renewal, {"renewed_at": None})
                call = await self._call(renewal, secrets)
                previous = await self._previous(opened, secrets)
            except Unauthorised as error:
                return await self._lose(renewal, error)
            except BaseException:
                await self._give_back(renewal, is_known=True)
                raise
            try:
                tokens = await self._ask(call, secrets["refresh_token"], previous)
            except Unauthorised as error:
                return await self._lose(renewal, error)
            except BaseException as error:
                await self._give_back(renewal, is_known=_was_not_taken(error))
                raise
            saved = await self._save(renewal, secrets, tokens)
            metrics.count_renewal(renewal.provider.slug, "renewed")
            return saved

    async def current(self, account: IntegratedAccount) -> IntegratedAccount:
        """The account as it is stored now."""
        current = await self._store.find(account.environment_id, account.id)
        if current is None:
            raise NotFound("the account is gone")
        return current

    async def _opened(self, account: IntegratedAccount) -> tuple[IntegratedAccount, Mapping[str, str]]:
        """Its secrets; and its data key is at hand, for what comes back must be sealed, whatever is down then."""
        opened, secrets = await self._opener.open(account)
        if opened.secrets != account.secrets:
            raise Unavailable("the account has just been connected again")
        return opened, secrets

    async def _call(self, renewal: Renewal, secrets: Mapping[str, str]) -> TokenCall:
        account, provider = renewal.account, renewal.provider
        assert provider.oauth is not None  # noqa: S101 - only such accounts are renewed
        own = await self._environment_client(account.environment_id, account.integration)
        return TokenCall(
            oauth=provider.oauth,
            client=client_in_use(provider, account.settings, secrets, own),
            settings=account.settings,
            allow_private=renewal.allow_private,
        )

    async def _previous(self, account: IntegratedAccount, secrets: Mapping[str, str]) -> str | None:
        """The refresh token before the one in use, while it is not known whether that one works."""
        if account.previous_secrets is None:
            return None
        previous = await self._vault.open(account.previous_secrets, account.key, account.place, "previous_secrets")
        token = previous.get("refresh_token")
        return token if token != secrets["refresh_token"] else None

    async def _ask(self, call: TokenCall, newest: str, previous: str | None) -> NewTokens:
        """The tokens for the newest refresh token; for the one before it where a provider has gone back to that."""
        try:
            return await self._calls.refresh(call, newest)
        except Unauthorised as error:
            if not is_verdict(error):
                raise Unavailable("the provider's token endpoint does not serve us now") from error
            if previous is None or is_of_client(error):
                raise
            try:
                return await self._calls.refresh(call, previous)
            except Unauthorised:
                raise error from None

    async def _save(self, renewal: Renewal, old: Mapping[str, str], tokens: NewTokens) -> IntegratedAccount:
        new = {**old, "access_token": tokens.access_token}
        if tokens.refresh_token is not None:
            new["refresh_token"] = tokens.refresh_token
        now, lasts = self._clock.now(), tokens.expires_in_seconds
        expires_at = now + timedelta(seconds=lasts) if lasts is not None else None

        async def values(current: IntegratedAccount) -> Mapping[str, Any]:
            # The row is read again because its data key may have been re-wrapped, and the old key retired.
            key, place = current.key, current.place
            # A grant that renews is not lost, whatever was thought of it.
            healed = (
                {"status": "active", "status_reason": None, "reason_code": None}
                if current.status == "needs_reauth"
                else {}
            )
            return {
                "secrets": await self._vault.seal(new, key, place),
                "previous_secrets": await self._vault.seal(old, key, place, "previous_secrets"),
                "settings": {**current.settings, **tokens.settings},
                "token_expires_at": expires_at,
                "renewed_at": now,
                **healed,
            }

        for _ in range(SAVES_MAX):
            try:
                return await self._write(renewal, values)
            except (Conflict, NotFound):
                raise
            except Exception as error:
                # Nobody else has these tokens: a database that is away for a moment must not cost the account.
                log.warning("new tokens not saved yet", account_id=renewal.account.id, kind=type(error).__name__)
                await self._clock.sleep(SAVE_AGAIN_SECONDS)
        return await self._write(renewal, values)

    async def _write(self, renewal: Renewal, values: Values) -> IntegratedAccount:
        """Commit tokens, whoever else changed the row; but not over others that came after ours were asked for."""
        for _ in range(WRITES_MAX):
            current, now = await self.current(renewal.account), self._clock.now()
            if current.refresh_owner == renewal.owner:
                written = await self._store.settle(current, now, await values(current), renewal.owner)
            elif current.secrets != renewal.account.secrets:
                return current
            else:
                written = await self._store.save_late(current, now, await values(current))
            if written is not None:
                return written
        raise Conflict("the account is being changed too often to be written")

    async def _lose(self, renewal: Renewal, error: Unauthorised) -> IntegratedAccount:
        """The account, which only its customer can bring back now."""
        metrics.count_renewal(renewal.provider.slug, "lost")
        reason = reason_of(error, was_left_behind=not renewal.is_first)
        log.warning(
            "account needs reauth",
            account_id=renewal.account.id,
            integration=renewal.provider.slug,
            reason=reason,
        )
        return await self._end(renewal, lost(reason))

    async def _end(self, renewal: Renewal, values: Mapping[str, Any]) -> IntegratedAccount:
        """End a renewal without tokens, with these values, unless others came meanwhile."""
        for _ in range(WRITES_MAX):
            current = await self.current(renewal.account)
            is_newer = current.secrets != renewal.account.secrets
            if current.refresh_owner != renewal.owner:
                if is_newer or current.status == "needs_reauth":
                    return current
                # Its lease ran out (a process that stood still), and the new holder knows better.
                raise Unavailable("another process is renewing the access token")
            written = await self._store.settle(
                current, self._clock.now(), {} if is_newer else values, renewal.owner
            )
            if written is not None:
                return written
        raise Conflict("the account is being changed too often to be written")

    async def _give_back(self, renewal: Renewal, *, is_known: bool) -> None:
        """Leave the account as it was. What the provider did may not be known: then the intent stays."""
        metrics.count_renewal(renewal.provider.slug, "failed")
        now = self._clock.now()
        if is_known:
            wait = RETRY_MAX
        elif renewal.is_first:
            wait = RETRY_AT_ONCE
        else:
            wait = retry_after(renewal.account.refresh_started_at or now, now)
        await self._leases.release(
            renewal.account.id,
            renewal.owner,
            not_before=now + wait,
            keeps_intent=not (is_known and renewal.is_first),
        )


def _was_not_taken(error: BaseException) -> bool:
    """Whether the provider certainly did nothing: it was not reached, or turned the call away unread."""
    if isinstance(error, Unreached | ForbiddenAddress):
        return True
    return isinstance(error, ProviderError) and error.provider_status == 429
