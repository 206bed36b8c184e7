"""How far a clock elsewhere is ahead of ours, as its answers bound it from both sides."""

from __future__ import annotations

import math
from dataclasses import dataclass

DRIFT = 0.0001
"""How much two clocks may differ in their pace."""


@dataclass(slots=True)
class Offset:
    """The bounds: what is ours and `at_least` later or `at_most` later is theirs."""

    at_least: float = -math.inf
    at_most: float = math.inf
    learnt_at: float = 0.0

    def learn(self, sent: float, received: float, theirs: float) -> None:
        """They told their time between our sending and our reading."""
        blurred = DRIFT * (received - self.learnt_at)
        at_least = max(self.at_least - blurred, theirs - received)
        at_most = min(self.at_most + blurred, theirs - sent)
        if at_least > at_most:  # One of the clocks was set.
            at_least, at_most = theirs - received, theirs - sent
        self.at_least, self.at_most, self.learnt_at = at_least, at_most, received
