"""Memory that is free between what is in use goes back to the system."""

from __future__ import annotations

import gc

import psutil

from app.memory import give_back

SIZE, COUNT = 16 * 1024, 4_000


async def test_what_is_freed_between_what_is_kept_is_given_back() -> None:
    held = [bytearray(SIZE) for _ in range(COUNT)]
    kept = held[::16]
    del held
    gc.collect()
    before = psutil.Process().memory_info().rss

    await give_back()

    assert psutil.Process().memory_info().rss < before - COUNT * SIZE / 2
    assert len(kept) == COUNT // 16
