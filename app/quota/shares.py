"""Equal shares of a window for everybody who is asking, and what nobody asks for to whoever does."""

from __future__ import annotations

from dataclasses import dataclass, field

ASKING_SECONDS = 1.0
"""A caller that has not asked for so long wants nothing."""
CALLERS_MAX = 256
"""Of more callers in one window the rest come as they come."""
TURN_SECONDS = 0.02


@dataclass(slots=True)
class Shares:
    """What each caller took in the window in progress, and when it last asked."""

    taken: dict[str, int] = field(default_factory=dict)
    asked_at: dict[str, float] = field(default_factory=dict)

    @property
    def has_several(self) -> bool:
        """Whether there is anybody to share with."""
        return len(self.asked_at) > 1

    def ask(self, caller: str, now: float) -> None:
        """The caller wants a call now."""
        if caller in self.asked_at or len(self.asked_at) < CALLERS_MAX:
            self.asked_at[caller] = now

    def take(self, caller: str) -> None:
        """It got one."""
        if caller in self.asked_at:
            self.taken[caller] = self.taken.get(caller, 0) + 1

    def begin(self) -> None:
        """A new window: everybody begins with nothing."""
        self.taken.clear()
        self.asked_at.clear()

    def may(self, caller: str, free: float, now: float, left_share: float) -> bool:
        """Whether one of the `free` calls is the caller's, as far as others are known to want them."""
        since = now - ASKING_SECONDS
        asking = [name for name, at in self.asked_at.items() if at >= since or name == caller]
        mine = self.taken.get(caller, 0)
        share = (free + sum(self.taken.get(name, 0) for name in asking)) / len(asking)
        if mine < share:
            return True
        others = sum(self._wanted(name, share, left_share) for name in asking if name != caller)
        return free - others >= 1

    def _wanted(self, caller: str, share: float, left_share: float) -> float:
        """What the caller will still want of its share: at most twice its pace up to now."""
        taken = self.taken.get(caller, 0)
        pace = 2 * (taken + 1) * left_share / max(1 - left_share, 0.001)
        return min(max(share - taken, 0.0), pace)
