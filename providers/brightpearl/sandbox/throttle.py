"""The count of calls: a fixed window on the provider's clock, whatever the calls come to and whoever makes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from providers.kit.sandbox.rules import changed
from providers.kit.sandbox.windows import Seconds, Window, Windows

UNLIMITED_REMAINING = 199
BURSTS_PER_WINDOW = 3


class Limits(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What each pool may spend. `POST /__sandbox/limits` takes any of these and tells them all."""

    calls: Annotated[int, msgspec.Meta(ge=1)] | None
    window_seconds: Seconds = 60.0
    ahead_seconds: float = 0.0
    """How far the provider's clock is ahead of this machine's: windows need not begin when ours would."""


class Foreign(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An app that is not ours and spends from every pool: `POST /__sandbox/foreign`."""

    per_window: Annotated[int, msgspec.Meta(ge=0)] = 0
    pattern: Literal["even", "bursts"] = "even"


def foreign_due(foreign: Foreign, number: int, part: float) -> int:
    """How many calls the app has wanted to make once that part of the window is over."""
    if foreign.pattern == "even":
        return int(foreign.per_window * part + 0.5)
    draw = random.Random(number)
    over = sum(draw.random() <= part for _ in range(BURSTS_PER_WINDOW))
    return foreign.per_window * over // BURSTS_PER_WINDOW


class Throttle:
    """How many calls each pool of apps has left in this window.

    The foreign app needs no task: what it wanted is worked out whenever somebody looks, and it gets what is left.
    """

    def __init__(self, calls: int | None, clock: Callable[[], datetime]) -> None:
        self._limits = Limits(calls=calls)
        self._foreign = Foreign()
        self._windows = Windows(clock)

    def count(self, pool: str) -> tuple[bool, dict[str, str]]:
        """Count a call; whether it may pass, and the headers that tell."""
        now_ms = self._now_ms()
        window = self._windows.current(pool, self._limits.window_seconds, now_ms)
        self._let_others_spend(window, now_ms)
        may_pass = self._left(window) != 0
        if may_pass:
            window.spent += 1
            window.served += 1
        else:
            window.throttled += 1
        left = self._left(window)
        return may_pass, _told(UNLIMITED_REMAINING if left is None else left, window.left_ms(now_ms))

    def spent(self) -> dict[str, str]:
        """The headers of a pool of which nothing is left."""
        now_ms = self._now_ms()
        length_ms = round(self._limits.window_seconds * 1_000)
        return _told(0, length_ms - now_ms % length_ms)

    def limit(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Change the limits, and tell them with the tally of each window."""
        self._settle()
        self._limits = changed(self._limits, given)
        return {
            **msgspec.structs.asdict(self._limits),
            "foreign": msgspec.structs.asdict(self._foreign),
            "windows": [window.told() for window in self._windows.kept()],
        }

    def share(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Change what the foreign app wants, and tell it."""
        self._settle()
        self._foreign = changed(self._foreign, given)
        return msgspec.structs.asdict(self._foreign)

    def _now_ms(self) -> int:
        return self._windows.now_ms(self._limits.ahead_seconds)

    def _left(self, window: Window) -> int | None:
        return None if self._limits.calls is None else max(self._limits.calls - window.spent, 0)

    def _let_others_spend(self, window: Window, now_ms: int) -> None:
        """Count what the foreign app asked for since somebody looked; what it is refused it does not ask again."""
        before, now = (
            foreign_due(self._foreign, window.number, window.part(moment)) for moment in (window.seen_ms, now_ms)
        )
        left = self._left(window)
        taken = now - before if left is None else min(now - before, left)
        window.seen_ms = now_ms
        window.foreign += taken
        window.spent += taken

    def _settle(self) -> None:
        """Count the foreign app's calls up to now, for somebody reads the tally or changes the terms."""
        now_ms = self._now_ms()
        for window in self._windows.kept():
            self._let_others_spend(window, now_ms)


def _told(remaining: int, left_ms: int) -> dict[str, str]:
    return {"brightpearl-requests-remaining": str(remaining), "brightpearl-next-throttle-period": str(left_ms)}
