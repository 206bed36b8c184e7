"""What one account asks of its provider, in memory: counted by every call, and held to its budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from app.quota.asking import Wishes
from app.usage.budget import Budget, day_end, hour_of
from providers.kit.clock import Clock
from providers.kit.errors import RateLimited
from providers.kit.limits import Limits
from providers.kit.upstream import Answer

HOUR = timedelta(hours=1)

Outcome = Literal["answered", "throttled", "failed"]
"""`throttled`: the provider was asked too much; `failed`: no whole answer, or another fault of the provider's."""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of one account in one hour that are to be added to what is written."""

    account_id: str
    hour: datetime
    calls: int
    throttled: int
    failed: int
    provider_ms: int


class Spending:
    """One account's calls in this hour, not yet written, and the day's in all processes as they were last read.

    It is on every call's way: `take`, `settle` and `give_back` cost some additions.
    """

    __slots__ = (
        "_clock",
        "_is_listed",
        "_list",
        "_until",
        "account_id",
        "budget",
        "calls",
        "environment_id",
        "failed",
        "hour",
        "known",
        "provider_seconds",
        "taken",
        "throttled",
    )

    def __init__(
        self, environment_id: str, account_id: str, clock: Clock, list_it: Callable[[Spending, Count | None], None]
    ) -> None:
        self.environment_id = environment_id
        self.account_id = account_id
        self.budget: Budget | None = None
        self.known: int | None = None
        self.taken = 0
        self._clock = clock
        self._list = list_it
        self._is_listed = False
        self._empty()
        self._begin_hour()

    @property
    def spent(self) -> int:
        """The day's calls, as far as this process knows."""
        return (self.known or 0) + self.taken + self.calls

    def take(self, now: float, wishes: Callable[[], Wishes]) -> None:
        """Count a call that is to be sent; `RateLimited` where the day's budget has none left for it.

        `now` is of the steady clock.
        """
        if now >= self._until:
            self.turn()
        if self.budget is not None:
            self._check(self.budget, wishes)
        self.calls += 1
        if not self._is_listed:
            self._put_down()

    def give_back(self) -> None:
        """Take back the count of a call that was not sent after all."""
        self.calls -= 1
        if not self._is_listed:
            self._put_down()

    def settle(self, seconds: float, outcome: Outcome) -> None:
        """Note what came of a call that was sent."""
        self.provider_seconds += seconds
        if outcome == "throttled":
            self.throttled += 1
        elif outcome == "failed":
            self.failed += 1
        if not self._is_listed:
            self._put_down()

    def turn(self) -> None:
        """Go over into the hour that has begun; with a new day the budget is whole again."""
        day = self.hour.date()
        count = self.count()
        if count is not None:
            self._list(self, count)
        self._begin_hour()
        if self.hour.date() != day:
            # What is being written now belongs to the day that is over.
            self.taken = 0
            self.known = None if self.known is None else 0

    def learn(self, day: date, calls: int) -> None:
        """Take the sum of all processes' calls on that day, what this one has written included."""
        if day == self.hour.date():
            self.known = calls

    def note_written(self, count: Count) -> None:
        """Count what was written among what is known."""
        if count.hour.date() == self.hour.date():
            self.taken -= count.calls
            if self.known is not None:
                self.known += count.calls

    def count(self) -> Count | None:
        """What is to be written, which from then on is the writer's."""
        self._is_listed = False
        if not (self.calls or self.throttled or self.failed or self.provider_seconds):
            return None
        count = Count(
            account_id=self.account_id,
            hour=self.hour,
            calls=self.calls,
            throttled=self.throttled,
            failed=self.failed,
            provider_ms=round(self.provider_seconds * 1_000),
        )
        self.taken += self.calls
        self._empty()
        return count

    def _check(self, budget: Budget, wishes: Callable[[], Wishes]) -> None:
        spent = self.spent
        if budget.hard is not None and spent >= budget.hard:
            raise self._refusal(f"the account's budget of {budget.hard} calls a day is spent")
        if budget.soft is not None and spent >= budget.soft and wishes().is_background:
            raise self._refusal(
                f"of the account's calls a day, those over {budget.soft} are kept for interactive use"
            )

    def _refusal(self, detail: str) -> RateLimited:
        if not self._is_listed:
            self._put_down()  # It is told of even if the day's last call was another process's.
        now = self._clock.now()
        return RateLimited(detail, retry_after_seconds=(day_end(now) - now).total_seconds())

    def _put_down(self) -> None:
        self._is_listed = True
        self._list(self, None)

    def _empty(self) -> None:
        self.calls = self.throttled = self.failed = 0
        self.provider_seconds = 0.0

    def _begin_hour(self) -> None:
        now = self._clock.now()
        self.hour = hour_of(now)
        self._until = self._clock.monotonic() + (self.hour + HOUR - now).total_seconds()


def outcome_of(answer: Answer, limits: Limits) -> Outcome:
    """What an answer counts as."""
    status = answer.status
    if status < 429:
        return "answered"
    if status == 429 or any(told.is_throttled for told in limits.read_quota(status, answer.header)):
        return "throttled"
    return "failed" if status >= 500 else "answered"


def nobodys(clock: Clock) -> Spending:
    """A spending that is never written: of credentials that belong to no account yet."""
    return Spending("", "", clock, lambda _spending, _count: None)
