"""Shows where the gateway's CPU time goes, for a proxied call of 1 kB and for a unified page."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cpu import CONNECTIONS, cpu_seconds
from benchmarks.load import Target
from benchmarks.stage import DOCUMENT, INVOICE_PAGES, INVOICES, ITEMS, Stage, stage

SHOWN = 25
OURS = ("app/", "providers/")
WRITTEN_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the time of one kind of call went: counts by function, and what a call costs in all."""

    title: str
    call_us: float
    samples: int
    own: Mapping[str, int]
    below: Mapping[str, int]

    def __str__(self) -> str:
        """The dearest functions by their own time, then ours with all that they call."""
        lines = [
            f"{self.title}: {self.call_us:.0f} us of CPU a call ({self.samples} samples, the sampler included)",
            f"{'own us':>8} {'own %':>6} {'all us':>8}  function",
        ]
        dearest = sorted(self.own, key=lambda name: -self.own[name])[:SHOWN]
        ours = [name for name in self.below if name.startswith(OURS) and name not in dearest]
        dearest += sorted(ours, key=lambda name: -self.below[name])[:SHOWN]
        for name in dearest:
            own, all_below = self.own.get(name, 0) / self.samples, self.below[name] / self.samples
            lines.append(f"{own * self.call_us:8.1f} {own * 100:6.1f} {all_below * self.call_us:8.1f}  {name}")
        return "\n".join(lines)


async def profiled(*, seconds: float) -> str:
    """The profiles as text; each kind of call is asked for so many seconds."""
    with tempfile.TemporaryDirectory(prefix="ledgerway-profile-") as folder:
        path = Path(folder) / "samples.json"
        async with stage(serve=(sys.executable, "-m", "benchmarks.sampler", str(path))) as on:
            profiles = [
                await _profile(on, "proxied 1 kB", on.proxied(DOCUMENT), seconds, path),
                await _profile(on, "unified page of 100 items", on.unified(ITEMS), seconds, path),
                await _profile(
                    on, "unified page of 100 invoices", on.unified(INVOICES), seconds, path, INVOICE_PAGES
                ),
            ]
    return "\n\n".join(str(profile) for profile in profiles)


async def _profile(
    on: Stage, title: str, target: Target, seconds: float, path: Path, connections: int = CONNECTIONS
) -> Profile:
    await on.load(target, connections, 1.0)
    process = on.gateway.process
    process.send_signal(signal.SIGUSR1)
    before = cpu_seconds(process)
    found = await on.load(target, connections, seconds)
    used = cpu_seconds(process) - before
    process.send_signal(signal.SIGUSR2)
    counts = await _counts(path)
    return Profile(title, used / found.requests * 1e6, counts["total"], counts["own"], counts["below"])


async def _counts(path: Path) -> Any:
    """What the sampler wrote, once it has."""
    async with asyncio.timeout(WRITTEN_SECONDS_MAX):
        while True:
            counts = _taken(path)
            if counts is not None:
                return counts
            await asyncio.sleep(0.05)


def _taken(path: Path) -> Any:
    """The counts, taken away; None as long as they are not whole."""
    try:
        counts = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    path.unlink()
    return counts
