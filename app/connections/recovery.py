"""What keeps tokens alive without a caller: renewals that were left behind, and accounts that nobody calls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from app.connections.lease_store import LeaseStore
from app.connections.refresh import TokenKeeper
from app.connections.renewal import END_SECONDS_MAX, Renewals
from app.connections.store import AccountStore, IntegratedAccount
from app.logs import get_logger
from providers.kit.clock import Clock
from providers.kit.registry import all_providers

log = get_logger()

AT_ONCE_MAX = 16
KEEP_ALIVE_AT_ONCE_MAX = 4


class Recovery:
    """Turns of background work. Neither waits for a provider: what they begin goes on by itself."""

    def __init__(
        self, store: AccountStore, leases: LeaseStore, renewals: Renewals, keeper: TokenKeeper, clock: Clock
    ) -> None:
        self._store = store
        self._leases = leases
        self._renewals = renewals
        self._keeper = keeper
        self._clock = clock
        self._underway: dict[str, asyncio.Task[None]] = {}

    async def settle_renewals(self) -> None:
        """Forget secrets that are no longer needed, and take over what a dead or failed renewal left behind."""
        await self._keeper.forget_previous()
        oauth = [slug for slug, provider in all_providers().items() if provider.oauth is not None]
        room = AT_ONCE_MAX - len(self._underway)
        if room > 0:
            self._begin(await self._leases.abandoned(oauth, self._clock.now(), room))

    async def keep_alive(self) -> None:
        """Renew some of the accounts that have not been for long: a refresh token nobody uses dies.

        A few in each turn: accounts that were connected on one day must not all come back on one day.
        """
        now = self._clock.now()
        for slug, provider in all_providers().items():
            room = min(KEEP_ALIVE_AT_ONCE_MAX, AT_ONCE_MAX - len(self._underway))
            if provider.oauth is None or room <= 0:
                continue
            since = now - timedelta(days=provider.oauth.renewed_within_days)
            self._begin(await self._leases.unrenewed(slug, since, now, room))

    async def close(self) -> None:
        """Wait for what is under way: each ends in time, and new tokens must be saved."""
        if self._underway:
            await asyncio.wait(self._underway.values(), timeout=END_SECONDS_MAX)

    def _begin(self, accounts: Iterable[IntegratedAccount]) -> None:
        for account in accounts:
            if account.id in self._underway:
                continue
            task = asyncio.create_task(self._renew(account))
            self._underway[account.id] = task
            task.add_done_callback(partial(self._ended, account.id))

    def _ended(self, account_id: str, _: asyncio.Task[None]) -> None:
        del self._underway[account_id]

    async def _renew(self, account: IntegratedAccount) -> None:
        try:
            allow_private = await self._store.may_reach_private(account.environment_id)
            renewal = await self._renewals.begin(account, allow_private=allow_private, is_patient=True)
            if renewal is not None:
                await self._renewals.finish(renewal)
        except Exception as error:
            # Whoever gave the lease back said when to look again.
            log.warning("a renewal failed", account_id=account.id, kind=type(error).__name__)
