"""The side of a proof that orders killable gateways, and learns how each of them ended."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.proofs.killable import OwnPoint

START_SECONDS_MAX = 60.0


@dataclass(frozen=True, slots=True)
class Killable:
    """A gateway process: where it serves, and the signal that ended it, once one has."""

    base_url: str
    pid: int
    died: asyncio.Future[int]

    def kill(self) -> None:
        """From without, and at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@dataclass(slots=True)
class Forge:
    """Starts gateways from one warm process."""

    process: asyncio.subprocess.Process
    lease_seconds: float
    _ids: itertools.count[int] = field(default_factory=itertools.count)
    _ordered: dict[int, asyncio.Future[Killable]] = field(default_factory=dict)
    _alive: dict[int, asyncio.Future[int]] = field(default_factory=dict)

    async def start(
        self, var_dir: Path, environment: Mapping[str, str], kill_at: OwnPoint | None = None
    ) -> Killable:
        """A gateway, which may not be up yet but keeps whoever comes."""
        number = next(self._ids)
        order = {
            "id": number,
            "environment": {
                "LEDGERWAY_VAR_DIR": str(var_dir),
                "LEDGERWAY_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
                **environment,
            },
            "output": str(var_dir / f"output-{number}.log"),
            "kill_at": kill_at,
            "lease_seconds": self.lease_seconds,
        }
        self._ordered[number] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(START_SECONDS_MAX):
            return await self._ordered[number]

    async def listen(self) -> None:
        """Take note of what the process tells."""
        assert self.process.stdout is not None
        loop = asyncio.get_running_loop()
        async for line in self.process.stdout:
            said = json.loads(line)
            if "died" in said:
                died = self._alive.setdefault(said["died"], loop.create_future())
                died.set_result(said["signal"])
                continue
            died = self._alive.setdefault(said["pid"], loop.create_future())
            found = Killable(f"http://127.0.0.1:{said['port']}", said["pid"], died)
            self._ordered[said["id"]].set_result(found)


@asynccontextmanager
async def forge(lease_seconds: float) -> AsyncIterator[Forge]:
    """A forge; its gateways end with it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.proofs.killable"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Forge(process, lease_seconds)
    listening = asyncio.create_task(made.listen())
    try:
        yield made
    finally:
        process.kill()
        await process.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
