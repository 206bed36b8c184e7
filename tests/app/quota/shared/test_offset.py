"""Another clock's time is bounded by what it tells, and its bounds hold whatever the way takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quota.shared.offset import Offset

ways = st.floats(0, 2)


@given(st.floats(-1e6, 1e6), st.lists(st.tuples(ways, ways), min_size=1, max_size=20))
def test_the_truth_is_always_between_the_bounds_and_they_only_come_nearer(
    ahead: float, trips: list[tuple[float, float]]
) -> None:
    offset, now, width = Offset(), 0.0, float("inf")
    for there, back in trips:
        offset.learn(now, now + there + back, now + there + ahead)
        now += there + back

        assert offset.at_least - 1e-6 <= ahead <= offset.at_most + 1e-6
        assert offset.at_most - offset.at_least <= width + 0.001
        width = offset.at_most - offset.at_least


def test_a_clock_that_was_set_is_believed() -> None:
    offset = Offset()
    offset.learn(0, 0.01, 100)

    offset.learn(1, 1.01, 500)

    assert (offset.at_least, offset.at_most) == (pytest.approx(498.99), pytest.approx(499))
