"""An account's usage as meters with their words: its provider's allowances, its budget, how the day will end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.console.words import count
from app.quota.pacer import AllowanceUse
from app.usage.budget import Budget
from app.usage.forecast import Forecast
from app.usage.report import UsageReport

_NEARLY = 0.9
_WINDOWS = {1: "second", 60: "minute", 3_600: "hour", 86_400: "day"}
_SCOPES = {"account": "this account", "app": "all accounts of the app"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """How much of one limit is used."""

    label: str
    used: float
    limit: float
    words: str

    @property
    def tone(self) -> Literal["good", "caution", "bad"]:
        """Whether there is enough left."""
        if self.used >= self.limit:
            return "bad"
        return "caution" if self.used >= _NEARLY * self.limit else "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an account has asked of its provider, and how much it still may."""

    meters: Sequence[Meter]
    today: int
    throttled_today: int
    failed_today: int
    last_30_days: int
    forecasts: Sequence[tuple[str, str]]
    """A pace, and how the day ends at it."""


def usage_of(report: UsageReport, budget: Budget | None) -> Usage:
    """The report, for a person."""
    own = [] if budget is None else [_of_budget(budget, report)]
    paces = (
        ("At the pace of the last hour", report.at_last_hour),
        ("At that of the last 24 hours", report.at_last_day),
    )
    return Usage(
        meters=[*(_of_allowance(each, report.as_of) for each in report.allowances), *own],
        today=report.today.calls,
        throttled_today=report.today.throttled,
        failed_today=report.today.failed,
        last_30_days=sum(day.calls for day in report.days),
        forecasts=[(pace, _forecast(found, report.as_of)) for pace, found in paces],
    )


def _of_allowance(use: AllowanceUse, now: datetime) -> Meter:
    others = f", {_amount(use.foreign)} by others" if use.foreign else ""
    ends = f"; whole again in {_wait(use.resets_at, now)}" if use.resets_at is not None else ""
    unit = use.unit.replace("_", " ")
    return Meter(
        label=f"{_amount(use.limit)} {unit} {_window(use.window_seconds)}, {_SCOPES[use.scope]}",
        used=min(use.used + use.foreign, use.limit),
        limit=use.limit,
        words=f"{_amount(use.used)} used{others}, {_amount(use.remaining)} left{ends}",
    )


def _of_budget(budget: Budget, report: UsageReport) -> Meter:
    used, limit = report.today.calls, budget.hard or budget.soft or 0
    marks = {"background calls end at": budget.soft, "all calls end at": budget.hard}
    told = [f"{words} {count(mark)}" for words, mark in marks.items() if mark is not None]
    return Meter(
        label="Your budget for today, UTC",
        used=min(used, limit),
        limit=limit,
        words=f"{count(used)} used; {', '.join(told)}",
    )


def _forecast(found: Forecast, now: datetime) -> str:
    calls = "call" if found.expected_calls == 1 else "calls"
    told = f"{count(found.expected_calls)} {calls} by the end of the day"
    for words, at in (("soft mark", found.soft_reached_at), ("nothing left", found.exhausted_at)):
        if at is not None:
            told += f", {words} {'now' if at <= now else f'at {at:%H:%M} UTC'}"
    return told


def _amount(number: float) -> str:
    return count(int(number)) if number == int(number) else f"{number:,.1f}"


def _window(seconds: float) -> str:
    return f"a {_WINDOWS[int(seconds)]}" if seconds in _WINDOWS else f"in {_amount(seconds)} seconds"


def _wait(until: datetime, now: datetime) -> str:
    seconds = max((until - now).total_seconds(), 0)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:.1f} h"
