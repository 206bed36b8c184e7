"""An allowance for any span of time: an exact log of the calls in the last so many seconds.

A call counts from when it is sent, and until a whole span after its answer: it was counted by the provider at some
moment in between.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from app.quota.windows import SOON_SECONDS, Use
from providers.kit.limits import Allowance, Told

THROTTLED_SECONDS = 1.0
EXACT_MAX = 500
"""Above so many calls a span, those of a five-hundredth of it are one entry, which leaves with the last."""
KEPT = 1.0
DAY_SECONDS = 86_400.0
KEPT_OF_DAY = 0.1


@dataclass(slots=True)
class RollingWindow:
    """The calls of the last span. `others` of them were not ours, or from before this process began."""

    allowance: Allowance
    share: int = 1
    limit: float = 0.0
    unanswered: int = 0
    logged: int = 0
    log: deque[tuple[float, int]] = field(default_factory=deque)
    others: float = 0.0
    others_until: float = 0.0
    closed_until: float = 0.0

    def __post_init__(self) -> None:
        self.limit = self.limit or self.allowance.limit

    @property
    def _own(self) -> float:
        return self.limit if self.share == 1 else self.limit // self.share

    @property
    def _left(self) -> float:
        return self._own - self.logged - self.others

    def roll(self, now: float) -> None:
        """Forget what is a span ago."""
        since = now - self.allowance.window_seconds
        while self.log and self.log[0][0] <= since:
            self.logged -= self.log.popleft()[1]
        if self.others and self.others_until <= now:
            self.others = 0.0

    def free(self, now: float) -> float:
        """What the span still allows."""
        return 0.0 if now < self.closed_until else self._left - self.unanswered

    def at_once_max(self, now: float) -> float:
        """The log is exact."""
        del now
        return math.inf

    def kept(self, now: float) -> float:
        """One call, for no moment comes by which what is kept would be lost; of a day's a tenth.

        What a walk spends of a minute is soon there again. Of a day, whoever sits before a screen would wait hours.
        """
        del now
        if self.limit <= KEPT:
            return 0.0
        is_day = self.allowance.window_seconds >= DAY_SECONDS and self.limit < math.inf
        return max(self._own * KEPT_OF_DAY, KEPT) if is_day else KEPT

    def began(self, now: float) -> float:
        """Every span of that length is as good as another."""
        return now // self.allowance.window_seconds

    def left_share(self, now: float) -> float:
        """A span never runs out."""
        del now
        return 1.0

    def wait_seconds(self, now: float, missing: float) -> tuple[float, bool]:
        """Until enough calls are a span ago."""
        if now < self.closed_until:
            return self.closed_until - now, True
        due = [(at + self.allowance.window_seconds, count) for at, count in self.log]
        if self.others:
            due.append((self.others_until, int(self.others) + 1))
        for at, count in sorted(due):
            missing -= count
            if missing <= 0:
                return max(at - now, 0.001), self.unanswered == 0
        return SOON_SECONDS, False

    def take(self, now: float) -> None:
        """A call is sent."""
        del now
        self.unanswered += 1

    def answered(self, sent: float, at: float, told: Told | None) -> None:
        """Put it in the log, and make the log as full as the provider's."""
        del sent
        self.unanswered = max(self.unanswered - 1, 0)
        self._enter(at)
        if told is None:
            return
        if told.limit is not None:
            self.limit = told.limit
        if told.is_throttled:
            wait_seconds = THROTTLED_SECONDS if told.ends_in_seconds is None else told.ends_in_seconds
            self.closed_until = max(self.closed_until, at + wait_seconds)
        elif told.remaining is not None and self.share == 1:
            self.others = max(self.limit - told.remaining - self.logged, 0.0)
            self.others_until = at + self.allowance.window_seconds

    def unsent(self) -> None:
        """A call that was taken was not sent after all."""
        self.unanswered = max(self.unanswered - 1, 0)

    def lost(self, at: float) -> None:
        """It is taken to have counted."""
        self.answered(at, at, None)

    def use(self, now: float) -> Use:
        """How it stands."""
        return Use(
            limit=self.limit,
            used=self.logged + self.unanswered,
            foreign=self.others,
            remaining=max(self.free(now), 0.0),
            ends_in_seconds=max(self.closed_until - now, 0.0) or None,
            window_seconds=self.allowance.window_seconds,
        )

    def _enter(self, at: float) -> None:
        self.logged += 1
        if self.limit > EXACT_MAX:
            grain_seconds = self.allowance.window_seconds / EXACT_MAX
            at = math.ceil(at / grain_seconds) * grain_seconds
        if self.log and self.log[-1][0] >= at:
            last, count = self.log[-1]
            self.log[-1] = (last, count + 1)
        else:
            self.log.append((at, 1))
