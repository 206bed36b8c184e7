"""CPU time per request of a serving process, in interleaved rounds, and what the rounds come to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks.load import Target, load

CONNECTIONS = 16
# The gateway writes its call log half a second later: that work belongs to the calls.
SETTLE_SECONDS = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Something to measure: what is asked, and the processes that answer."""

    name: str
    target: Target
    serving: Sequence[psutil.Process]
    has_late_work: bool
    connections: int = CONNECTIONS


Rounds = Mapping[str, Sequence[float]]
"""Microseconds of CPU per request, for each name, round after round."""


def cpu_seconds(*serving: psutil.Process) -> float:
    """The CPU time of the processes and all their threads so far."""
    return sum(times.user + times.system for times in (process.cpu_times() for process in serving))


async def cpu_us(measured: Measured, *, wrk: str, seconds: float, core: int | None) -> float:
    """CPU time per request under load, late work included where the load is more than a glance."""
    before = cpu_seconds(*measured.serving)
    found = await load(wrk, measured.target, connections=measured.connections, seconds=seconds, core=core)
    if measured.has_late_work and seconds >= 1:
        await asyncio.sleep(SETTLE_SECONDS)
    return (cpu_seconds(*measured.serving) - before) / found.requests * 1e6


async def interleaved(
    all_measured: Sequence[Measured], *, wrk: str, rounds: int, seconds: float, core: int | None
) -> Rounds:
    """Each in turn, so often: what else the machine does then falls on all of them alike."""
    found: dict[str, list[float]] = {measured.name: [] for measured in all_measured}
    for _ in range(rounds):
        for measured in all_measured:
            found[measured.name].append(await cpu_us(measured, wrk=wrk, seconds=seconds, core=core))
    return found


def ratio(rounds: Rounds, name: str, to: str) -> float:
    """The median of the ratios within each round."""
    return median(one / other for one, other in zip(rounds[name], rounds[to], strict=True))
