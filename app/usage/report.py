"""One account's usage, put together from its days, its hours and what the pacer knows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.connections.store import IntegratedAccount
from app.quota.pacer import AllowanceUse, Pacer
from app.usage.budget import Budget, day_end, hour_of
from app.usage.forecast import Allotment, Forecast, forecast, sliding
from app.usage.spending import HOUR
from app.usage.spendings import Spendings
from app.usage.store import DayUse, UsageStore
from providers.kit.clock import Clock

DAYS_TOLD = 30
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReport:
    """What the account has used by that moment. `days` are those with calls, newest first."""

    as_of: datetime
    day_ends_at: datetime
    allowances: Sequence[AllowanceUse]
    today: DayUse
    days: Sequence[DayUse]
    at_last_hour: Forecast
    at_last_day: Forecast


class Usage:
    """Counts what accounts use, and tells it, less what the processes have not written yet: at most a second's."""

    def __init__(self, store: UsageStore, pacer: Pacer, clock: Clock) -> None:
        self._store = store
        self._pacer = pacer
        self._clock = clock
        self.spendings = Spendings(store, clock)

    async def report(self, account: IntegratedAccount) -> UsageReport:
        """The account's usage now."""
        now = self._clock.now()
        hour, end = hour_of(now), day_end(now)
        days = await self._store.days_since(account.id, (now - (DAYS_TOLD - 1) * DAY).date())
        hours = await self._store.hours_since(account.id, hour - HOUR)
        allowances = [each for each in await self._pacer.usage(account.id) if each.limit < math.inf]
        by_day = {each.day: each for each in days}
        today = by_day.get(now.date()) or DayUse.empty(account.id, now.date())
        yesterday = by_day.get((now - DAY).date())
        budget = account.budget or Budget()
        whole = [] if budget.hard is None else [Allotment(budget.hard - today.calls, end)]
        whole += _daily(allowances, end)

        def at(calls_per_hour: float) -> Forecast:
            return forecast(now, end, today.calls, calls_per_hour, soft=budget.soft, whole=whole)

        last_day = sliding(today.calls, yesterday.calls if yesterday else 0, 1 - (end - now) / DAY)
        return UsageReport(
            as_of=now,
            day_ends_at=end,
            allowances=allowances,
            today=today,
            days=days,
            at_last_hour=at(sliding(hours.get(hour, 0), hours.get(hour - HOUR, 0), (now - hour) / HOUR)),
            at_last_day=at(last_day / 24),
        )


def _daily(allowances: Sequence[AllowanceUse], end: datetime) -> list[Allotment]:
    """What is left of the account's allowances of a day, whose windows end when the provider says."""
    return [
        Allotment(each.remaining, each.resets_at or end)
        for each in allowances
        if each.scope == "account" and each.unit == "calls" and each.window_seconds >= DAY.total_seconds()
    ]
