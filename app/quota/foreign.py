"""What apps that are not ours spend of a pool that they share with us, as far as our own answers show it."""

from __future__ import annotations

from dataclasses import dataclass

FORGET = 0.8
"""What is left of the expectation after a window in which nothing could be seen."""
NOTICED_MIN = 0.5
"""Fewer calls than that in a window are nobody's."""
HELD_SHARE = 0.03
"""The share of the limit that is spread over the window, so that its calls keep telling what others spend."""
UNSURE_MAX = 1
"""How far off a count may be that corrects what is known from earlier windows."""
SPARE = 2.0
"""Their pace is known, but not to the very call, and less so at first."""
SPANS = 8
"""A look that lasted less than that part of the window is taken to have lasted so long."""
LEFT_PER_CALL, LEFT_PER_CALL_ALONE = 8, 4
"""How many calls must be left for each that is under way, for others may take them; fewer if none are known."""


@dataclass(slots=True)
class Foreign:
    """`usual`: expected per window, from recent ones; `seen`: surely spent in this one, `span` seconds into it.

    `before` of those were spent when it was first looked at: that tells no pace.
    """

    usual: float = 0.0
    seen: float = 0.0
    before: float = 0.0
    span: float = 0.0

    @property
    def is_noticed(self) -> bool:
        """Whether there seems to be anybody."""
        return self.usual >= NOTICED_MIN or self.seen - self.before >= 1

    def see(self, spent: float, unsure: int, span: float) -> None:
        """Between `spent` and so many more were spent, that far into the window."""
        if self.span == 0:
            self.seen = self.before = max(spent, 0.0)
            self.span = span
        elif self.usual < NOTICED_MIN or unsure <= UNSURE_MAX:
            self.seen, self.span = max(self.seen, spent), max(self.span, span)

    def expected(self, window_seconds: float, left_seconds: float, left: float) -> float:
        """What they will spend in the time since it was seen how much is left, if they go on as before."""
        if not self.is_noticed:
            return 0.0
        left_seconds = max(left_seconds, 0.0)
        if self.usual >= NOTICED_MIN:
            at_their_pace = (self.usual + self.seen) / (window_seconds + self.span) * left_seconds
            return min(at_their_pace, max(self.usual - self.seen, 0.0)) + SPARE
        # One look is no habit: it may have been a burst.
        pace = (self.seen - self.before) / (window_seconds / 4 + self.span)
        return min(pace * left_seconds, left / 2) + SPARE

    def close(self, window_seconds: float, limit: float, unseen_windows: int) -> None:
        """The window is over; so many went by without a call of ours, this one among them if it had none."""
        if self.span > 0:
            pace = window_seconds / max(self.span, window_seconds / SPANS)
            spent = min(self.before + (self.seen - self.before) * pace, limit)
            self.usual = spent if self.usual < NOTICED_MIN else (self.usual + spent) / 2
        self.usual *= FORGET ** min(unseen_windows, 50)
        self.seen = self.before = self.span = 0.0
