"""The proxy passes long answers on as they come, and stops when their caller does."""

from __future__ import annotations

import asyncio

import pytest

from tests.app.raw import asked, line_to, noted, until_free
from tests.app.wire import HangUp, Seen, Wire, bare
from tests.world import World

MEGABYTE = 1_000_000
KEPT = 1_048_576
PIECE = b"0123456789abcdef" * 4096
# What the sockets on the way and the buffers of server and client hold together.
ON_THE_WAY_MAX = 12 * MEGABYTE


class Endless:
    """Pours an answer without end, as fast as it is taken."""

    def __init__(self) -> None:
        self.sent = 0
        self.is_blocked = asyncio.Event()

    async def __call__(self, seen: Seen) -> None:
        await seen.write(bare("200 OK", b"Content-Length: 1000000000000"))
        while True:
            seen.writer.write(PIECE)
            try:
                async with asyncio.timeout(0.3):
                    await seen.writer.drain()
            except TimeoutError:
                self.is_blocked.set()
                await seen.writer.drain()
            self.sent += len(PIECE)


async def test_a_caller_that_leaves_stops_the_providers_stream(light: World, wire: Wire, account: str) -> None:
    wire.script = pour = Endless()
    async with line_to(light) as line:
        await line.say(asked(light, account, "GET", "/x"))
        await line.head()
        await line.reader.readexactly(MEGABYTE)
        line.hang_up()

        await wire.until(lambda: wire.closed == 1)

    assert pour.sent < ON_THE_WAY_MAX
    await until_free(light, account, wire)
    assert (499, None) in await noted(light)


async def test_a_caller_that_does_not_read_holds_the_provider_back(light: World, wire: Wire, account: str) -> None:
    wire.script = pour = Endless()
    async with line_to(light) as line:
        await line.say(asked(light, account, "GET", "/x"))
        await line.head()

        await pour.is_blocked.wait()

        assert pour.sent < ON_THE_WAY_MAX
        line.hang_up()
        await until_free(light, account, wire)


async def test_a_caller_that_never_reads_on_is_given_up(light: World, wire: Wire, account: str) -> None:
    light.hurry(0.5)
    wire.script = Endless()
    async with line_to(light) as line:
        await line.say(asked(light, account, "GET", "/x"))
        await line.head()

        await until_free(light, account, wire)

    assert (499, None) in await noted(light)


@pytest.mark.parametrize("begun", [b"", bare("200 OK", b"Content-Length: 1000000", body=b"some")])
@pytest.mark.parametrize("lines", [(), (b"Content-Length: 0",)])
async def test_a_caller_that_leaves_while_the_provider_is_silent_ends_the_call(
    light: World,
    wire: Wire,
    account: str,
    begun: bytes,
    lines: tuple[bytes, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.api.caller.WATCH_AFTER_SECONDS", 0.01)

    async def think(seen: Seen) -> None:
        await seen.write(begun)
        line.hang_up()
        await seen.until_gone()
        raise HangUp

    wire.script = think
    async with line_to(light) as line:
        await line.say(asked(light, account, "GET", "/x", *lines))

        await until_free(light, account, wire)

    assert (499, None) in await noted(light)
