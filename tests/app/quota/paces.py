"""A pace of made-up limits, on a clock that a test moves, and calls that ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.quota.asking import Wishes
from app.quota.ledger import Permit
from app.quota.pace import Pace
from app.quota.store import LocalStore
from providers.brightpearl.quota import LIMITS
from providers.kit.limits import Limits
from providers.kit.registry import all_providers
from tests.app.clock import VirtualClock


@dataclass(slots=True)
class Caller:
    """Somebody who asks."""

    caller_id: str = "caller"
    is_background: bool = False
    wait_seconds: float = 20.0
    waited_seconds: float = 0.0

    def wishes(self) -> Wishes:
        return Wishes(self.is_background, self.wait_seconds)


@dataclass(slots=True)
class Paced:
    """The pace, its store and its clock."""

    pace: Pace
    store: LocalStore
    clock: VirtualClock
    inside: list[Permit] = field(default_factory=list)

    async def enter(self, caller: Caller | None = None, seconds_max: float = 120.0) -> Permit:
        """As a connection does."""
        asker = caller or Caller()
        return self.pace.try_enter(asker) or await self.pace.enter(asker, seconds_max)

    def begin(self, caller: Caller | None = None) -> asyncio.Task[Permit]:
        """One that may have to wait."""
        return asyncio.create_task(self.enter(caller))

    async def call(self, headers: Mapping[str, str], caller: Caller | None = None, status: int = 200) -> None:
        """A call that is answered with these headers in no time."""
        permit = await self.enter(caller)
        self.pace.heard(permit, status, _looked_up(headers))
        self.pace.leave(permit)


def paced(limits: Limits, clock: VirtualClock | None = None) -> Paced:
    """A pace of its own."""
    clock = clock or VirtualClock()
    store = LocalStore(limits, clock)
    return Paced(Pace(all_providers()["brightpearl"], store, clock), store, clock)


def only_places(count: int) -> Limits:
    """So many at once, and nothing else."""
    return Limits(at_once_max=count)


def brightpearl(count: int, at_once_max: int = 10) -> Limits:
    """Brightpearl's, with another number of calls."""
    (minute,) = LIMITS.allowances
    return replace(LIMITS, at_once_max=at_once_max, allowances=(replace(minute, limit=count),))


def told(remaining: int, next_ms: int) -> dict[str, str]:
    """What an answer of Brightpearl's tells."""
    return {
        "brightpearl-requests-remaining": str(remaining),
        "brightpearl-next-throttle-period": str(next_ms),
    }


async def settle() -> None:
    """Let whoever may go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


def _looked_up(headers: Mapping[str, str]) -> Callable[[str], str | None]:
    return headers.get
