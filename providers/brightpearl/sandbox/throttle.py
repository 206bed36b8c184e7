"""The count of calls: a fixed window on the wall-clock minute, whatever the calls come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

MINUTE_MS = 60_000
UNLIMITED_REMAINING = 199


class Throttle:
    """How many calls each pool of apps has left in this minute."""

    def __init__(self, requests_per_minute: int | None, clock: Callable[[], datetime]) -> None:
        self._limit = requests_per_minute
        self._clock = clock
        self._minute = 0
        self._counts: dict[str, int] = {}

    def count(self, pool: str) -> tuple[bool, dict[str, str]]:
        """Count a call; whether it may pass, and the headers that tell."""
        now_ms = int(self._clock().timestamp() * 1_000)
        minute, into_ms = divmod(now_ms, MINUTE_MS)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        used = self._counts[pool] = self._counts.get(pool, 0) + 1
        remaining = UNLIMITED_REMAINING if self._limit is None else max(self._limit - used, 0)
        told = {
            "brightpearl-requests-remaining": str(remaining),
            "brightpearl-next-throttle-period": str(MINUTE_MS - into_ms),
        }
        return self._limit is None or used <= self._limit, told
