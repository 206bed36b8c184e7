"""A gateway that is told to stop answers what is in hand, and whoever still uses a connection that was kept."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.app.commands import ledgerway
from tests.app.serving.processes import Served, serving
from tests.world import settings_in


class Kept:
    """A connection that is kept, for one request after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def begin(self, path: str) -> None:
        """Send a request."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: gateway\r\n\r\n".encode())
        await self._writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Its status, header and body."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        header = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-1])}
        return int(head[0].split()[1]), header, await self._reader.readexactly(int(header["content-length"]))

    async def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """A request and its answer."""
        await self.begin(path)
        return await self.answer()

    async def is_closed(self) -> bool:
        """Whether the server has closed it."""
        async with asyncio.timeout(10):
            return await self._reader.read() == b""

    def close(self) -> None:
        """Close it."""
        self._writer.close()


@asynccontextmanager
async def _kept(served: Served) -> AsyncIterator[Kept]:
    place = urlsplit(served.url)
    connection = Kept(*await asyncio.open_connection(place.hostname, place.port))
    try:
        yield connection
    finally:
        connection.close()


async def _refuses(served: Served) -> None:
    """Until nobody listens any more."""
    place = urlsplit(served.url)
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(place.hostname, place.port)
            except OSError:
                return
            writer.close()


async def test_a_kept_connection_is_answered_once_more_and_told_to_close(tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path)) as served, _kept(served) as first, _kept(served) as unused:
        before = await first.get("/healthz")

        served.process.terminate()
        await _refuses(served)
        after = await first.get("/healthz")
        late = await unused.get("/healthz")

        assert "connection" not in before[1]
        assert (after[0], after[1]["connection"]) == (200, "close")
        assert (late[0], late[1]["connection"]) == (200, "close")
        assert await first.is_closed()
        assert await served.process.wait() == -signal.SIGTERM


async def test_a_gateway_that_stops_is_alive_and_not_ready(tmp_path: Path) -> None:
    async with serving(settings_in(tmp_path)) as served, _kept(served) as one, _kept(served) as other:
        served.process.terminate()
        await _refuses(served)

        ready, alive = await one.get("/readyz"), await other.get("/healthz")

    assert (ready[0], json.loads(ready[2])["code"]) == (503, "stopping")
    assert alive[0] == 200


async def test_calls_are_taken_for_a_while_after_it_says_that_it_is_not_ready(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    async with serving(settings, more={"LEDGERWAY_DRAIN_SECONDS": "1"}) as served, _kept(served) as connection:
        served.process.terminate()
        async with asyncio.timeout(10):
            while (ready := await connection.get("/readyz"))[0] == 200:
                pass
        async with _kept(served) as fresh:
            taken = await fresh.get("/healthz")

    assert (ready[0], taken[0]) == (503, 200)
    assert "connection" not in taken[1]


async def test_a_descriptor_that_is_no_listening_socket_is_refused(tmp_path: Path) -> None:
    ran = await ledgerway(settings_in(tmp_path), "serve", "--fd", "0")

    assert ran.code == 1
    assert "descriptor 0 is not a listening socket" in ran.err
    assert "Traceback" not in ran.err


async def test_two_processes_serve_one_socket_that_was_handed_to_them(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port, handed = listener.getsockname()[1], ("--fd", str(listener.fileno()))
        fds = (listener.fileno(),)
        async with (
            serving(settings_in(tmp_path), *handed, pass_fds=fds, port=port) as first,
            serving(settings_in(tmp_path), *handed, pass_fds=fds, port=port),
        ):
            first.process.terminate()
            await first.process.wait()

            async with _kept(first) as connection:
                answer = await connection.get("/readyz")

    assert answer[0] == 200
