"""Brightpearl's count of calls: so many per minute of its own clock, in a pool that other apps may share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from providers.kit.limits import Allowance, Limits, Told
from providers.kit.waits import retry_after_seconds, whole_number

MINUTE = "minute"
# Told in whole milliseconds.
GRAIN_SECONDS = 0.001


def read_quota(status: int, header: Callable[[str], str | None]) -> Sequence[Told]:
    """Every answer tells what is left and when the next minute begins, a refusal too."""
    remaining = whole_number(header("brightpearl-requests-remaining"))
    period_ms = whole_number(header("brightpearl-next-throttle-period"))
    is_throttled = status == 429 or (status == 503 and remaining == 0)
    if remaining is None and period_ms is None and not is_throttled:
        return ()
    if period_ms is not None:
        ends_in_seconds: float | None = period_ms / 1000 + GRAIN_SECONDS
    else:
        ends_in_seconds = retry_after_seconds(header) if is_throttled else None
    return (
        Told(
            name=MINUTE,
            remaining=0 if is_throttled else remaining,
            ends_in_seconds=ends_in_seconds,
            is_throttled=is_throttled,
        ),
    )


LIMITS = Limits(
    allowances=(Allowance(name=MINUTE, limit=200, window_seconds=60, kind="aligned"),),
    at_once_max=10,
    read_quota=read_quota,
)
