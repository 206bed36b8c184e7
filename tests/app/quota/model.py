"""A provider as arithmetic: it counts calls when they arrive, by its own clock, and refuses what is too much."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from app.quota.windows import Window
from providers.kit.limits import Told

TICK_SECONDS = 0.005


@dataclass(slots=True)
class Minutes:
    """Windows that follow each other; another app may spend from them, evenly."""

    name: str
    limit: int
    seconds: float
    offset: float
    foreign: int = 0
    served: Counter[int] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)

    def arrive(self, now: float) -> Told:
        """Count a call, and tell what is left."""
        number, into = divmod(now + self.offset, self.seconds)
        window = int(number)
        others = int(self.foreign * into / self.seconds)
        if self.served[window] + others < self.limit:
            self.served[window] += 1
            is_throttled = False
        else:
            self.refused[window] += 1
            is_throttled = True
        left = max(self.limit - self.served[window] - others, 0)
        return Told(
            name=self.name, remaining=left, ends_in_seconds=self.seconds - into + 0.001, is_throttled=is_throttled
        )


@dataclass(slots=True)
class Span:
    """A rolling window, counted exactly."""

    name: str
    limit: int
    seconds: float
    arrived: list[float] = field(default_factory=list)

    def arrive(self, now: float) -> Told:
        """Count a call; its answer tells nothing."""
        self.arrived.append(now)
        return Told(name=self.name)

    def most(self) -> int:
        """The most calls that any span held."""
        return max(
            sum(1 for other in self.arrived if at <= other < at + self.seconds) for at in [0.0, *self.arrived]
        )


def draws(seed: int) -> random.Random:
    """How long ways take, the same each time."""
    return random.Random(seed)  # noqa: S311 - nothing is kept secret by it


def call_greedily(
    window: Window,
    arrive: Callable[[float], Told],
    draw: random.Random,
    *,
    seconds: float,
    way_seconds_max: float,
    at_once_max: int = 10,
) -> None:
    """Send whatever the window lets through, each call taking its time there and its answer back."""
    order = itertools.count()
    due: list[tuple[float, int, float, Told | None]] = []
    now, under_way = 0.0, 0
    while now < seconds:
        window.roll(now)
        while under_way < at_once_max and window.free(now) >= 1 and window.unanswered < window.at_once_max(now):
            window.take(now)
            under_way += 1
            heapq.heappush(due, (now + draw.uniform(0.001, way_seconds_max), next(order), now, None))
        now = min(due[0][0], now + TICK_SECONDS) if due else now + TICK_SECONDS
        while due and due[0][0] <= now:
            at, _, sent, told = heapq.heappop(due)
            if told is None:
                back = at + draw.uniform(0.001, way_seconds_max)
                heapq.heappush(due, (back, next(order), sent, arrive(at)))
            else:
                under_way -= 1
                window.roll(at)
                window.answered(sent, at, told)
