"""The gateway beside nginx: CPU per request, SQL and memory within their bounds."""

from __future__ import annotations

from benchmarks import bounds
from benchmarks.run import ROUNDS, run

DESCRIPTION = "CPU beside nginx: 1 kB ≤ 17 ×, page of 100 ≤ 30 ×; fleets, waits, 10,000 accounts, 1,000,000 records"

GLANCE_SCALE = 0.1
GLANCE_SECONDS = 0.25


async def prove(scale: float) -> dict[str, float | int | str]:
    """Below scale 1, only what does not depend on how busy the machine is: which figures there are, and the SQL."""
    is_glance = scale <= GLANCE_SCALE
    if is_glance:
        figures = await run(rounds=1, seconds=GLANCE_SECONDS)
    else:
        figures = await run(rounds=max(1, round(ROUNDS * scale)))
    if scale >= 1:
        told = bounds.broken(figures)
        assert not told, "; ".join(told)
    missing = bounds.missing(figures, bounds.FIGURES if is_glance else bounds.FIGURES + bounds.OF_FLEETS)
    assert not missing, missing
    assert any(name.startswith("provider_calls_per_1000_") for name in figures)
    assert figures["sql_per_warm_call"] == 0
    return dict(figures)
