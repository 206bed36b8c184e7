"""Fixed windows of the clock, and the tally of each: what was spent, by whom, and what was turned away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

KEPT_MAX = 1_000
Seconds = Annotated[float, msgspec.Meta(ge=0.01, le=86_400)]


@dataclass(slots=True, kw_only=True)
class Window:
    """One window of one pool. `spent` is in the provider's own unit; `foreign`, its part, is known to `seen_ms`."""

    pool: str
    starts_ms: int
    length_ms: int
    seen_ms: int
    spent: int = 0
    foreign: int = 0
    served: int = 0
    throttled: int = 0

    @property
    def number(self) -> int:
        """How many windows of this length there have been."""
        return self.starts_ms // self.length_ms

    def part(self, moment_ms: int) -> float:
        """How much of it is over at that moment, from 0 to 1."""
        return min((moment_ms - self.starts_ms) / self.length_ms, 1.0)

    def left_ms(self, now_ms: int) -> int:
        """How long it still goes on."""
        return self.starts_ms + self.length_ms - now_ms

    def told(self) -> dict[str, Any]:
        """The window as a judge reads it."""
        return {
            "pool": self.pool,
            "starts_at": datetime.fromtimestamp(self.starts_ms / 1_000, UTC).isoformat(),
            "window_seconds": self.length_ms / 1_000,
            "spent": self.spent,
            "foreign": self.foreign,
            "served": self.served,
            "throttled": self.throttled,
        }


class Windows:
    """The newest windows of all pools, oldest first."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, int, int], Window] = {}

    def now_ms(self, ahead_seconds: float) -> int:
        """The provider's present, whose clock need not go with anybody's."""
        return int((self._clock().timestamp() + ahead_seconds) * 1_000)

    def current(self, pool: str, window_seconds: float, now_ms: int) -> Window:
        """The window that this moment is in."""
        length_ms = round(window_seconds * 1_000)
        key = (pool, now_ms // length_ms, length_ms)
        found = self._kept.get(key)
        if found is None:
            starts_ms = key[1] * length_ms
            found = Window(pool=pool, starts_ms=starts_ms, length_ms=length_ms, seen_ms=starts_ms)
            self._kept[key] = found
            if len(self._kept) > KEPT_MAX:
                del self._kept[next(iter(self._kept))]
        return found

    def kept(self) -> list[Window]:
        """All that is remembered."""
        return list(self._kept.values())
