"""What an allowance looks like to those who count calls against it, whatever kind of window it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from providers.kit.limits import Allowance, Told

UNHEARD_MAX = 2
"""Calls that may be under way before an answer has told what is left: somebody may have used it up."""
SOON_SECONDS = 0.02
"""When to look again at what answers under way will tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How an allowance stands: what was used here, what others seem to have used, what is left, and until when."""

    limit: float
    used: float
    foreign: float
    remaining: float
    ends_in_seconds: float | None
    window_seconds: float


class Window(Protocol):
    """One allowance's count. `now` is any steady clock, always the same one."""

    allowance: Allowance
    limit: float
    unanswered: int

    def roll(self, now: float) -> None:
        """Begin the window that `now` lies in."""

    def free(self, now: float) -> float:
        """How many more calls may be sent now; the window must have been rolled to `now`."""

    def at_once_max(self, now: float) -> float:
        """How many may be under way, where it is not known for sure what they will find."""

    def kept(self, now: float) -> float:
        """How many of them are kept for whoever does not work in the background."""

    def began(self, now: float) -> float:
        """When the window in progress began: shares are equal from one to the next."""

    def left_share(self, now: float) -> float:
        """How much of the window's time is left, from 1 to 0."""

    def wait_seconds(self, now: float, missing: float) -> tuple[float, bool]:
        """When to look again for that many calls more; whether it is sure that there are none before."""

    def take(self, now: float) -> None:
        """A call is sent."""

    def answered(self, sent: float, at: float, told: Told | None) -> None:
        """A call that was sent then was answered, and this was told."""

    def unsent(self) -> None:
        """A call that was taken was not sent after all."""

    def lost(self, at: float) -> None:
        """Nobody will know whether the call has counted."""

    def use(self, now: float) -> Use:
        """How it stands."""
