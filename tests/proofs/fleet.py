"""Several gateway processes on one store, and a way in that goes round one while it is restarted."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.proofs.ports import free_port

START_SECONDS_MAX = 60.0
_SERVE = (sys.executable, "-c", "from app.cli import main; main()", "serve", "--port")


@dataclass(slots=True)
class Member:
    """One process: where it is, whether calls are sent to it, and how many are under way."""

    number: int
    url: str = ""
    process: asyncio.subprocess.Process | None = None
    is_in: bool = False
    under_way: int = 0
    is_idle: asyncio.Event = field(default_factory=asyncio.Event)


class Fleet:
    """The processes, and the environment that the next of them is started with."""

    def __init__(self, folder: Path, environment: Mapping[str, str], count: int) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._members = [Member(number) for number in range(count)]
        self._turn = 0

    async def start(self, count: int | None = None, **changed: str) -> None:
        """Start them all, or some."""
        self._environment |= changed
        await asyncio.gather(*(self._start(member) for member in self._members[:count]))

    async def restart(self, **changed: str) -> None:
        """One after the other, without losing a call: as behind a load balancer."""
        self._environment |= changed
        for member in self._members:
            member.is_in = False
            while member.under_way:
                member.is_idle.clear()
                await member.is_idle.wait()
            await self._stop(member)
            await self._start(member)

    async def stop(self) -> None:
        """Stop them all, each by its own process."""
        await asyncio.gather(*(self._stop(member) for member in self._members))

    @asynccontextmanager
    async def one(self) -> AsyncIterator[str]:
        """The address of one that takes calls, each in its turn."""
        ready = [member for member in self._members if member.is_in]
        self._turn += 1
        member = ready[self._turn % len(ready)]
        member.under_way += 1
        try:
            yield member.url
        finally:
            member.under_way -= 1
            member.is_idle.set()

    async def _start(self, member: Member) -> None:
        port = free_port()
        member.url = f"http://127.0.0.1:{port}"
        with (self._folder / f"output-{member.number}.log").open("ab") as log:
            member.process = await asyncio.create_subprocess_exec(
                *_SERVE, str(port), env={**os.environ, **self._environment}, stdout=log, stderr=log
            )
        async with asyncio.timeout(START_SECONDS_MAX), httpx2.AsyncClient() as http:
            while not await _is_ready(http, member.url):
                assert member.process.returncode is None, "a gateway did not start"
                await asyncio.sleep(0.05)
        member.is_in = True

    async def _stop(self, member: Member) -> None:
        member.is_in = False
        if member.process is not None and member.process.returncode is None:
            member.process.terminate()
            await member.process.wait()


async def _is_ready(http: httpx2.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/readyz")).status_code == 200
    except httpx2.TransportError:
        return False
