"""Reference records are loaded once however many ask, kept for their time, and never kept when the load failed."""

from __future__ import annotations

import asyncio

import pytest

from app.connections.references import ENTRIES_MAX, KeptReferences
from tests.app.clock import VirtualClock


class Source:
    """Counts its loads, and can be made to wait or fail."""

    def __init__(self) -> None:
        self.loads = 0
        self.go = asyncio.Event()
        self.go.set()
        self.fault: Exception | None = None

    async def load(self) -> int:
        self.loads += 1
        loaded = self.loads
        await self.go.wait()
        if self.fault is not None:
            raise self.fault
        return loaded


async def _started(*tasks: asyncio.Task[int]) -> None:
    for _ in range(3):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)


async def test_what_is_kept_is_not_loaded_again_until_its_time_is_over() -> None:
    clock, source = VirtualClock(), Source()
    kept = KeptReferences(clock)

    first = await kept.get("zone", 60, source.load)
    clock.advance(59)
    within = await kept.get("zone", 60, source.load)
    clock.advance(1)
    after = await kept.get("zone", 60, source.load)

    assert (first, within, after) == (1, 1, 2)


async def test_callers_who_race_share_one_load() -> None:
    source = Source()
    source.go.clear()
    kept = KeptReferences(VirtualClock())

    tasks = [asyncio.create_task(kept.get("zone", 60, source.load)) for _ in range(20)]
    await _started(*tasks)
    source.go.set()

    assert await asyncio.gather(*tasks) == [1] * 20
    assert source.loads == 1


async def test_each_key_is_its_own() -> None:
    source = Source()
    kept = KeptReferences(VirtualClock())

    assert [await kept.get(key, 60, source.load) for key in ("a", "b", "a")] == [1, 2, 1]


async def test_what_is_forgotten_is_loaded_again() -> None:
    source = Source()
    kept = KeptReferences(VirtualClock())
    await kept.get("zone", 60, source.load)

    kept.forget("zone")
    kept.forget("never there")

    assert await kept.get("zone", 60, source.load) == 2


async def test_a_load_that_fails_is_told_to_all_who_waited_and_tried_again_by_the_next() -> None:
    source = Source()
    source.go.clear()
    source.fault = ValueError("no")
    kept = KeptReferences(VirtualClock())
    tasks = [asyncio.create_task(kept.get("zone", 60, source.load)) for _ in range(3)]
    await _started(*tasks)

    source.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    source.fault = None

    assert [type(outcome) for outcome in outcomes] == [ValueError] * 3
    assert await kept.get("zone", 60, source.load) == 2


async def test_when_the_one_who_loads_leaves_another_takes_over() -> None:
    source = Source()
    source.go.clear()
    kept = KeptReferences(VirtualClock())
    loading = asyncio.create_task(kept.get("zone", 60, source.load))
    waiting = [asyncio.create_task(kept.get("zone", 60, source.load)) for _ in range(3)]
    await _started(loading, *waiting)

    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    source.go.set()

    assert await asyncio.gather(*waiting) == [2, 2, 2]
    assert loading.cancelled()


async def test_one_who_waits_may_leave_without_disturbing_the_load() -> None:
    source = Source()
    source.go.clear()
    kept = KeptReferences(VirtualClock())
    loading = asyncio.create_task(kept.get("zone", 60, source.load))
    leaving = asyncio.create_task(kept.get("zone", 60, source.load))
    await _started(loading, leaving)

    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    source.go.set()

    assert await loading == 1
    assert leaving.cancelled()


@pytest.mark.parametrize("many", [ENTRIES_MAX, ENTRIES_MAX * 3])
async def test_it_keeps_no_more_than_so_many_and_drops_the_oldest(many: int) -> None:
    source = Source()
    kept = KeptReferences(VirtualClock())
    for number in range(many + 1):
        await kept.get(f"key {number}", 60, source.load)

    newest = await kept.get(f"key {many}", 60, source.load)
    oldest = await kept.get("key 0", 60, source.load)

    assert newest == many + 1
    assert oldest == many + 2
    assert len(kept._kept) == ENTRIES_MAX
