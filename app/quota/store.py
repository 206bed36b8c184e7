"""Where an account's quota is counted: in this process, or in one that all processes share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.quota.aligned import AlignedWindow
from app.quota.ledger import Ask, Ledger, Permit, Refusal
from app.quota.rolling import RollingWindow
from app.quota.windows import Use, Window
from providers.kit.clock import Clock
from providers.kit.limits import Allowance, Limits

Header = Callable[[str], "str | None"]
Uses = Sequence[tuple[Allowance, Use]]


class Store(Protocol):
    """Counts one account's calls."""

    def take_unasked(self) -> Permit | None:
        """A permit for whoever asks, where there is plenty and nothing is counted."""

    def take_now(self, ask: Ask) -> Permit | Refusal | None:
        """A permit or a refusal without waiting for anybody; None where somebody must be asked."""

    async def take(self, asks: Sequence[Ask]) -> Sequence[Permit | Refusal]:
        """An answer for each of them, in their order."""

    def heard(self, permit: Permit, status: int, header: Header) -> None:
        """The provider has answered the call."""

    def left(self, permit: Permit, *, was_sent: bool) -> None:
        """The call is over."""

    async def uses(self) -> Uses:
        """How each allowance stands."""


class LocalStore:
    """Counts in this process. `shared` windows are those that other accounts use too."""

    def __init__(self, limits: Limits, clock: Clock, shared: Sequence[Window] = ()) -> None:
        self._limits = limits
        self._clock = clock
        own = [new_window(allowance) for allowance in limits.allowances if allowance.scope == "account"]
        # One that no answer has told yet costs no call anything.
        self._untold = {window.allowance.name: window for window in own if window.limit == float("inf")}
        declared = [window for window in own if window.allowance.name not in self._untold]
        self.ledger = Ledger(limits.at_once_max, (*declared, *shared))

    def take_unasked(self) -> Permit | None:
        """A permit for whoever asks, where there is plenty and nothing is counted."""
        ledger = self.ledger
        if ledger.windows or ledger.inside >= ledger.plenty_max:
            return None
        ledger.inside += 1
        return Permit(self._clock.monotonic())

    def take_now(self, ask: Ask) -> Permit | Refusal:
        """A permit or a refusal."""
        return self.ledger.take(ask, self._clock.monotonic())

    async def take(self, asks: Sequence[Ask]) -> Sequence[Permit | Refusal]:
        """An answer for each of them, in their order."""
        answers: list[Permit | Refusal] = []
        for ask in asks:
            last = answers[-1] if answers else None
            # Whoever stands behind one that cannot go cannot either, unless it was only somebody else's turn.
            is_over = isinstance(last, Refusal) and last.why != "turn"
            answers.append(last if last is not None and is_over else self.take_now(ask))
        return answers

    def heard(self, permit: Permit, status: int, header: Header) -> None:
        """The provider has answered the call."""
        told = self._limits.read_quota(status, header)
        if self._untold:
            for each in told:
                window = self._untold.pop(each.name, None)
                if window is not None:
                    self.ledger.windows = (*self.ledger.windows, window)
        self.ledger.heard(permit, self._clock.monotonic(), told)

    def left(self, permit: Permit, *, was_sent: bool) -> None:
        """The call is over."""
        self.ledger.left(permit, self._clock.monotonic(), was_sent=was_sent)

    async def uses(self) -> Uses:
        """How each allowance stands."""
        now = self._clock.monotonic()
        for window in self.ledger.windows:
            window.roll(now)
        return [(window.allowance, window.use(now)) for window in self.ledger.windows]


def new_window(allowance: Allowance, share: int = 1) -> Window:
    """A window of the allowance's kind, of which nothing is known yet."""
    kind = AlignedWindow if allowance.kind == "aligned" else RollingWindow
    return kind(allowance, share)
