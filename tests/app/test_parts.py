"""The gateway's background work begins, goes on after a failure, and is not torn off at the end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.parts import WRITE_LOG_SECONDS, build_parts
from tests.app.clock import VirtualClock
from tests.world import settings_in


async def test_closing_waits_for_background_work_that_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = VirtualClock()
    parts = await build_parts(settings_in(tmp_path), clock)
    started, may_end = asyncio.Event(), asyncio.Event()
    told: list[str] = []

    async def work() -> None:
        started.set()
        try:
            await may_end.wait()
        except asyncio.CancelledError:
            told.append("torn off")
            raise
        told.append("done")

    monkeypatch.setattr(parts.calls, "write", work)
    parts.start_background()
    await clock.until_asleep(WRITE_LOG_SECONDS)
    clock.advance(WRITE_LOG_SECONDS)
    await started.wait()

    closing = asyncio.create_task(parts.close())
    # The closing has its turn first: were it to tear the work off, it would have.
    await asyncio.sleep(0)
    may_end.set()
    await closing

    # Once in the background, and once more for what had come meanwhile.
    assert told == ["done", "done"]
