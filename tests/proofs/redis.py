"""A Redis for proofs, private to each, that can be killed and started again in the middle."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.proofs.ports import free_port

START_SECONDS_MAX = 10.0
_SETTINGS = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")


def has_redis() -> bool:
    """Whether there is what it takes to start one."""
    return _binary() is not None


class PrivateRedis:
    """A server on a port of its own, which it keeps when it is started again: empty, as after a lost machine."""

    def __init__(self) -> None:
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Start, and wait until it takes connections."""
        binary = _binary()
        assert binary is not None, "there is no Redis here: sudo apt-get install -y redis-server"
        self._process = await asyncio.create_subprocess_exec(
            binary, *_SETTINGS, "--port", str(self._port), stdout=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(START_SECONDS_MAX):
            while not await self._takes_connections():
                assert self._process.returncode is None, "Redis did not start"
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """End it at once, by its own process; what it knew is lost."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _takes_connections(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True


@asynccontextmanager
async def redis() -> AsyncIterator[PrivateRedis]:
    """A running Redis, gone after the block."""
    server = PrivateRedis()
    await server.start()
    try:
        yield server
    finally:
        await server.kill()


def _binary() -> str | None:
    return shutil.which("redis-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
