"""Every account's spending in this process, written in batches, and read back with other processes' calls."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from cachetools import LRUCache

from app.connections.store import IntegratedAccount
from app.usage.spending import Count, Spending
from app.usage.store import UsageStore
from providers.kit.clock import Clock

KEPT_MAX = 20_000
BATCH_SIZE = 500


class Spendings:
    """Hands out spendings; `write` is called by the background.

    A budget is exact in one process. Of several each knows the others' calls as of its last batch that held the
    account: together they may go over it by what they send between two batches.
    """

    def __init__(self, store: UsageStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._spendings: LRUCache[str, Spending] = LRUCache(KEPT_MAX)
        self._listed: list[Spending] = []
        self._counts: list[tuple[Spending, Count]] = []
        self._at_work = asyncio.Lock()

    async def open(self, account: IntegratedAccount) -> Spending:
        """The account's spending, under its budget as it now is."""
        spending = self._spendings.get(account.id)
        if spending is None:
            spending = Spending(account.environment_id, account.id, self._clock, self._put_down)
            self._spendings[account.id] = spending
        spending.budget = account.budget
        if spending.budget is not None and spending.known is None:
            day = self._clock.now().date()
            states = await self._store.day_of([account.id], day)
            spending.learn(day, states[account.id].calls if states else 0)
        return spending

    async def write(self) -> None:
        """Write what was counted, read back the days of accounts with a budget, and tell of those that are spent.

        What cannot be written stays, and is written the next time. Once this ends, all counted before is written.
        """
        async with self._at_work:
            listed, self._listed = self._listed, []
            for spending in listed:
                count = spending.count()
                if count is not None:
                    self._counts.append((spending, count))
            while self._counts:
                batch = self._counts[:BATCH_SIZE]
                await self._store.add([count for _, count in batch])
                del self._counts[: len(batch)]
                for spending, count in batch:
                    spending.note_written(count)
            await self._read_back({each.account_id: each for each in listed if each.budget is not None})

    async def prune(self) -> None:
        """Drop what is past its time."""
        await self._store.prune(self._clock.now())

    async def _read_back(self, kept: Mapping[str, Spending]) -> None:
        if not kept:
            return
        now = self._clock.now()
        for state in (await self._store.day_of(list(kept), now.date())).values():
            spending = kept[state.account_id]
            spending.learn(state.day, state.calls)
            budget = spending.budget
            if budget is None:
                continue
            if budget.soft is not None and state.calls >= budget.soft and state.soft_reached_at is None:
                await self._store.tell_reached(spending.environment_id, state, "soft", budget, now)
            if budget.hard is not None and state.calls >= budget.hard and state.hard_reached_at is None:
                await self._store.tell_reached(spending.environment_id, state, "hard", budget, now)

    def _put_down(self, spending: Spending, count: Count | None) -> None:
        if count is None:
            self._listed.append(spending)
        else:
            self._counts.append((spending, count))
