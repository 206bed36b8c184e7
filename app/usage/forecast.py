"""How a day will end if its calls go on at a pace: arithmetic, without a clock or a store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The day's end at one pace. An instant is None where what it speaks of lasts until its window ends."""

    calls_per_hour: float
    expected_calls: int
    soft_reached_at: datetime | None
    exhausted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Allotment:
    """So many calls that are left until a moment."""

    remaining: float
    until: datetime


def sliding(current: int, previous: int, part: float) -> float:
    """Calls in the last whole period, of which `part` is the share that the current one has behind it.

    Those of the period before are taken to be spread evenly over it.
    """
    return current + previous * (1 - part)


def runs_out_at(now: datetime, pace_per_second: float, allotment: Allotment) -> datetime | None:
    """When the allotment is spent at that pace; None where it lasts."""
    if allotment.remaining <= 0:
        return now
    if pace_per_second <= 0 or allotment.remaining / pace_per_second >= (allotment.until - now).total_seconds():
        return None
    return now + timedelta(seconds=allotment.remaining / pace_per_second)


def earliest(now: datetime, pace_per_second: float, allotments: list[Allotment]) -> datetime | None:
    """When the first of them is spent; None where all last."""
    moments = [runs_out_at(now, pace_per_second, each) for each in allotments]
    return min((moment for moment in moments if moment is not None), default=None)


def forecast(
    now: datetime,
    day_ends_at: datetime,
    calls_today: int,
    calls_per_hour: float,
    *,
    soft: int | None,
    whole: list[Allotment],
) -> Forecast:
    """The day's end if calls go on at that pace; `whole` is all that may run out, the hard budget among it."""
    pace = calls_per_hour / 3_600
    left_seconds = (day_ends_at - now).total_seconds()
    soft_left = [] if soft is None else [Allotment(soft - calls_today, day_ends_at)]
    return Forecast(
        calls_per_hour=calls_per_hour,
        expected_calls=calls_today + round(pace * left_seconds),
        soft_reached_at=earliest(now, pace, soft_left),
        exhausted_at=earliest(now, pace, whole),
    )
