"""`ledgerway serve` as a process of its own, or as a supervisor with its workers, for tests."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from app.settings import Settings
from tests.app.commands import NOTHING, environment
from tests.proofs.ports import free_port

START_SECONDS_MAX = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """Where it serves, its process and what it has written."""

    url: str
    process: asyncio.subprocess.Process
    output: Path

    def workers(self) -> list[psutil.Process]:
        """The processes below it."""
        return psutil.Process(self.process.pid).children()

    def told(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    async def until_told(self, event: str, times: int = 1) -> None:
        """Until the log says so."""
        async with asyncio.timeout(START_SECONDS_MAX):
            # What it waits for is in another process.
            while sum(line["event"] == event for line in self.told()) < times:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(
    settings: Settings,
    *arguments: str,
    pass_fds: Sequence[int] = (),
    port: int | None = None,
    more: Mapping[str, str] = NOTHING,
) -> AsyncIterator[Served]:
    """The command on a free port, until the block ends."""
    chosen = port if port is not None else free_port()
    output = settings.var_dir / "output.log"
    with output.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(chosen)),
            *arguments,
            env={**environment(settings), "LEDGERWAY_LOG_LEVEL": "INFO", **more},
            stdout=log,
            stderr=log,
            pass_fds=pass_fds,
        )
    served = Served(f"http://127.0.0.1:{chosen}", process, output)
    try:
        await _until_up(served)
        yield served
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_up(served: Served) -> None:
    async with asyncio.timeout(START_SECONDS_MAX), httpx2.AsyncClient() as http:
        while True:
            assert served.process.returncode is None, served.output.read_text(encoding="utf-8")
            try:
                if (await http.get(f"{served.url}/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
