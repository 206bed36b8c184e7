"""While Redis is gone each process keeps to its part, by its own count and what the provider tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.quota.ledger import Ask, Permit
from app.quota.shared.link import LinkDown
from app.quota.shared.offset import Offset
from app.quota.shared.store import SharedStore
from app.quota.windows import Use
from tests.app.clock import VirtualClock
from tests.app.quota.paces import brightpearl, told

LIMITS = brightpearl(200)
ASK = Ask("caller", is_background=False)


@dataclass(slots=True)
class Loose:
    """A link that a test plugs in and pulls out; what came over it is kept."""

    is_up: bool = False
    is_there: bool = False
    era: int = 1
    processes: int = 2
    ready_in_seconds: float = 0.0
    name: str = "this"
    has_kept_all: bool = False
    offset: Offset = field(default_factory=Offset)
    requests: list[Any] = field(default_factory=list)
    seen: tuple[float, ...] = (200, 0, 0, 200, 10, 60)

    async def run(self, keys: Any, request: bytes) -> bytes:
        if not self.is_there:
            raise LinkDown
        self.requests.append(msgspec.msgpack.decode(request))
        return msgspec.msgpack.encode(([0] * len(self.requests[-1]["asks"]), [self.seen], 0.0))


@dataclass(slots=True)
class Process:
    """One process's store for the account."""

    link: Loose
    clock: VirtualClock
    store: SharedStore

    async def sent(self, left: int, ends_in_ms: int, most: int = 1_000) -> int:
        """How many calls it sends at once, one after the other, when the provider leaves so many."""
        for count in range(most):
            (answer,) = await self.store.take([ASK])
            if not isinstance(answer, Permit):
                return count
            self.store.heard(answer, 200, told(max(left - count - 1, 0), ends_in_ms).get)
            self.store.left(answer, was_sent=True)
        return most


def _process(remaining: float, ends_in: float, clock: VirtualClock | None = None) -> Process:
    """One that has lost Redis just now, and had last heard that."""
    link, clock = Loose(), clock or VirtualClock()
    store = SharedStore(LIMITS, ["account"], link, clock)  # type: ignore[arg-type]
    store._seen["minute"] = Use(
        limit=200, used=0, foreign=0, remaining=remaining, ends_in_seconds=ends_in, window_seconds=60
    )
    store._seen_at = clock.monotonic()
    return Process(link, clock, store)


async def test_the_window_in_progress_is_used_up_and_of_the_next_each_has_its_part() -> None:
    process = _process(remaining=60, ends_in=10)

    before = await process.sent(60, 10_000)
    process.clock.advance(10.1)
    after = await process.sent(200, 59_900)

    assert (before, after) == (0, 100)


async def test_of_plenty_one_call_asks_and_what_is_left_is_parted() -> None:
    process = _process(remaining=150, ends_in=30)

    sent = await process.sent(150, 30_000)

    assert sent == 1 + (149 - 12) // 2


async def test_a_window_that_is_about_to_end_is_left_to_those_who_think_it_has_ended() -> None:
    process = _process(remaining=0, ends_in=0.5)
    process.clock.advance(0.6)

    sent = await process.sent(80, 59_900)

    assert sent == 1 + (79 - 12) // 2


async def test_what_the_provider_tells_counts_more_than_the_part() -> None:
    process = _process(remaining=0, ends_in=10)
    process.clock.advance(12)

    sent = await process.sent(50, 58_000)

    assert sent < 50 - 10  # Others may have as many under way as there are places.


async def test_who_has_never_heard_of_redis_asks_with_one_call() -> None:
    link, clock = Loose(), VirtualClock()
    process = Process(link, clock, SharedStore(LIMITS, ["account"], link, clock))  # type: ignore[arg-type]

    sent = await process.sent(200, 30_000)

    assert sent == 1 + (199 - 12) // 2


async def test_a_redis_that_is_found_empty_is_left_alone_for_a_while() -> None:
    link, clock = Loose(is_there=True, ready_in_seconds=2.0), VirtualClock()
    store = SharedStore(LIMITS, ["account"], link, clock)  # type: ignore[arg-type]

    (answer,) = await store.take([ASK])

    assert not isinstance(answer, Permit)
    assert link.requests == []


async def _told_on_return(*, gone_seconds: float, left_ms: int) -> dict[str, Any]:
    """What Redis is told when it is back, of calls sent without it in a window that had so long to go."""
    process = _process(remaining=0, ends_in=10)
    process.clock.advance(gone_seconds)
    await process.sent(200, left_ms, most=3)

    process.link.is_there, process.link.ready_in_seconds = True, 2.5
    await process.store.come_back()

    (event,) = process.link.requests[-1]["events"]
    return dict(event)


async def test_when_redis_is_back_the_window_in_progress_is_used_up() -> None:
    event = await _told_on_return(gone_seconds=12, left_ms=58_000)

    assert event["kind"] == "elsewhere"
    assert 57 < event["closed"]["minute"] < 58.1


async def test_if_the_next_window_begins_before_redis_may_be_used_that_is_used_up_too() -> None:
    event = await _told_on_return(gone_seconds=68, left_ms=2_000)

    assert 61 < event["closed"]["minute"] < 63


async def test_a_redis_that_was_only_late_is_told_how_many_calls_were_sent_meanwhile() -> None:
    process = _process(remaining=0, ends_in=10)
    process.clock.advance(12)
    await process.sent(200, 58_000, most=3)

    process.link.is_there = process.link.has_kept_all = True
    await process.store.come_back()

    (event,) = process.link.requests[-1]["events"]
    assert (event["counts"], event["closed"]) == ({"minute": 3}, {})


async def test_calls_that_were_counted_elsewhere_are_not_told_to_redis() -> None:
    process = _process(remaining=0, ends_in=10)
    process.clock.advance(12)
    (permit,) = await process.store.take([ASK])
    assert isinstance(permit, Permit)
    process.link.is_there = process.link.is_up = True
    await process.store.take([ASK])

    process.store.heard(permit, 200, told(199, 40_000).get)
    process.store.left(permit, was_sent=True)
    await process.store.take([ASK])

    assert process.link.requests[-1]["events"] == []
