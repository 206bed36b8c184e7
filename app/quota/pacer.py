"""The pace of every account in use, and what is counted for several of them together."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakSet

import msgspec
from cachetools import LRUCache

from app.quota.pace import Pace
from app.quota.store import LocalStore, Store, new_window
from app.quota.windows import Window
from providers.kit.clock import Clock
from providers.kit.limits import Allowance, AllowanceScope
from providers.kit.provider import Provider

if TYPE_CHECKING:  # Only a gateway with a Redis needs them.
    from app.quota.shared.link import Link
    from app.quota.shared.store import SharedStore

ACCOUNTS_MAX = 20_000
APPS_MAX = 1_000


class AllowanceUse(msgspec.Struct, frozen=True, kw_only=True):
    """How one allowance of an account stands now. `foreign` is what others have surely spent of it."""

    name: str
    scope: AllowanceScope
    unit: str
    limit: float
    used: float
    foreign: float
    remaining: float
    resets_at: datetime | None
    window_seconds: float


class Pacer:
    """Finds each account's pace. They outlive a re-opening of the account: what was counted is not lost by it."""

    def __init__(self, clock: Clock, link: Link | None = None) -> None:
        self._clock = clock
        self._link = link
        self._shared: WeakSet[SharedStore] = WeakSet()
        self._paces: LRUCache[str, Pace] = LRUCache(ACCOUNTS_MAX)
        self._of_apps: LRUCache[tuple[str, str, str], Window] = LRUCache(APPS_MAX)

    def pace(self, account_id: str, environment_id: str, provider: Provider) -> Pace:
        """The account's pace, the same for all its connections."""
        found = self._paces.get(account_id)
        if found is None:
            store = self._store(account_id, environment_id, provider)
            found = self._paces[account_id] = Pace(provider, store, self._clock)
        return found

    def trial(self, provider: Provider) -> Pace:
        """A pace for credentials that belong to no account yet."""
        return Pace(provider, self._local(provider, ""), self._clock)

    async def usage(self, account_id: str) -> tuple[AllowanceUse, ...]:
        """How each allowance of the account stands; nothing for one that nobody has called lately."""
        pace = self._paces.get(account_id)
        if pace is None:
            return ()
        now = self._clock.now()
        return tuple(
            AllowanceUse(
                name=allowance.name,
                scope=allowance.scope,
                unit=allowance.unit,
                limit=use.limit,
                used=use.used,
                foreign=use.foreign,
                remaining=use.remaining,
                resets_at=None if use.ends_in_seconds is None else now + timedelta(seconds=use.ends_in_seconds),
                window_seconds=use.window_seconds,
            )
            for allowance, use in await pace.uses()
        )

    async def beat(self) -> None:
        """Tell the other processes of this one, and take up again what is shared where it has come back."""
        if self._link is not None and await self._link.beat():
            await asyncio.gather(*(store.come_back() for store in list(self._shared)))

    async def close(self) -> None:
        """Leave what is shared."""
        if self._link is not None:
            await self._link.close()

    def _store(self, account_id: str, environment_id: str, provider: Provider) -> Store:
        """Where the account's calls are counted; one whose provider declares nothing makes no trip to anybody."""
        if self._link is None or not provider.limits.are_declared:
            return self._local(provider, environment_id)
        from app.quota.shared.store import SharedStore  # noqa: PLC0415

        of_app = [allowance.name for allowance in provider.limits.allowances if allowance.scope == "app"]
        keys = [f"account:{account_id}", *(f"app:{provider.slug}:{environment_id}:{name}" for name in of_app)]
        store = SharedStore(provider.limits, keys, self._link, self._clock)
        self._shared.add(store)
        return store

    def _local(self, provider: Provider, environment_id: str) -> LocalStore:
        limits = provider.limits
        shared = [
            self._of_app(provider.slug, environment_id, allowance)
            for allowance in limits.allowances
            if allowance.scope == "app"
        ]
        return LocalStore(limits, self._clock, shared)

    def _of_app(self, slug: str, environment_id: str, allowance: Allowance) -> Window:
        """What an environment's accounts of one provider count together; no other environment sees it."""
        key = (slug, environment_id, allowance.name)
        found = self._of_apps.get(key)
        if found is None:
            found = self._of_apps[key] = new_window(allowance)
        return found
