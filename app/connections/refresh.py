"""Keeps tokens fresh for those who call: one refresh at a time per account, over tasks, processes and machines.

The lease is a column of the account's row, so no other service is needed. Only the provider's own word that the
grant is dead loses an account; an outage never does.
"""

from __future__ import annotations

import asyncio

from app.connections.connection import Connection, loss_of
from app.connections.lease import until_free
from app.connections.lease_store import LeaseStore
from app.connections.opening import AccountOpener
from app.connections.reasons import lost
from app.connections.renewal import END_SECONDS_MAX, WRITES_MAX, Renewals
from app.connections.store import AccountStore, IntegratedAccount
from app.errors import NeedsReauth
from app.logs import get_logger
from providers.kit.clock import Clock
from providers.kit.errors import Forbidden, ProviderError, TimedOut, Unauthorised

log = get_logger()

CHECK_SECONDS = 30.0
WAIT_SECONDS_MAX = 45.0


class TokenKeeper:
    """Keeps the credentials of open connections alive."""

    def __init__(
        self, store: AccountStore, leases: LeaseStore, opener: AccountOpener, renewals: Renewals, clock: Clock
    ) -> None:
        self._store = store
        self._leases = leases
        self._opener = opener
        self._renewals = renewals
        self._clock = clock
        self._underway: dict[str, asyncio.Task[IntegratedAccount]] = {}
        self._asking: dict[str, asyncio.Task[Exception]] = {}
        self._worked: dict[str, int] = {}

    async def renew(self, connection: Connection) -> bool:
        """Renew, or wait for whoever already does. Raises `NeedsReauth` when the grant is dead."""
        if connection.provider.oauth is None or not connection.can_be_renewed:
            return False
        account_id = connection.account_id
        task = self._underway.get(account_id)
        if task is None:
            # A task of its own: a caller who leaves must not stop a refresh that others wait for.
            task = asyncio.create_task(self._renewed(connection.account, allow_private=connection.allow_private))
            self._underway[account_id] = task
            task.add_done_callback(lambda _: self._underway.pop(account_id, None))
        # Every waiter adopts for itself: one account may be open more than once.
        account = await asyncio.shield(task)
        if account.status == "needs_reauth":
            raise loss_of(account)
        connection.adopt(*await self._opener.open(account))
        return True

    def worked(self, connection: Connection) -> None:
        """New credentials have been accepted: those before them may be forgotten, soon."""
        self._worked[connection.account_id] = connection.account.version

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

    async def forget_previous(self) -> None:
        """Drop the secrets before those that have worked since the last time."""
        worked, self._worked = self._worked, {}
        if not worked:
            return
        try:
            await self._leases.forget_previous(worked)
        except BaseException:
            self._worked = {**worked, **self._worked}
            raise

    async def close(self) -> None:
        """Wait for the renewals under way: each ends in time, and new tokens must be saved."""
        if self._underway:
            await asyncio.wait(self._underway.values(), timeout=END_SECONDS_MAX)

    async def _renewed(self, account: IntegratedAccount, *, allow_private: bool) -> IntegratedAccount:
        """The account with newer credentials, by us or by whoever holds the lease."""
        started = self._clock.monotonic()
        while True:
            renewal = await self._renewals.begin(account, allow_private=allow_private)
            if renewal is not None:
                return await self._renewals.finish(renewal)
            current = await self._renewals.current(account)
            if current.secrets != account.secrets or current.status == "needs_reauth":
                return current
            account = current  # Perhaps changed, but not its credentials: the lease is still to be had.
            left = WAIT_SECONDS_MAX - (self._clock.monotonic() - started)
            if not await until_free(self._leases, account, left, self._clock):
                raise TimedOut("another process has been renewing the access token for too long")

    async def _ask_who_we_are(self, connection: Connection) -> Exception:
        account = connection.account
        try:
            await connection.provider.check(connection.client(CHECK_SECONDS, send=connection.send_once))
        except Unauthorised:
            await self._set_refused(account)
            return NeedsReauth("the provider refuses the account's credentials", reason_code="refused")
        except ProviderError as error:
            return error
        return Forbidden("the provider refuses this call, but not the account's credentials", provider_status=401)

    async def _set_refused(self, account: IntegratedAccount) -> None:
        log.warning("account needs reauth", account_id=account.id, reason="refused")
        values = lost("refused")
        for _ in range(WRITES_MAX):
            current = await self._renewals.current(account)
            if current.secrets != account.secrets:
                return  # Others were refused than those that are stored now.
            if await self._store.change(current, self._clock.now(), values) is not None:
                return


class OnTrial:
    """Credentials being tried: renewed like any others, but what a refusal means is told by whoever tries."""

    def __init__(self, keeper: TokenKeeper) -> None:
        self._keeper = keeper

    async def renew(self, connection: Connection) -> bool:
        """As the keeper does."""
        return await self._keeper.renew(connection)

    def worked(self, connection: Connection) -> None:
        """As the keeper does."""
        self._keeper.worked(connection)

    async def refusal(self, connection: Connection) -> Exception:
        """Whether this call alone is refused, or the credentials, is for whoever tries them to find out."""
        del connection
        return Unauthorised("the provider refuses the credentials", provider_status=401)
