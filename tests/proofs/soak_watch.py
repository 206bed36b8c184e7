"""What the proof `soak` sees of a gateway's process from outside: its memory, sockets, files and tasks."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass

import psutil

from tests.proofs.process import Running

MB = 1024 * 1024
# A store opens a connection more when calls come close together, and keeps it: two or three files each.
FILES_MORE_MAX = 16
MOMENTS = 20
_TASKS = re.compile(r"^ledgerway_tasks ([\d.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """What a process holds: connections of callers, connections to providers, files of any kind, tasks."""

    callers: int
    providers: int
    files: int
    tasks: int

    def is_within(self, other: Idle, *, is_patient: bool) -> bool:
        """Whether it holds no more than another time. Connections to providers are kept for a while on purpose."""
        is_quiet = self.callers <= other.callers and self.tasks <= other.tasks
        is_closed = self.providers <= other.providers and self.files <= other.files + FILES_MORE_MAX
        return is_quiet and (is_closed or not is_patient)


async def idle(gateway: Running) -> Idle:
    """What the gateway holds now; the connection that asks is one of its callers'."""
    told = await gateway.http.get("/metrics")
    found = _TASKS.search(told.text)
    assert found is not None, "the gateway does not tell of its tasks"
    port = gateway.http.base_url.port
    open_now = [each for each in gateway.process.net_connections("inet") if each.status != psutil.CONN_LISTEN]
    callers = sum(each.laddr.port == port for each in open_now)
    return Idle(
        callers=callers,
        providers=len(open_now) - callers,
        files=gateway.process.num_fds(),
        tasks=int(float(found[1])),
    )


async def at_rest(gateway: Running) -> Idle:
    """The most it holds within some moments without a call: tasks of the background end and begin."""
    seen = []
    for _ in range(MOMENTS):
        seen.append(await idle(gateway))
        await asyncio.sleep(0.05)
    return Idle(
        callers=max(held.callers for held in seen),
        providers=max(held.providers for held in seen),
        files=max(held.files for held in seen),
        tasks=max(held.tasks for held in seen),
    )


async def quiet(gateway: Running, before: Idle, wait_seconds: float, *, is_patient: bool) -> tuple[Idle, float]:
    """What it holds once that is no more than before, and after how long; or when the time is over."""
    started = time.monotonic()
    while True:
        held = await idle(gateway)
        waited = time.monotonic() - started
        if held.is_within(before, is_patient=is_patient) or waited > wait_seconds:
            return held, waited
        await asyncio.sleep(0.25)


class Memory:
    """Samples of the memory that a process holds."""

    def __init__(self, gateway: Running) -> None:
        self._gateway = gateway
        self.samples: list[tuple[float, float]] = []

    async def watch(self, every_seconds: float) -> None:
        """Take samples until cancelled."""
        while True:
            self.samples.append((time.monotonic() / 3600, self._gateway.resident_bytes() / MB))
            await asyncio.sleep(every_seconds)

    def slope(self, left_out: float) -> tuple[float, float]:
        """Megabytes an hour by least squares, without the first part of the samples; and over how many hours."""
        kept = self.samples[round(len(self.samples) * left_out) :]
        middle = sum(hour for hour, _ in kept) / len(kept)
        spread = sum((hour - middle) ** 2 for hour, _ in kept)
        return sum((hour - middle) * size for hour, size in kept) / spread, kept[-1][0] - kept[0][0]
