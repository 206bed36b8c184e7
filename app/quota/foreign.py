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
SPARE = 1.0
"""Their pace is known, but not to the very call."""
LEFT_PER_CALL = 8
"""How many calls must be left for each that is under way, where others may take them in the meantime."""


@dataclass(slots=True)
class Foreign:
    """`usual`: expected per window, from recent ones; `seen`: surely spent in this one, `span` seconds into it."""

    usual: float = 0.0
    seen: float = 0.0
    span: float = 0.0

    @property
    def is_noticed(self) -> bool:
        """Whether there seems to be anybody."""
        return self.usual >= NOTICED_MIN or self.seen >= 1

    def see(self, spent: float, unsure: int, span: float) -> None:
        """Between `spent` and so many more were spent, that far into the window."""
        if self.usual < NOTICED_MIN or unsure <= UNSURE_MAX:
            self.seen = max(self.seen, spent)
            self.span = max(self.span, span)

    def expected(self, window_seconds: float, left_seconds: float) -> float:
        """What they will spend in the time that is left since it was last seen, if they go on as before."""
        if not self.is_noticed:
            return 0.0
        weight = window_seconds if self.usual >= NOTICED_MIN else window_seconds / 4
        usual = self.usual * weight / window_seconds
        return (usual + self.seen) / (weight + self.span) * max(left_seconds, 0.0) + SPARE

    def close(self, window_seconds: float, limit: float, unseen_windows: int) -> None:
        """The window is over; so many went by without a call of ours, this one among them if it had none."""
        if self.span > 0:
            spent = min(self.seen * window_seconds / max(self.span, window_seconds / 4), limit)
            self.usual = spent if self.usual < NOTICED_MIN else (self.usual + spent) / 2
        self.usual *= FORGET ** min(unseen_windows, 50)
        self.seen = self.span = 0.0
