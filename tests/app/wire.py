"""The other end of the wire: a raw server on loopback that keeps what arrives and answers scripted bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

WAIT_SECONDS = 20.0


@dataclass(slots=True)
class Seen:
    """One request as it arrived, before its body."""

    line: bytes
    lines: list[tuple[bytes, bytes]]
    connection: int
    reader: asyncio.StreamReader = field(repr=False)
    writer: asyncio.StreamWriter = field(repr=False)
    content: bytes = b""

    def header(self, name: bytes) -> bytes | None:
        """The first header of that name."""
        return next((value for key, value in self.lines if key.lower() == name.lower()), None)

    async def body(self) -> bytes:
        """The whole body, its chunks put together; kept in `content`."""
        if self.header(b"transfer-encoding") == b"chunked":
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                self.content += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readexactly(2)
        else:
            self.content += await self.reader.readexactly(int(self.header(b"content-length") or 0))
        return self.content

    async def write(self, content: bytes) -> None:
        """Send these bytes; waits while nobody takes them."""
        self.writer.write(content)
        await self.writer.drain()

    async def until_gone(self) -> None:
        """Until the other side hangs up."""
        while await self.reader.read(65_536):
            pass

    def reset(self) -> None:
        """Tear the connection down at once."""
        self.writer.transport.abort()


class HangUp(Exception):
    """The script ends the connection."""


Script = bytes | Callable[[Seen], Awaitable[None]]


class Wire:
    """Answers each request by `script`: bytes once the whole body is read, or a function that does as it likes."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.seen: list[Seen] = []
        self.opened = 0
        self.closed = 0
        self.port = 0
        self._changed = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[bytes]:
        """The request lines, in order."""
        return [seen.line for seen in self.seen]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until it holds; looked at whenever something happened on the wire."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def tell(self) -> None:
        """Something happened."""
        self._changed.set()

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        number = self.opened
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head, number, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, HangUp):
            pass
        finally:
            writer.close()
            self.closed += 1
            self.tell()

    async def _answer(
        self, head: bytes, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        line, *rest = head[:-4].split(b"\r\n")
        pairs = [(name, value.strip()) for name, _, value in (each.partition(b":") for each in rest)]
        seen = Seen(line, pairs, number, reader, writer)
        self.seen.append(seen)
        self.tell()
        if isinstance(self.script, bytes):
            await seen.body()
            is_head = line.startswith(b"HEAD ")
            await seen.write(self.script.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if is_head else self.script)
        else:
            await self.script(seen)


@asynccontextmanager
async def wired(script: Script) -> AsyncIterator[Wire]:
    """A server that follows the script, on a free port."""
    wire = Wire(script)
    server = await asyncio.start_server(wire.connection, "127.0.0.1", 0, limit=1 << 20)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()


def answer(body: bytes = b"", status: str = "200 OK", *lines: bytes) -> bytes:
    """An answer with a Content-Length."""
    head = [f"HTTP/1.1 {status}".encode(), *lines, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def bare(status: str = "200 OK", *lines: bytes, body: bytes = b"") -> bytes:
    """An answer with these lines and no others."""
    return b"\r\n".join([f"HTTP/1.1 {status}".encode(), *lines]) + b"\r\n\r\n" + body


def then_hang_up(content: bytes) -> Callable[[Seen], Awaitable[None]]:
    """Send these bytes and close."""

    async def script(seen: Seen) -> None:
        await seen.body()
        await seen.write(content)
        raise HangUp

    return script


def then_stall(content: bytes = b"") -> Callable[[Seen], Awaitable[None]]:
    """Send these bytes and say nothing more."""

    async def script(seen: Seen) -> None:
        await seen.body()
        await seen.write(content)
        await seen.until_gone()
        raise HangUp

    return script


async def a_turn() -> None:
    """Let the loop look at its sockets and go round once."""
    await asyncio.sleep(0)


async def then_reset(seen: Seen) -> None:
    """Take the request and tear the connection down."""
    await seen.body()
    seen.reset()
    raise HangUp
