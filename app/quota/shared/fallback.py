"""What one process does for an account while Redis is gone: its part of the allowance, by its own count.

The window in progress has been used by all, and nobody knows how far. So it counts as used up, unless there was
plenty of it when it was last seen: then one call may ask the provider, and what is left is parted among all.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.quota.aligned import AlignedWindow
from app.quota.rolling import RollingWindow
from app.quota.store import LocalStore, new_window
from app.quota.windows import Use, Window
from providers.kit.clock import Clock
from providers.kit.limits import Allowance, Limits

PLENTY_SHARE = 0.5
EARLY_SECONDS = 1.0
"""How much earlier than this process others may have taken the next window to have begun, or heard of Redis."""
LONG_SECONDS = 120.0
"""A rolling window longer than that is not given up: what it had left is parted, and answers correct it."""


def fallback(limits: Limits, clock: Clock, processes: int, seen: Mapping[str, Use], seen_at: float) -> LocalStore:
    """A store of this process alone; `seen` is how each allowance stood when Redis last told."""
    at_once_max = max(limits.at_once_max // processes, 1)
    store = LocalStore(Limits(at_once_max=at_once_max, read_quota=limits.read_quota), clock)
    store.ledger.windows = tuple(
        _window(allowance, processes, limits.at_once_max, seen.get(allowance.name), seen_at, clock.monotonic())
        for allowance in limits.allowances
    )
    return store


def _window(
    allowance: Allowance, processes: int, at_once_max: int, seen: Use | None, seen_at: float, now: float
) -> Window:
    window = new_window(allowance, processes)
    if seen is not None:
        window.limit = seen.limit
    if isinstance(window, AlignedWindow):
        _begin_aligned(window, at_once_max + processes, seen, seen_at, now)
    elif isinstance(window, RollingWindow):
        is_long = allowance.window_seconds > LONG_SECONDS
        left = seen.remaining // processes if seen is not None and is_long else 0.0
        window.others = window.limit // processes - left
        window.others_until = now + allowance.window_seconds
    return window


def _begin_aligned(window: AlignedWindow, reserved: int, seen: Use | None, seen_at: float, now: float) -> None:
    is_plenty = True
    if seen is not None and seen.ends_in_seconds is not None:
        began = seen_at + seen.ends_in_seconds - seen.window_seconds
        window.seconds, window.started = seen.window_seconds, min(began, seen_at)
        window.ends, window.is_end_told = seen_at + seen.ends_in_seconds, True
        is_plenty = now + EARLY_SECONDS >= window.ends or seen.remaining >= seen.limit * PLENTY_SHARE
        window.roll(now + EARLY_SECONDS)
    window.remaining, window.reserved, window.is_unknown = 1.0 if is_plenty else 0.0, reserved, True


def closed_seconds(window: AlignedWindow, now: float, ready_in_seconds: float) -> float:
    """How long nobody may send: until that window is over in which the shared count is used again."""
    window.roll(now + ready_in_seconds + EARLY_SECONDS)
    return (window.ends - now) if window.ends is not None else ready_in_seconds + window.seconds


def sent_count(window: Window, now: float) -> float:
    """How many calls this process sent by its own count, of those that still matter."""
    window.roll(now)
    return window.use(now).used
