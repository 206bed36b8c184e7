"""Renews OAuth tokens: one refresh at a time per account, over tasks, processes and machines.

The lease is a column of the account's row, so no other service is needed. The new tokens are committed before
they are used, and the ones they replace are kept, sealed, beside them. Only the provider's own word that the
grant is dead loses an account; an outage never does.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from app.connections.connection import Connection
from app.connections.oauth import EnvironmentClient, OAuthCalls, TokenCall, client_in_use
from app.connections.store import AccountStore, IntegratedAccount
from app.connections.vault import Vault
from app.errors import Conflict, NeedsReauth, NotFound
from app.logs import get_logger
from providers.kit.clock import Clock
from providers.kit.errors import Forbidden, ProviderError, TimedOut, Unauthorised
from providers.kit.provider import NewTokens, OAuth

log = get_logger()

LEASE = timedelta(seconds=60)
CALL_SECONDS = 30.0
WAIT_SECONDS_MAX = 45.0
LOOK_AGAIN_SECONDS = 0.2
WRITES_MAX = 10


class TokenKeeper:
    """Keeps the credentials of open connections alive."""

    def __init__(
        self,
        store: AccountStore,
        vault: Vault,
        calls: OAuthCalls,
        environment_client: EnvironmentClient,
        clock: Clock,
    ) -> None:
        self._store = store
        self._vault = vault
        self._calls = calls
        self._environment_client = environment_client
        self._clock = clock
        self._underway: dict[str, asyncio.Task[IntegratedAccount]] = {}
        self._asking: dict[str, asyncio.Task[Exception]] = {}

    async def renew(self, connection: Connection) -> bool:
        """Renew, or wait for whoever already does. Raises `NeedsReauth` when the grant is dead."""
        oauth = connection.provider.oauth
        if oauth is None or not connection.secrets_for_renewal().get("refresh_token"):
            return False
        account_id = connection.account_id
        task = self._underway.get(account_id)
        if task is None:
            # A task of its own: a caller who leaves must not stop a refresh that others wait for.
            task = asyncio.create_task(self._renewed(connection, oauth))
            self._underway[account_id] = task
            task.add_done_callback(lambda _: self._underway.pop(account_id, None))
        # Every waiter adopts for itself: one account may be open more than once.
        await self._adopt(connection, await asyncio.shield(task))
        return True

    async def refusal(self, connection: Connection) -> Exception:
        """What a refused call means, told by asking the provider who we are.

        A 401 may be about the call alone (a log-in passed through the proxy with a wrong password): only
        credentials that are refused there too lose the account.
        """
        account_id = connection.account_id
        task = self._asking.get(account_id)
        if task is None:
            task = asyncio.create_task(self._ask_who_we_are(connection))
            self._asking[account_id] = task
            task.add_done_callback(lambda _: self._asking.pop(account_id, None))
        return await asyncio.shield(task)

    async def _ask_who_we_are(self, connection: Connection) -> Exception:
        try:
            await connection.provider.check(connection.client(CALL_SECONDS, send=connection.send_once))
        except Unauthorised:
            await self._set_lost(connection, connection.account, "the provider refuses the credentials")
            return NeedsReauth("the provider refuses the account's credentials")
        except ProviderError as error:
            return error
        return Forbidden("the provider refuses this call, but not the account's credentials", provider_status=401)

    async def _renewed(self, connection: Connection, oauth: OAuth) -> IntegratedAccount:
        """The account with newer credentials, by us or by whoever holds the lease."""
        owner = str(uuid.uuid4())
        started = self._clock.monotonic()
        account = connection.account
        while True:
            now = self._clock.now()
            if await self._store.claim_refresh(account, owner, now, now + LEASE):
                return await self._refreshed(connection, oauth, account, owner)
            current = await self._current(account)
            if current.secrets != account.secrets or current.status == "needs_reauth":
                return current
            if current.version != account.version:
                account = current  # Changed, but not its credentials: the lease is still to be had.
                continue
            if self._clock.monotonic() - started > WAIT_SECONDS_MAX:
                raise TimedOut("another process has been renewing the access token for too long")
            await self._clock.sleep(LOOK_AGAIN_SECONDS)

    async def _refreshed(
        self, connection: Connection, oauth: OAuth, account: IntegratedAccount, owner: str
    ) -> IntegratedAccount:
        try:
            tokens = await self._ask(connection, oauth)
            return await self._save(connection, account, tokens)
        except Unauthorised as error:
            await self._set_lost(connection, account, "the provider says that the grant is no longer valid")
            raise NeedsReauth("the account must be connected again") from error
        finally:
            await self._store.release_refresh(account, owner)

    async def _ask(self, connection: Connection, oauth: OAuth) -> NewTokens:
        secrets = connection.secrets_for_renewal()
        account = connection.account
        own = await self._environment_client(account.environment_id, account.integration)
        call = TokenCall(
            oauth=oauth,
            client=client_in_use(connection.provider, connection.settings, secrets, own),
            settings=connection.settings,
            allow_private=connection.allow_private,
        )
        return await self._calls.refresh(call, secrets["refresh_token"])

    async def _save(
        self, connection: Connection, account: IntegratedAccount, tokens: NewTokens
    ) -> IntegratedAccount:
        old = connection.secrets_for_renewal()
        new = {**old, "access_token": tokens.access_token}
        if tokens.refresh_token is not None:
            new["refresh_token"] = tokens.refresh_token
        lasts = tokens.expires_in_seconds
        expires_at = self._clock.now() + timedelta(seconds=lasts) if lasts is not None else None

        async def values(current: IntegratedAccount) -> dict[str, Any]:
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
                "renewed_at": self._clock.now(),
                **healed,
            }

        return await self._write(account, values)

    async def _write(
        self, account: IntegratedAccount, values: Callable[[IntegratedAccount], Awaitable[Mapping[str, Any]]]
    ) -> IntegratedAccount:
        """Write to the row as it is now, whoever else changed it; but never over other credentials.

        The row is read again because its data key may have been re-wrapped since, and the old key retired.
        """
        for _ in range(WRITES_MAX):
            current = await self._current(account)
            if current.secrets != account.secrets:
                return current
            written = await self._store.change(current, self._clock.now(), await values(current))
            if written is not None:
                return written
        raise Conflict("the account is being changed too often to be written")

    async def _current(self, account: IntegratedAccount) -> IntegratedAccount:
        current = await self._store.find(account.environment_id, account.id)
        if current is None:
            raise NotFound("the account is gone")
        return current

    async def _adopt(self, connection: Connection, account: IntegratedAccount) -> None:
        if account.status == "needs_reauth":
            raise NeedsReauth("the account must be connected again")
        connection.adopt(account, await self._vault.open(account.secrets, account.key, account.place))

    async def _set_lost(self, connection: Connection, account: IntegratedAccount, reason: str) -> None:
        log.warning("account needs reauth", account_id=account.id, integration=connection.provider.slug)

        async def values(_: IntegratedAccount) -> dict[str, Any]:
            return {"status": "needs_reauth", "status_reason": reason}

        await self._write(account, values)


class OnTrial:
    """Credentials being tried: renewed like any others, but what a refusal means is told by whoever tries."""

    def __init__(self, keeper: TokenKeeper) -> None:
        self._keeper = keeper

    async def renew(self, connection: Connection) -> bool:
        """As the keeper does."""
        return await self._keeper.renew(connection)

    async def refusal(self, connection: Connection) -> Exception:
        """Whether this call alone is refused, or the credentials, is for whoever tries them to find out."""
        del connection
        return Unauthorised("the provider refuses the credentials", provider_status=401)
