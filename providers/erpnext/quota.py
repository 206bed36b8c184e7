"""ERPNext's rate limit, off by default: so many seconds of work per window, for all users of a site."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from providers.kit.limits import Allowance, Limits, Told
from providers.kit.waits import retry_after_seconds, whole_number

SERVER_SECONDS = "server_seconds"
MICROSECONDS = 1_000_000
THROTTLED = 429


def read_quota(status: int, header: Callable[[str], str | None]) -> Sequence[Told]:
    """Limit and rest in microseconds, the window's end in whole seconds, rounded down."""
    limit_us = whole_number(header("X-RateLimit-Limit"))
    if limit_us is None and status != THROTTLED:
        return ()
    remaining_us = whole_number(header("X-RateLimit-Remaining"))
    reset_seconds = whole_number(header("X-RateLimit-Reset"))
    is_throttled = status == THROTTLED
    wait_seconds = retry_after_seconds(header) if is_throttled else None
    ends_in_seconds = max(
        (seconds for seconds in (reset_seconds, wait_seconds) if seconds is not None), default=None
    )
    return (
        Told(
            name=SERVER_SECONDS,
            limit=limit_us / MICROSECONDS if limit_us is not None else None,
            remaining=0 if is_throttled or remaining_us is None else remaining_us / MICROSECONDS,
            ends_in_seconds=ends_in_seconds + 1 if ends_in_seconds is not None else None,
            is_throttled=is_throttled,
        ),
    )


LIMITS = Limits(
    allowances=(Allowance(name=SERVER_SECONDS, window_seconds=3_600, kind="aligned", unit="server_seconds"),),
    at_once_max=32,
    read_quota=read_quota,
)
