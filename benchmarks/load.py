"""Load by wrk: runs it and reads what it prints."""

from __future__ import annotations

import asyncio
import math
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.cores import pinned

SLACK_SECONDS = 30.0
LONGER = (1, 4, 16)
_UNITS_IN_MS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}
_REQUESTS = re.compile(r"^\s*(\d+) requests in ", re.MULTILINE)
_RATE = re.compile(r"^Requests/sec:\s*([\d.]+)", re.MULTILINE)
_PERCENTILE = re.compile(r"^\s*(\d+)%\s+([\d.]+)(us|ms|s|m) *$", re.MULTILINE)
_REFUSED = re.compile(r"^\s*Non-2xx or 3xx responses: (\d+)", re.MULTILINE)
_BROKEN = re.compile(r"^\s*Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", re.MULTILINE)


class LoadFailed(Exception):
    """Some requests were refused or broke: what was measured is not what was meant."""


class NoAnswers(LoadFailed):
    """Not one request was answered in the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked: an address and the headers sent with it."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What wrk counted: requests answered, their rate, and percentiles of latency in milliseconds."""

    requests: int
    per_second: float
    percentiles_ms: Mapping[int, float]
    failed: int


async def load(wrk: str, target: Target, *, connections: int, seconds: float, core: int | None) -> Load:
    """Ask as fast as answers come, over so many connections; fails where an answer is not a 2xx.

    A glance at a busy machine may see no answer at all: then it looks again, and longer.
    """
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    command = [*pinned(core), wrk, "-t1", f"-c{connections}", "--latency", *headers]
    for longer in LONGER:
        try:
            found = read_report(await _printed(command, target.url, seconds * longer))
        except NoAnswers:
            if longer == LONGER[-1]:
                raise
        else:
            break
    if found.failed:
        raise LoadFailed(f"{found.failed} of {found.requests} requests to {target.url} failed")
    return found


async def _printed(command: Sequence[str], url: str, seconds: float) -> str:
    whole = math.ceil(seconds)
    process = await asyncio.create_subprocess_exec(*command, f"-d{whole}s", url, stdout=asyncio.subprocess.PIPE)
    try:
        if seconds < whole:
            # wrk is told whole seconds only, and tells what it counted when it is interrupted.
            asyncio.get_running_loop().call_later(seconds, _interrupt, process)
        printed, _ = await asyncio.wait_for(process.communicate(), whole + SLACK_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return printed.decode()


def _interrupt(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGINT)


def read_report(printed: str) -> Load:
    """What wrk printed; `NoAnswers` where it counted none."""
    requests, rate = _REQUESTS.search(printed), _RATE.search(printed)
    if requests is None or rate is None or int(requests.group(1)) == 0:
        raise NoAnswers(f"wrk counted no answers: {printed.strip()[:300]}")
    refused, broken = _REFUSED.search(printed), _BROKEN.search(printed)
    failed = int(refused.group(1)) if refused else 0
    failed += sum(int(count) for count in broken.groups()) if broken else 0
    return Load(
        requests=int(requests.group(1)),
        per_second=float(rate.group(1)),
        percentiles_ms={
            int(percent): float(number) * _UNITS_IN_MS[unit]
            for percent, number, unit in _PERCENTILE.findall(printed)
        },
        failed=failed,
    )
