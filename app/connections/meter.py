"""What a call counts of its way to the provider, and says of how it wants to go there."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from app.quota.asking import Wishes


class Trip(NamedTuple):
    """One call to a provider: what it asked, below the API root, and when; 0 where no answer came."""

    method: str
    path: str
    asked: float
    started: float
    ended: float
    status: int


class Meter(Protocol):
    """Where a call counts what it asks of its provider."""

    provider_calls: int
    provider_seconds: float
    caller_id: str
    waited_seconds: float
    trips: list[Trip] | None
    """Where each call to the provider is put down; None for a call that is not traced."""

    def wishes(self) -> Wishes:
        """What the caller wishes of the quota."""

    def leave(self, now: float) -> None:
        """Begin to wait for quota or the provider."""

    def come_back(self, now: float) -> None:
        """End what `leave` began."""


class Untold:
    """The meter of a call that is the gateway's own: nobody reads it."""

    provider_calls = 0
    provider_seconds = 0.0
    caller_id = ""
    waited_seconds = 0.0
    trips: list[Trip] | None = None

    def leave(self, now: float) -> None:
        """Nobody reads it."""

    def come_back(self, now: float) -> None:
        """Nobody reads it."""

    def wishes(self) -> Wishes:
        """What every call gets."""
        return Wishes()
