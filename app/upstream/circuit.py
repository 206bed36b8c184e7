"""A circuit: once opened by failures, nothing is sent until a rest is over, and then one call goes to see."""

from __future__ import annotations

import random
from collections.abc import Callable

from app import metrics
from providers.kit.clock import Clock
from providers.kit.errors import Resting

REST_SECONDS = 2.0
REST_SECONDS_MAX = 60.0
# Doubled so often, a rest is beyond the longest.
_RESTS_MAX = 5


class Circuit:
    """Closed while calls work; each rest in a row is twice as long, up to a bound, and shortened by chance."""

    __slots__ = ("_chance", "_clock", "_integration", "_is_tried", "_reach", "_rests", "_until")

    def __init__(
        self, integration: str, reach: metrics.Reach, clock: Clock, chance: Callable[[], float] = random.random
    ) -> None:
        self._integration = integration
        self._reach = reach
        self._clock = clock
        self._chance = chance
        self._until: float | None = None
        self._rests = 0
        self._is_tried = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused, but for one now and then."""
        return self._until is not None

    @property
    def rest_seconds(self) -> float:
        """For how long nothing is sent yet; nothing where the next call goes through."""
        return max(self._until - self._clock.monotonic(), 0.0) if self._until is not None else 0.0

    def admit(self) -> None:
        """Let a call through, or raise `Resting` with the time that is left.

        The call that comes first after a rest goes to see. Should nothing ever be heard of it, another one
        goes after as long again.
        """
        if self._until is None:
            return
        now = self._clock.monotonic()
        if now < self._until:
            raise Resting(
                "the provider failed again and again, and is left alone for a while",
                retry_after_seconds=self._until - now,
            )
        self._until = now + self._rest_seconds()
        self._is_tried = True

    def open(self) -> None:
        """Begin a rest, a longer one where the call that went to see has failed."""
        if self._until is not None:
            if not self._is_tried:
                return  # The call was under way when the circuit opened: it tells nothing new.
            self._rests = min(self._rests + 1, _RESTS_MAX)
        else:
            metrics.breaker_opened(self._integration, self._reach)
        self._until = self._clock.monotonic() + self._rest_seconds()
        self._is_tried = False

    def close(self) -> None:
        """A call has worked, or the circuit is forgotten."""
        if self._until is not None:
            metrics.breaker_closed(self._integration, self._reach)
        self._until = None
        self._rests = 0
        self._is_tried = False

    __del__ = close

    def _rest_seconds(self) -> float:
        """Processes and accounts that failed together are not to come back together."""
        longest = min(REST_SECONDS * (1 << self._rests), REST_SECONDS_MAX)
        return longest * (1 - self._chance() / 4)
