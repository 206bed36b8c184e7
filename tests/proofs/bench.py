"""The gateway beside nginx: CPU per request, SQL and memory within their bounds."""

from __future__ import annotations

from benchmarks import bounds, run
from benchmarks.run import ROUNDS

DESCRIPTION = "× nginx's CPU: proxied 1 kB ≤ 19, 66 kB ≤ 12, page of 100 items ≤ 36; no SQL when warm; ≤ 120 MB"

GLANCE_SCALE = 0.1
GLANCE_SECONDS = 0.25


async def prove(scale: float) -> dict[str, float | int | str]:
    """Below scale 1, only what does not depend on how busy the machine is: which figures there are, and the SQL."""
    if scale <= GLANCE_SCALE:
        figures = await run(rounds=1, seconds=GLANCE_SECONDS)
    else:
        figures = await run(rounds=max(1, round(ROUNDS * scale)))
    if scale >= 1:
        told = bounds.broken(figures)
        assert not told, "; ".join(told)
    assert not bounds.missing(figures), bounds.missing(figures)
    assert any(name.startswith("provider_calls_per_1000_") for name in figures)
    assert figures["sql_per_warm_call"] == 0
    return dict(figures)
