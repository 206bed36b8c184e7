"""Those who wait for an account's quota: interactive calls before background work, and the callers in turn."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from app.quota.ledger import Ask, Permit

WAITING_MAX = 400
WAITING_OF_ONE_MAX = 200


@dataclass(slots=True, eq=False)
class Waiting:
    """A call that waits, until `give_up_at`."""

    ask: Ask
    since: float
    give_up_at: float
    place: asyncio.Future[Permit]


@dataclass(slots=True)
class Line:
    """Two lanes of callers, each caller's calls in the order they came."""

    count: int = 0
    lanes: tuple[OrderedDict[str, deque[Waiting]], OrderedDict[str, deque[Waiting]]] = field(
        default_factory=lambda: (OrderedDict(), OrderedDict())
    )

    def has_room(self, ask: Ask) -> bool:
        """Whether one more of the caller's may wait."""
        if self.count >= WAITING_MAX:
            return False
        own = self.lanes[ask.is_background].get(ask.caller)
        return own is None or len(own) < WAITING_OF_ONE_MAX

    def join(self, waiting: Waiting) -> None:
        """Stand behind the caller's other calls."""
        self.lanes[waiting.ask.is_background].setdefault(waiting.ask.caller, deque()).append(waiting)
        self.count += 1

    def leave(self, waiting: Waiting, *, is_served: bool) -> None:
        """Go, if not gone already; a caller who was served has the others before him next time."""
        lane, caller = self.lanes[waiting.ask.is_background], waiting.ask.caller
        own = lane.get(caller)
        if own is None or waiting not in own:
            return
        own.remove(waiting)
        self.count -= 1
        if not own:
            del lane[caller]
        elif is_served:
            lane.move_to_end(caller)

    def first(self, count: int) -> list[Waiting]:
        """The next ones: one of each caller, then the second of each, and so on."""
        return list(islice(self._in_order(), count))

    def next_give_up(self) -> float:
        """When the first of them gives up; the line must not be empty."""
        return min(waiting.give_up_at for waiting in self._in_order())

    def _in_order(self) -> Iterator[Waiting]:
        for lane in self.lanes:
            for rank in zip_longest(*lane.values()):
                yield from (waiting for waiting in rank if waiting is not None)
