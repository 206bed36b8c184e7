"""A caller that speaks to the gateway in bytes, since clients rewrite what they send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from providers.kit.registry import all_providers
from tests.app.wire import Wire, a_turn
from tests.world import World


@dataclass(slots=True)
class Line:
    """One connection to the gateway."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, content: bytes) -> None:
        """Send these bytes; waits while nobody takes them."""
        self.writer.write(content)
        await self.writer.drain()

    def left(self) -> int:
        """How many bytes nobody has taken yet."""
        return self.writer.transport.get_write_buffer_size()

    async def head(self) -> bytes:
        """The head of an answer."""
        return await self.reader.readuntil(b"\r\n\r\n")

    async def rest(self) -> bytes:
        """All that comes until the gateway hangs up."""
        return await self.reader.read()

    def hang_up(self) -> None:
        """Leave at once."""
        self.writer.transport.abort()


@asynccontextmanager
async def line_to(world: World) -> AsyncIterator[Line]:
    """A connection of one's own."""
    address = urlsplit(world.base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


def asked(
    world: World, account_id: str, method: str, target: str, *lines: bytes, token: str | None = None
) -> bytes:
    """The head of a request through the proxy: `target` is what follows `/proxy`."""
    head = [
        f"{method} /proxy{target} HTTP/1.1".encode(),
        b"Host: gateway",
        f"Authorization: Bearer {token or world.token}".encode(),
        f"X-Integrated-Account-Id: {account_id}".encode(),
        *lines,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n"


async def spoken(
    world: World,
    account_id: str,
    method: str,
    target: str,
    *lines: bytes,
    body: bytes = b"",
    token: str | None = None,
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, header lines and body of one whole exchange, as they are on the wire."""
    async with line_to(world) as line:
        await line.say(asked(world, account_id, method, target, b"Connection: close", *lines, token=token) + body)
        head, _, rest = (await line.rest()).partition(b"\r\n\r\n")
    first, *others = head.split(b"\r\n")
    pairs = [(name.lower(), value.strip()) for name, _, value in (each.partition(b":") for each in others)]
    return int(first.split()[1]), pairs, rest


def named(lines: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """The values of every header of that name."""
    return [value for key, value in lines if key == name]


async def until_free(world: World, account_id: str, wire: Wire) -> None:
    """Until the provider was hung up on and no call of the account is under way any more."""
    await wire.until(lambda: wire.closed >= 1)
    pace = world.parts.pacer.pace(account_id, world.environment_id, all_providers()["erpnext"])
    async with asyncio.timeout(10):
        while pace._store.ledger.inside:  # type: ignore[attr-defined]
            await a_turn()
    assert pace.waiting_count == 0


async def noted(world: World) -> list[tuple[int, str | None]]:
    """Status and code of every call that was noted so far."""
    await world.parts.calls.write()
    return [(entry["status"], entry["code"]) for entry in (await world.http.get("/log")).json()["result"]]
