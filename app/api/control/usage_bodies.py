"""What an account's usage is told as, in pydantic models."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class AllowanceBody(BaseModel):
    """One of the provider's allowances in the window that goes on."""

    name: str
    scope: Literal["account", "app"] = Field(
        description="Whose calls take from it: the account's, or those of all accounts that share an app."
    )
    unit: Literal["calls", "server_seconds"]
    limit: float = Field(description="As the provider has told it, or else declares it.")
    used: float = Field(description="By this gateway, all its processes together.")
    foreign: float = Field(description="By others, as far as the provider's answers show.")
    remaining: float
    window_seconds: float
    resets_at: datetime | None = Field(description="When the window ends; null where none goes on.")


class CountsBody(BaseModel):
    """Calls that the gateway made to the provider for the account, whoever asked for them."""

    calls: int
    throttled: int = Field(description="Refused by the provider because it was asked too much.")
    failed: int = Field(description="Without a whole answer, or answered with another 5xx.")
    provider_ms: int = Field(description="Time spent on them, from sending to the end of the answer.")


class DayBody(CountsBody):
    """A day of UTC."""

    day: date


class BudgetUseBody(BaseModel):
    """The account's own budget today. Several processes may together go over it by half a second's calls."""

    soft: int | None
    hard: int | None
    used: int
    remaining: int | None = Field(description="Until `hard`, or `soft` where there is no hard one.")
    resets_at: datetime
    soft_reached_at: datetime | None
    hard_reached_at: datetime | None


class ForecastBody(BaseModel):
    """How the day ends if calls go on at one pace."""

    calls_per_hour: float
    expected_calls: int = Field(description="Today's calls so far, and the pace times what is left of the day.")
    soft_reached_at: datetime | None = Field(description="When the soft budget is reached; null if not today.")
    exhausted_at: datetime | None = Field(
        description="When nothing is left of the hard budget, or of an allowance of a day; null if neither is used "
        "up before it is whole again. An instant that is not after `as_of` says that it is used up."
    )


class ForecastsBody(BaseModel):
    """Two paces: what goes on just now, and what a day brings."""

    at_last_hour: ForecastBody = Field(
        description="At the calls of the last 60 minutes: this hour's, and as large a part of the hour before as "
        "is still within them."
    )
    at_last_day: ForecastBody = Field(description="At the calls of the last 24 hours, reckoned likewise by days.")


class UsageBody(BaseModel):
    """How much an account has asked of its provider, and how much it still may. At most a second old."""

    as_of: datetime
    allowances: list[AllowanceBody] = Field(
        description="Of an account that was called lately: those that the provider declares or has told."
    )
    daily_budget: BudgetUseBody | None
    today: DayBody
    last_30_days: CountsBody = Field(description="Today and the 29 days before.")
    days: list[DayBody] = Field(description="Those of the 30 that had calls, newest first.")
    forecast: ForecastsBody
