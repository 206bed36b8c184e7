"""Integrated accounts: imported, validated by real calls, shown without secrets, changed, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.connections.connections import Connections
from app.connections.opening import AccountOpener
from app.connections.shown import findings_of
from app.connections.store import AccountStore, IntegratedAccount
from app.connections.vault import Place, Vault
from app.db.sealed import sealed_and_kept
from app.errors import Conflict, FieldError, NeedsReauth, NotFound, Problem, ValidationFailed
from app.tokens.tokens import Caller
from app.usage.budget import Budget
from providers.kit import errors as provider_errors
from providers.kit.clock import Clock
from providers.kit.errors import (
    BadAnswer,
    ForbiddenAddress,
    ProviderError,
    RateLimited,
    TimedOut,
    Unauthorised,
    Unavailable,
    is_told,
)
from providers.kit.provider import Context, ContextError, Provider
from providers.kit.registry import all_providers

CONNECTING_MAX = timedelta(hours=1)
EXPIRED_AT_ONCE = 100
CHECK_SECONDS = 30.0


class Accounts:
    """The accounts of all environments; every call names its environment by its caller."""

    def __init__(
        self, store: AccountStore, vault: Vault, opener: AccountOpener, connections: Connections, clock: Clock
    ) -> None:
        self._store = store
        self._vault = vault
        self._opener = opener
        self._connections = connections
        self._clock = clock

    async def create(
        self,
        caller: Caller,
        tenant_id: str,
        integration: str,
        given: Mapping[str, Any],
        *,
        budget: Budget,
        validate: bool,
    ) -> IntegratedAccount:
        """Import an account. One that fails its validation is kept, with the reason."""
        provider = _provider(integration)
        context = self._read(provider, given)
        place = Place(caller.environment_id, str(uuid.uuid4()))
        now = self._clock.now()
        await self._add(
            place,
            context.secrets,
            {
                "id": place.row_id,
                "environment_id": place.environment_id,
                "tenant_id": tenant_id,
                "integration": provider.slug,
                "status": "connecting" if validate else "active",
                "settings": dict(context.settings),
                **budget.columns(),
                "token_expires_at": context.expires_at,
                "renewed_at": now if context.secrets.get("refresh_token") else None,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            },
        )
        account = await self.find(caller, place.row_id)
        if not validate:
            return account
        try:
            return await self._validated(caller, account)
        except ForbiddenAddress:
            # The owner's network answers for this, not the customer: nothing is kept.
            await self._store.remove(account.environment_id, account.id, self._clock.now())
            raise

    async def find(self, caller: Caller, account_id: str) -> IntegratedAccount:
        """The account, if it is in the caller's environment."""
        account = await self._store.find(caller.environment_id, account_id)
        if account is None:
            raise NotFound("there is no such account")
        return account

    async def page(
        self, caller: Caller, conditions: Mapping[str, str], after: str | None, limit: int
    ) -> Sequence[IntegratedAccount]:
        """Up to `limit` accounts of the caller's environment in the order of their ids."""
        return await self._store.page(caller.environment_id, conditions, after, limit)

    async def change(
        self, caller: Caller, account_id: str, plain: Mapping[str, Any], given: Mapping[str, Any] | None
    ) -> IntegratedAccount:
        """Write what is `plain`, or also give a context to be merged over the old one and validated."""
        account = await self.find(caller, account_id)
        values = dict(plain)
        if given is not None:
            account, merged = await self._merged(caller, account, given)
            values |= merged
        changed = await self._write(account, values)
        if given is None:
            return changed
        try:
            return await self._validated(caller, changed)
        except ForbiddenAddress:
            await self._write(changed, {name: getattr(account, name) for name in values})
            raise

    async def validate(self, caller: Caller, account_id: str) -> IntegratedAccount:
        """Try the account's credentials by real calls, and set its status by what came."""
        return await self._validated(caller, await self.find(caller, account_id))

    async def expire(self) -> None:
        """End what a process began and never finished: an account is not connecting for ever.

        Called now and then by the background.
        """
        before = self._clock.now() - CONNECTING_MAX
        for account in await self._store.connecting_since(before, EXPIRED_AT_ONCE):
            values = {
                "status": "validation_error",
                "status_reason": "the validation was not finished: validate the account again",
                "reason_code": "unfinished",
            }
            if await self._store.change(account, self._clock.now(), values) is not None:
                self._connections.forget(account.id)

    async def delete(self, caller: Caller, account_id: str) -> None:
        """Delete the account and the key that its secrets were sealed with."""
        if not await self._store.remove(caller.environment_id, account_id, self._clock.now()):
            raise NotFound("there is no such account")
        self._connections.forget(account_id)

    async def _add(self, place: Place, secrets: Mapping[str, str], values: Mapping[str, Any]) -> None:
        async def write() -> None:
            await self._store.add({**values, **await self._vault.seal_afresh(secrets, place)})

        await sealed_and_kept(write)

    def _read(self, provider: Provider, given: Mapping[str, Any]) -> Context:
        try:
            return provider.read_context(given, self._clock.now())
        except ContextError as error:
            raise ValidationFailed(
                "the context cannot be connected with",
                errors=[FieldError(f"context.{error.field}" if error.field else "context", error.message)],
            ) from None

    async def _merged(
        self, caller: Caller, account: IntegratedAccount, given: Mapping[str, Any]
    ) -> tuple[IntegratedAccount, dict[str, Any]]:
        """The account as it is now, and what to write to it."""
        secrets: Mapping[str, str] = {}
        try:
            account, secrets = await self._opener.open(account)
            is_lost = False
        except NeedsReauth:
            # A whole context does without the old one, and is sealed under a data key of its own.
            account, is_lost = await self.find(caller, account.id), True
        provider = _provider(account.integration)
        context = self._read(provider, provider.merge_context(account.settings, secrets, given))
        expires_at = context.expires_at
        merged = {
            "settings": dict(context.settings),
            "status": "connecting",
            "status_reason": None,
            "reason_code": None,
        }
        if context.secrets == secrets:  # Sealed anew they would look like others, and end a renewal under way.
            return account, merged | ({"token_expires_at": expires_at} if expires_at is not None else {})
        sealed = (
            {**await self._vault.seal_afresh(context.secrets, account.place), "previous_secrets": None}
            if is_lost
            else {"secrets": await self._vault.seal(context.secrets, account.key, account.place)}
        )
        return account, {
            **merged,
            **sealed,
            "token_expires_at": expires_at,
            "renewed_at": self._clock.now() if context.secrets.get("refresh_token") else None,
        }

    async def _validated(self, caller: Caller, account: IntegratedAccount) -> IntegratedAccount:
        """The account with the status that real calls gave it. `ForbiddenAddress` changes nothing."""
        connection = await self._connections.connect(
            account, allow_private=caller.allow_private_hosts, is_trial=True
        )
        values: dict[str, Any]
        try:
            found = await connection.provider.inspect(connection.client(CHECK_SECONDS))
            values = {
                "status": "active",
                "status_reason": None,
                "reason_code": None,
                "settings": {**connection.settings, **found.settings},
                "findings": findings_of(found),
            }
        except ForbiddenAddress:
            raise
        except (ProviderError, Problem) as error:
            # An outage says nothing about the customer: what works is left as it is.
            if account.status == "active" and (outage := _outage(error)) is not None:
                raise outage from error
            values = {
                "status": _status_after(error, account),
                "status_reason": _reason(error),
                "reason_code": _reason_code(error),
            }
        # A renewal on the way has moved the row on; only another context makes the trial worthless.
        current = await self.find(caller, account.id)
        if not _is_same_context(current, connection.account):
            raise _changed_meanwhile()
        return await self._write(current, values)

    async def _write(self, account: IntegratedAccount, values: Mapping[str, Any]) -> IntegratedAccount:
        changed = await self._store.change(account, self._clock.now(), values)
        self._connections.forget(account.id)
        if changed is None:
            raise _changed_meanwhile()
        return changed


def _provider(slug: str) -> Provider:
    provider = all_providers().get(slug)
    if provider is None:
        known = ", ".join(all_providers())
        raise ValidationFailed(
            "there is no such integration", errors=[FieldError("integration", f"must be one of: {known}")]
        )
    return provider


def _outage(error: ProviderError | Problem) -> ProviderError | None:
    """The error, where it says nothing of the account; nor does a 403 or 404 without a word of the provider's."""
    if isinstance(error, Unavailable | TimedOut | BadAnswer | RateLimited):
        return error
    if isinstance(error, provider_errors.Forbidden | provider_errors.NotFound) and not is_told(error):
        return Unavailable(error.detail, provider_status=error.provider_status)
    return None


def _is_refusal(error: ProviderError | Problem) -> bool:
    return isinstance(error, NeedsReauth | Unauthorised)


def _is_same_context(account: IntegratedAccount, other: IntegratedAccount) -> bool:
    """Whether both have the same credentials and what was given beside them; what was found out may differ."""
    given = [field.name for field in _provider(account.integration).connect_fields]
    return account.secrets == other.secrets and all(
        account.settings.get(name) == other.settings.get(name) for name in given
    )


def _status_after(error: ProviderError | Problem, account: IntegratedAccount) -> str:
    """One that had been connected needs its customer again; one that never was has not been set up rightly."""
    if _is_refusal(error) and account.status in ("active", "needs_reauth"):
        return "needs_reauth"
    return "validation_error"


def _reason(error: ProviderError | Problem) -> str:
    if _is_refusal(error):
        return "the provider refuses these credentials: check them and connect again"
    said = getattr(error, "provider_message", None)
    reason = f"{error.detail}{f': {said}' if said else ''}"
    # PostgreSQL keeps no NUL, and a line is a line.
    return "".join(letter if letter.isprintable() else " " for letter in reason)[:500]


def _reason_code(error: ProviderError | Problem) -> str:
    if isinstance(error, NeedsReauth) and error.reason_code is not None:
        return error.reason_code
    return "refused" if _is_refusal(error) else error.code


def _changed_meanwhile() -> Conflict:
    return Conflict("the account was changed at the same time; read it again")
