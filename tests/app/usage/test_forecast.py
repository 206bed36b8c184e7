"""The arithmetic of forecasts, over all paces, budgets and times of day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.usage.forecast import Allotment, forecast, runs_out_at, sliding

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
SECONDS_LEFT = st.floats(min_value=0.0, max_value=86_400.0)
PACES = st.floats(min_value=0.0, max_value=1e7)
CALLS = st.integers(min_value=0, max_value=10**9)


@given(SECONDS_LEFT, PACES, st.floats(min_value=-1e9, max_value=1e9))
def test_what_runs_out_does_so_between_now_and_its_end_and_at_the_pace(
    left_seconds: float, per_hour: float, remaining: float
) -> None:
    now, pace = MIDNIGHT - timedelta(seconds=left_seconds), per_hour / 3_600

    moment = runs_out_at(now, pace, Allotment(remaining, MIDNIGHT))

    if moment is None:
        assert remaining > 0
        assert pace * left_seconds <= remaining * (1 + 1e-9) + 1e-6
    else:
        assert now <= moment <= MIDNIGHT
        spent = pace * (moment - now).total_seconds()
        assert remaining <= 0 or abs(spent - remaining) <= remaining * 1e-6 + pace * 1e-5


@given(SECONDS_LEFT, CALLS, PACES, CALLS, CALLS)
def test_the_day_is_expected_to_end_with_no_less_than_it_has_and_a_smaller_budget_ends_no_later(
    left_seconds: float, calls: int, per_hour: float, one: int, other: int
) -> None:
    now = MIDNIGHT - timedelta(seconds=left_seconds)
    small, large = sorted((one, other))

    def of(hard: int) -> datetime | None:
        whole = [Allotment(hard - calls, MIDNIGHT)]
        found = forecast(now, MIDNIGHT, calls, per_hour, soft=small, whole=whole)
        assert found.expected_calls >= calls
        assert found.exhausted_at is None or found.soft_reached_at is not None
        return found.exhausted_at

    first, second = of(small), of(large)
    assert second is None or (first is not None and first <= second)


@given(SECONDS_LEFT, CALLS, PACES)
def test_nothing_runs_out_where_nothing_is_limited(left_seconds: float, calls: int, per_hour: float) -> None:
    now = MIDNIGHT - timedelta(seconds=left_seconds)

    found = forecast(now, MIDNIGHT, calls, per_hour, soft=None, whole=[])

    assert (found.soft_reached_at, found.exhausted_at) == (None, None)


@given(CALLS, CALLS, st.floats(min_value=0.0, max_value=1.0))
def test_the_last_period_is_between_the_current_one_and_both(current: int, previous: int, part: float) -> None:
    assert current <= sliding(current, previous, part) <= current + previous


def test_of_several_the_one_that_runs_out_first_counts() -> None:
    now = MIDNIGHT - timedelta(hours=10)
    whole = [Allotment(50, MIDNIGHT), Allotment(20, now + timedelta(hours=1)), Allotment(30, MIDNIGHT)]

    assert forecast(now, MIDNIGHT, 0, 10.0, soft=None, whole=whole).exhausted_at == now + timedelta(hours=3)
