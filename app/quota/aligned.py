"""An allowance whose windows follow each other by the provider's clock, each beginning afresh.

What an answer says is left counts every call that came before it, whoever sent it. So what may still be sent is
what the lowest answer said, less our calls that nobody has answered: some of them may be in it already, and they
show it when they are answered. The window's end is known from both sides: the answer was written between our
sending and our reading. A new window is used once it has surely begun, and a call that was under way meanwhile
counts in both, until its own answer says which it was counted in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from app.quota.foreign import HELD_SHARE, LEFT_PER_CALL, LEFT_PER_CALL_ALONE, Foreign
from app.quota.windows import SOON_SECONDS, UNHEARD_MAX, Use
from providers.kit.limits import Allowance, Told

DRIFT = 0.0001
"""How much two clocks may differ in their pace."""
BLURRED_SECONDS = 0.1
THROTTLED_SECONDS = 1.0
"""How long a throttle is taken to last that does not say."""
KEPT_SHARE = 0.04
LAST_SHARE = 0.25
COST_LEARNT = 0.2


@dataclass(slots=True)
class AlignedWindow:
    """The window in progress. `ends` is the moment by which the next has surely begun; None before an answer told.

    `share`: how many processes use the allowance without knowing of each other; each leaves what is `reserved` for
    calls that the others may have under way. A window that `is_unknown` was begun by all together: what its first
    answer leaves is parted among them.
    """

    allowance: Allowance
    share: int = 1
    limit: float = 0.0
    seconds: float = 0.0
    unanswered: int = 0
    answered_count: int = 0
    remaining: float | None = None
    told_at: float = -math.inf
    started: float | None = None
    ends: float | None = None
    is_end_told: bool = False
    reserved: float = 0.0
    is_unknown: bool = False
    told_first: tuple[float, float] | None = None
    opening: float = 0.0
    opening_before: float = 0.0
    call_cost: float = 1.0
    foreign: Foreign = field(default_factory=Foreign)
    is_of_calls: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_of_calls = self.allowance.unit == "calls"
        self.limit = self.limit or self.allowance.limit
        self.seconds = self.seconds or self.allowance.window_seconds

    @property
    def _left(self) -> float:
        """What the window surely has left for us, calls without an answer not yet taken off."""
        own = self.limit if self.share == 1 else self.limit // self.share
        return own if self.remaining is None else self.remaining

    def roll(self, now: float) -> None:
        """Begin the window that `now` lies in."""
        if self.ends is None or now < self.ends:
            return
        if self.started is None and not self.is_end_told:
            self.ends, self.remaining, self.answered_count = None, None, 0
            return
        unseen = int((now - self.ends) / self.seconds)
        self._begin(self.ends + unseen * self.seconds, None, unseen)

    def free(self, now: float) -> float:
        """What is left, less what others are expected to take of it."""
        left = self._left
        if left == math.inf:
            return left
        if self.started is not None and now < self.started:
            return 0.0
        free = left if self.is_of_calls else math.ceil(left / self.call_cost)
        if self.ends is not None and self.foreign.is_noticed:
            free -= self.foreign.expected(self.seconds, self.ends - self._seen_at, left)
            free -= self.limit * HELD_SHARE * self._spread(now)
        return free - self.unanswered

    def at_once_max(self, now: float) -> float:
        """Fewer as less is left, for others may take it meanwhile."""
        del now
        left = self._left
        if left == math.inf:
            return left
        if self.ends is None:
            return UNHEARD_MAX
        each = LEFT_PER_CALL if self.foreign.is_noticed else LEFT_PER_CALL_ALONE
        return max(left // self.call_cost // each, 1.0)

    def kept(self, now: float) -> float:
        """Less and less towards the end of the window, so that none is lost."""
        return 0.0 if self.limit == math.inf else self.limit / self.share * KEPT_SHARE * self._spread(now)

    def began(self, now: float) -> float:
        """When it began."""
        del now
        return 0.0 if self.started is None else self.started

    def left_share(self, now: float) -> float:
        """How much of the window's time is left."""
        return 1.0 if self.ends is None else min(max((self.ends - now) / self.seconds, 0.0), 1.0)

    def wait_seconds(self, now: float, missing: float) -> tuple[float, bool]:
        """Until the next window where this one is used up, else until more of what is held back comes free."""
        if self.ends is None:
            return SOON_SECONDS, False
        until_end = max(self.ends - now, 0.001)
        if self._left <= 0 and self.unanswered == 0:
            return until_end, True
        if self.unanswered:
            return min(SOON_SECONDS, until_end), False
        if self.started is not None and now < self.started:
            return self.started - now, True
        per_second = (
            self.limit * (KEPT_SHARE + HELD_SHARE * self.foreign.is_noticed) / self.seconds / (1 - LAST_SHARE)
        )
        return min(max(missing / per_second, 0.001), until_end), False

    def take(self, now: float) -> None:
        """A call is sent."""
        del now
        self.unanswered += 1

    def answered(self, sent: float, at: float, told: Told | None) -> None:
        """Believe what was told, of the window that it was told of."""
        self.unanswered = max(self.unanswered - 1, 0)
        ends_in_seconds = told.ends_in_seconds if told is not None else None
        if told is not None and told.is_throttled and ends_in_seconds is None:
            ends_in_seconds = THROTTLED_SECONDS
        if ends_in_seconds is None:
            if self.started is None and not self.is_end_told:
                self.ends = at + self.seconds  # Whenever it began: by then it is over.
            self._count(sent, *_left_and_limit(told))
        elif self._is_of_this_window(sent + ends_in_seconds, at + ends_in_seconds, at):
            if not self.is_of_calls:
                self.call_cost += COST_LEARNT * (max(at - sent, 0.001) - self.call_cost)
            self._count(sent, *_left_and_limit(told))

    def unsent(self) -> None:
        """A call that was taken was not sent after all."""
        self.unanswered = max(self.unanswered - 1, 0)

    def lost(self, at: float) -> None:
        """It stays counted until the window ends."""
        self.answered(at, at, None)

    def use(self, now: float) -> Use:
        """How it stands."""
        left = max(self._left - self.unanswered * self.call_cost, 0.0)
        return Use(
            limit=self.limit,
            used=self.answered_count + self.unanswered,
            foreign=self.foreign.seen,
            remaining=left,
            ends_in_seconds=None if self.ends is None else max(self.ends - now, 0.0),
            window_seconds=self.seconds,
        )

    def _spread(self, now: float) -> float:
        """What of that which is held back still is: all of it at first, nothing in the last part of the window."""
        return max(self.left_share(now) - LAST_SHARE, 0.0) / (1 - LAST_SHARE)

    @property
    def _seen_at(self) -> float:
        return max(self.told_at, self.started or 0.0)

    def _count(self, sent: float, told: float | None, limit: float | None) -> None:
        """One call more has counted in this window, and that is what it left."""
        if limit is not None:
            self.limit = limit
        self.answered_count += 1
        left = self._left if self.share == 1 and told is not None else self._left - self.call_cost
        if told is None:
            self.remaining = left
            return
        if told >= self.limit and self.is_of_calls:
            self.limit = told + 1  # More is granted than was declared.
            left = max(left, told) if self.share == 1 else left
        if self.is_unknown:
            left, self.is_unknown = (told - self.reserved) // self.share, False
        self.remaining = max(min(left, told - self.reserved), 0.0)
        self.told_at = max(self.told_at, sent)
        self._look_for_others(sent)

    def _look_for_others(self, sent: float) -> None:
        if self.share > 1 or not self.is_of_calls:
            return
        left = self._left
        counted = left + self.answered_count
        self.opening = max(self.opening, counted)
        if self.started is None and self.told_first is None:
            self.told_first = sent, self.limit - counted  # Who spent it before we came, and when, nobody knows.
        since, before = self.told_first or (self.started or 0.0, 0.0)
        if left > 0:  # Of an empty pool nobody spends.
            spent = self.limit - counted - before - self.unanswered
            self.foreign.see(spent, self.unanswered, max(sent - since, 0.001))

    def _is_of_this_window(self, earliest: float, latest: float, at: float) -> bool:
        """Whether the end that lies between these is this window's; learns the end, and that a window has begun."""
        if self.ends is None:
            self._begin(None, latest, 0)
            return True
        middle, blurred = (earliest + latest) / 2, (latest - earliest) / 2 + min(BLURRED_SECONDS, self.seconds / 20)
        is_last = self.started is not None and abs(middle - self.started) <= blurred
        if abs(middle - self.ends) <= blurred:
            # A slow answer may fit both ends, and teaches neither.
            if not is_last:
                self.ends = latest if earliest > self.ends else min(self.ends, latest)
                self.is_end_told = True
            return True
        if is_last:
            return False
        began = min(self.ends, at)
        if middle > self.ends:
            if self.is_end_told and middle - began > self.seconds + blurred:
                self.seconds = _tenths(middle - began)
            self._begin(began, latest, 0)
        else:
            if not self.is_end_told and self.started is not None:
                self.seconds = max(_tenths(middle - self.started), 0.1)
            self.ends, self.is_end_told = latest, True
        return True

    def _begin(self, started: float | None, ends: float | None, unseen_windows: int) -> None:
        unseen_windows += not self.answered_count  # True is one.
        self.foreign.close(self.seconds, self.limit, unseen_windows)
        self._learn_limit()
        self.started, self.told_first = started, None
        self.is_end_told = ends is not None
        self.ends = ends if ends is not None else (started or 0.0) + self.seconds * (1 + DRIFT)
        self.remaining, self.answered_count, self.told_at = None, 0, -math.inf
        self.is_unknown = self.is_unknown and started is None

    def _learn_limit(self) -> None:
        """Two windows that began alike, with less than was declared and nobody else spending, tell the grant."""
        if self.allowance.limit == math.inf:
            # Only answers tell this limit; one that they no longer tell is gone.
            self.limit = self.limit if self.remaining is not None else math.inf
        elif self.answered_count and self.started is not None:
            opened = self.opening if self._left + self.answered_count == self.opening else 0.0
            if 0 < opened == self.opening_before < self.limit:
                self.limit, self.foreign.usual = opened, 0.0
            self.opening_before = opened
        self.opening = 0.0


def _tenths(seconds: float) -> float:
    return math.floor(seconds * 10 + 0.5) / 10


def _left_and_limit(told: Told | None) -> tuple[float | None, float | None]:
    return (None, None) if told is None else (told.remaining, told.limit)
