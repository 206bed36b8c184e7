"""How often, and after how long, an account's reads are asked again: a provider that is dying is not stormed."""

from __future__ import annotations

import random
from collections.abc import Callable

from providers.kit.errors import ProviderError, RateLimited, Resting, TimedOut

ATTEMPTS_MAX = 3
BACKOFF_SECONDS = 0.2
PATIENCE_SECONDS = 20.0
# What a throttle asks for longer than this is told to the caller, who can plan for it.
THROTTLE_PATIENCE_SECONDS = 5.0
SHARE = 0.2
RESERVE = 10.0


class Retries:
    """One account's allowance: a reserve, filled by a share of its calls and spent by every repetition."""

    __slots__ = ("_left", "_random")

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._left = RESERVE
        self._random = chance

    def called(self) -> None:
        """A call begins; it adds its share."""
        self._left = min(self._left + SHARE, RESERVE)

    def wait_seconds(self, error: ProviderError, attempt: int, left_seconds: float) -> float | None:
        """How long to wait before the call is made again after its `attempt`-th failure; None where it is not.

        As long as the provider says, and a little more by chance; else anything up to a bound that doubles. Those
        who failed in the same moment are not to come back in the same moment.
        """
        if attempt >= ATTEMPTS_MAX or not error.retryable or isinstance(error, TimedOut | Resting):
            return None
        told = error.retry_after_seconds
        wait = self._random() * BACKOFF_SECONDS * (2**attempt if told is None else 1)
        wait += told or 0.0
        patience = THROTTLE_PATIENCE_SECONDS if isinstance(error, RateLimited) else PATIENCE_SECONDS
        if (told or 0.0) > patience or wait >= left_seconds or self._left < 1:
            return None
        self._left -= 1
        return wait
