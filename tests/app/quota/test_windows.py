"""The arithmetic of allowances, against a provider that counts by its own clock: all is used, nothing above it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quota.aligned import AlignedWindow
from app.quota.rolling import RollingWindow
from providers.kit.limits import Allowance, Told
from tests.app.quota.model import Minutes, Span, call_greedily, draws

MINUTE = Allowance(name="minute", limit=200, window_seconds=60, kind="aligned")
SPAN = Allowance(name="span", limit=60, window_seconds=60, kind="rolling")


def _told(remaining: float | None = None, ends_in: float | None = None, *, is_throttled: bool = False) -> Told:
    return Told(name="minute", remaining=remaining, ends_in_seconds=ends_in, is_throttled=is_throttled)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    offset=st.floats(0, 100),
    seconds=st.sampled_from([3.0, 5.0, 10.0]),
    limit=st.integers(20, 200),
    way_seconds_max=st.floats(0.002, 0.08),
)
def test_no_call_is_above_the_allowance_wherever_the_window_begins(
    seed: int, offset: float, seconds: float, limit: int, way_seconds_max: float
) -> None:
    provider = Minutes("minute", limit, seconds, offset)
    window = AlignedWindow(Allowance(name="minute", limit=limit, window_seconds=60, kind="aligned"))

    call_greedily(window, provider.arrive, draws(seed), seconds=8 * seconds, way_seconds_max=way_seconds_max)

    assert sum(provider.refused.values()) == 0
    whole = sorted(provider.served)[1:-1]
    assert sum(provider.served[number] for number in whole) >= 0.98 * limit * len(whole)
    assert abs(window.seconds - seconds) < 0.2  # As near as ways of up to 80 ms let it be known.


@pytest.mark.parametrize("seed", range(5))
def test_beside_an_app_that_spends_a_third_the_rest_is_used(seed: int) -> None:
    provider = Minutes("minute", 200, 5.0, 1.7, foreign=66)
    window = AlignedWindow(MINUTE)

    call_greedily(window, provider.arrive, draws(seed), seconds=60, way_seconds_max=0.03)

    assert sum(provider.refused.values()) <= 1
    whole = sorted(provider.served)[2:-1]
    assert sum(provider.served[number] for number in whole) >= 0.95 * 134 * len(whole)


def test_a_smaller_grant_is_learnt_from_windows_that_begin_alike() -> None:
    provider = Minutes("minute", 80, 5.0, 0.4)
    window = AlignedWindow(MINUTE)

    call_greedily(window, provider.arrive, draws(1), seconds=40, way_seconds_max=0.03)

    assert window.limit == 80
    assert sum(provider.refused.values()) == 0
    assert all(provider.served[number] >= 78 for number in sorted(provider.served)[4:-1])


def test_a_larger_grant_is_believed_at_once() -> None:
    window = AlignedWindow(MINUTE)
    window.take(0)

    window.answered(0, 0.1, _told(999, 30))

    assert (window.limit, window.free(1)) == (1000, 999)


def test_calls_under_way_when_a_window_ends_count_in_both_until_they_say_where() -> None:
    window = AlignedWindow(MINUTE)
    window.take(0)
    window.answered(0, 0.1, _told(100, 10))
    for _ in range(5):
        window.take(9.9)

    window.roll(10.2)
    before = window.use(10.2).remaining
    window.answered(9.9, 10.21, _told(99, 0.15))  # Counted in the last one.
    window.answered(9.9, 10.22, _told(199, 59.95))  # Counted in this one.

    assert before == 195
    assert window.use(10.3).remaining == 196
    assert window.use(10.3).used == 4


def test_a_window_is_not_used_before_it_has_surely_begun() -> None:
    window = AlignedWindow(MINUTE)
    window.take(0)
    window.answered(0, 0.4, _told(0, 10))  # The end is somewhere from 10.0 to 10.4.

    window.roll(10.3)
    early = window.free(10.3)
    window.roll(10.41)

    assert early <= 0
    assert window.free(10.41) > 0


def test_a_throttle_closes_the_window_until_the_moment_it_names() -> None:
    window = AlignedWindow(MINUTE)
    window.take(0)

    window.answered(0, 0.1, _told(0, 7, is_throttled=True))

    assert window.free(1) <= 0
    wait_seconds, is_sure = window.wait_seconds(1, 1)
    assert (round(wait_seconds, 1), is_sure) == (6.1, True)


def test_an_answer_that_tells_nothing_counts_all_the_same() -> None:
    window = AlignedWindow(MINUTE)
    window.take(0)
    window.answered(0, 0.1, _told(100, 30))
    window.take(1)

    window.answered(1, 1.1, None)

    assert window.use(2).remaining == 99


def test_a_provider_that_never_tells_is_given_a_whole_window_of_quiet() -> None:
    window = AlignedWindow(Allowance(name="minute", limit=2, window_seconds=60, kind="aligned"))
    for at in (0.0, 30.0):
        window.roll(at)
        window.take(at)
        window.answered(at, at, None)

    window.roll(89)
    early = window.free(89)
    window.roll(90.1)

    assert (early, window.free(90.1)) == (0, 2)


def test_a_call_that_was_not_sent_is_given_back_and_a_lost_one_is_not() -> None:
    window = AlignedWindow(MINUTE)
    window.take(0)
    window.answered(0, 0.1, _told(100, 30))
    window.take(1)
    window.take(1)

    window.unsent()
    window.lost(2)

    assert window.use(2).remaining == 99


def test_what_is_kept_from_background_work_is_given_up_towards_the_end() -> None:
    window = AlignedWindow(MINUTE)
    window.take(0)
    window.answered(0, 0.001, _told(199, 60))

    kept = [round(window.kept(at), 2) for at in (0.0, 30.0, 50.0)]

    assert kept == [8.0, 2.67, 0.0]


@pytest.mark.parametrize(
    ("limit", "seconds", "kept"),
    [(60, 60, 1), (1_000, 86_400, 100), (5, 86_400, 1), (1, 86_400, 0), (math.inf, 86_400, 1)],
)
def test_of_a_rolling_day_a_tenth_is_kept_from_background_work(limit: float, seconds: float, kept: float) -> None:
    window = RollingWindow(Allowance(name="span", limit=limit, window_seconds=seconds, kind="rolling"))

    assert window.kept(0) == kept


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    limit=st.integers(2, 60),
    seconds=st.sampled_from([1.0, 3.0]),
    way_seconds_max=st.floats(0.002, 0.08),
)
def test_no_span_ever_holds_more_than_the_limit(
    seed: int, limit: int, seconds: float, way_seconds_max: float
) -> None:
    provider = Span("span", limit, seconds)
    window = RollingWindow(Allowance(name="span", limit=limit, window_seconds=seconds, kind="rolling"))

    call_greedily(
        window,
        provider.arrive,
        draws(seed),
        seconds=4 * seconds,
        way_seconds_max=way_seconds_max,
        at_once_max=5,
    )

    assert provider.most() <= limit


def test_a_log_takes_over_what_the_provider_has_counted_of_others() -> None:
    window = RollingWindow(SPAN)
    window.take(0)

    window.answered(0, 0.1, Told(name="span", remaining=10))

    assert window.free(1) == 10
    window.roll(60.2)
    assert window.free(60.2) == 60


def test_a_throttled_span_is_closed_until_it_is_told_to_be_over() -> None:
    window = RollingWindow(SPAN)
    window.take(0)

    window.answered(0, 0.1, Told(name="span", ends_in_seconds=26, is_throttled=True))

    assert (window.free(26), window.free(26.2)) == (0, 59)
    assert window.wait_seconds(1.1, 1) == (25, True)


def test_a_limit_of_many_calls_is_logged_in_entries_that_stand_for_several() -> None:
    window = RollingWindow(Allowance(name="day", limit=5_000, window_seconds=86_400, kind="rolling"))
    for second in range(2_000):
        window.take(second)
        window.answered(second, second, None)

    assert len(window.log) <= 13
    assert window.free(2_000) == 3_000


def test_server_seconds_are_counted_as_the_answers_tell() -> None:
    allowance = Allowance(name="minute", window_seconds=3_600, kind="aligned", unit="server_seconds")
    window = AlignedWindow(allowance)
    window.take(0)

    window.answered(0, 0.5, Told(name="minute", limit=2, remaining=1, ends_in_seconds=30))

    assert window.limit == 2
    assert 1 <= window.free(1) <= 2
    window.take(1)
    window.answered(1, 1.5, Told(name="minute", limit=2, remaining=0, ends_in_seconds=29))
    assert window.free(2) <= 0
    assert window.wait_seconds(2, 1)[1]
