"""What one account may send now, known in this process alone: its allowances, its places, and everybody's share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.quota.shares import TURN_SECONDS, Shares
from app.quota.windows import SOON_SECONDS, Window
from providers.kit.limits import Allowance, Told

KEPT_PLACES = 5
"""One place in so many is kept for whoever does not work in the background."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One call that wants to be sent."""

    caller: str
    is_background: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call cannot be sent now, and when to look again; `is_sure` that it cannot be before then."""

    why: Literal["allowance", "places", "turn"]
    wait_seconds: float
    is_sure: bool = False
    allowance: Allowance | None = None
    limit: float = 0.0
    window_seconds: float = 0.0

    def due_seconds(self, rank: int) -> float:
        """When the call is due before which that many others come."""
        return self.wait_seconds + int(rank / max(self.limit, 1.0)) * self.window_seconds


PLACES = Refusal("places", SOON_SECONDS)
TURN = Refusal("turn", TURN_SECONDS)


@dataclass(slots=True)
class Permit:
    """A call that may be sent: it holds a place until `left`, and is counted from now on.

    `era` and `caller` matter where processes count together: which of several counts it is in, and for whom.
    """

    sent: float
    is_heard: bool = False
    era: int = 0
    caller: str = ""


@dataclass(slots=True)
class Ledger:
    """The account's state. Other accounts may share its `windows`; `now` is the same steady clock everywhere."""

    at_once_max: int
    windows: Sequence[Window] = ()
    inside: int = 0
    shares: Shares = field(default_factory=Shares)
    shares_began: float = 0.0

    @property
    def plenty_max(self) -> int:
        """How many calls may be under way before it matters which lane one is in."""
        return self.at_once_max - self.at_once_max // KEPT_PLACES

    def take(self, ask: Ask, now: float) -> Permit | Refusal:
        """Count a call, or say why it cannot be sent."""
        if not self._has_place(ask):
            if self.windows:
                self.shares.ask(ask.caller, now)
            return PLACES
        if self.windows:
            refusal = self._refusal(ask, now)
            if refusal is not None:
                return refusal
            for window in self.windows:
                window.take(now)
            self.shares.take(ask.caller)
        self.inside += 1
        return Permit(now)

    def heard(self, permit: Permit, now: float, told: Sequence[Told]) -> None:
        """The provider answered, and told this."""
        permit.is_heard = True
        for window in self.windows:
            window.roll(now)
            window.answered(permit.sent, now, _of(window, told))

    def left(self, permit: Permit, now: float, *, was_sent: bool) -> None:
        """The call is over, whether it was answered or not."""
        self.inside -= 1
        if not permit.is_heard:
            permit.is_heard = True
            for window in self.windows:
                window.roll(now)
                if was_sent:
                    window.lost(now)
                else:
                    window.unsent()

    def _has_place(self, ask: Ask) -> bool:
        return self.inside < (self.plenty_max if ask.is_background else self.at_once_max)

    def _refusal(self, ask: Ask, now: float) -> Refusal | None:
        for window in self.windows:
            window.roll(now)
        began = max(window.began(now) for window in self.windows)
        if began != self.shares_began:
            self.shares_began = began
            self.shares.begin()
        self.shares.ask(ask.caller, now)
        scarcest, free_min = None, float("inf")
        for window in self.windows:
            free = window.free(now)
            if ask.is_background:
                free -= window.kept(now)
            if free < 1 or (window.unanswered and window.unanswered >= window.at_once_max(now)):
                wait_seconds, is_sure = window.wait_seconds(now, max(1 - free, 0.0))
                seconds = window.use(now).window_seconds
                return Refusal("allowance", wait_seconds, is_sure, window.allowance, window.limit, seconds)
            if free < free_min:
                scarcest, free_min = window, free
        if scarcest is None or not self.shares.has_several:
            return None
        if not self.shares.may(ask.caller, free_min, now, scarcest.left_share(now)):
            return TURN
        return None


def _of(window: Window, told: Sequence[Told]) -> Told | None:
    for each in told:
        if each.name == window.allowance.name:
            return each
    return None
