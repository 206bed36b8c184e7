"""The proxy passes bodies on as they come, whatever their size, and stops when either side does."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from tests.app.raw import Line, asked, line_to, noted, spoken, until_free
from tests.app.wire import HangUp, Seen, Wire, a_turn, answer, bare
from tests.world import World

MEGABYTE = 1_000_000
KEPT = 1_048_576
PIECE = b"0123456789abcdef" * 4096


async def test_a_caller_that_leaves_in_the_middle_of_a_short_body_asks_nothing(
    light: World, wire: Wire, account: str
) -> None:
    async with line_to(light) as line:
        await line.say(asked(light, account, "PUT", "/x", b"Content-Length: 1000") + b"half")
        line.hang_up()

        async with asyncio.timeout(10):
            while (499, None) not in await noted(light):
                await a_turn()

    assert wire.opened == 0


async def test_a_caller_that_leaves_in_the_middle_of_a_long_body_ends_the_call(
    light: World, wire: Wire, account: str
) -> None:
    async def take(seen: Seen) -> None:
        await seen.reader.readexactly(MEGABYTE)
        line.hang_up()
        await seen.until_gone()
        raise HangUp

    wire.script = take
    async with line_to(light) as line:
        head = asked(light, account, "PUT", "/x", b"Content-Length: 100000000")
        with suppress(ConnectionError):
            await line.say(head + PIECE * 400)

        await until_free(light, account, wire)

    assert (499, None) in await noted(light)
    assert all(status != 502 for status, _ in await noted(light))


async def test_a_caller_that_leaves_after_a_long_body_while_the_provider_thinks_does_not_end_the_write(
    light: World, wire: Wire, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.caller.WATCH_AFTER_SECONDS", 0.01)
    light.hurry(1)

    async def think(seen: Seen) -> None:
        await seen.body()
        line.hang_up()
        await seen.until_gone()
        raise HangUp

    wire.script = think
    async with line_to(light) as line:
        await line.say(asked(light, account, "PUT", "/x", b"Content-Length: 2000000") + b"x" * 2_000_000)

        await until_free(light, account, wire)

    assert (499, "provider_timeout") in await noted(light), "it was waited for"


@pytest.mark.parametrize("size", [0, 1, KEPT, KEPT + 1, 3 * MEGABYTE])
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_of_any_size_arrives_whole_framed_as_it_was(
    light: World, wire: Wire, account: str, size: int, is_chunked: bool
) -> None:
    body = (PIECE * 50)[:size]
    framing = b"Transfer-Encoding: chunked" if is_chunked else b"Content-Length: %d" % size
    sent = b"".join(
        b"%x\r\n%s\r\n" % (len(body[start : start + 65_536]), body[start : start + 65_536])
        for start in range(0, size, 65_536)
    )

    status, _, _ = await spoken(
        light, account, "PUT", "/x", framing, body=sent + b"0\r\n\r\n" if is_chunked else body
    )

    assert status == 200
    assert wire.seen[0].content == body
    is_kept = size <= KEPT
    length = wire.seen[0].header(b"content-length")
    assert length == (b"%d" % size if is_kept or not is_chunked else None)


@pytest.mark.parametrize(
    "lines",
    [
        (b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: chunked", b"Content-Length: 5"),
        (b"Transfer-Encoding: gzip, chunked",),
        (b"Transfer-Encoding: xchunked",),
        (b"Content-Length: -1",),
        (b"Content-Length: +5",),
        (b"Content-Length: 5, 5",),
        (b"Content-Length: 5", b"Content-Length: 6"),
        (b"Content-Length: 0x5",),
        (b"Content-Length: " + b"9" * 5000,),
        (b"Content-Length: \xb2",),
    ],
)
async def test_a_body_whose_end_cannot_be_told_is_refused(
    light: World, wire: Wire, account: str, lines: tuple[bytes, ...]
) -> None:
    status, _, _ = await spoken(
        light, account, "POST", "/x", *lines, body=b"0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"
    )

    assert status == 400
    assert [seen for seen in wire.seen if b"smuggled" in seen.line] == []
    assert wire.opened == 0


async def test_a_body_in_slow_pieces_is_passed_on_piece_by_piece(light: World, wire: Wire, account: str) -> None:
    first = b"x" * (KEPT + 1)
    got: list[bytes] = []

    async def converse(seen: Seen) -> None:
        await seen.reader.readexactly(len(first))
        for word in (b"one", b"two"):
            await line.say(word)
            got.append(await seen.reader.readexactly(3))
        await seen.write(answer(b"heard"))

    wire.script = converse
    async with line_to(light) as line:
        length = b"Content-Length: %d" % (len(first) + 6)
        await line.say(asked(light, account, "PUT", "/x", length) + first)
        head = await line.head()

    assert head.startswith(b"HTTP/1.1 200")
    assert got == [b"one", b"two"]


async def test_a_provider_may_answer_at_length_while_it_still_takes_the_body(
    light: World, wire: Wire, account: str
) -> None:
    size = 32 * MEGABYTE
    has_begun = asyncio.Event()

    async def take(seen: Seen) -> None:
        # Nothing is taken until the sockets are full: whoever watches for the caller's leave is then the only
        # one who listens to it, and must not take what is meant for the provider.
        await seen.write(bare("200 OK", b"Content-Length: %d" % MEGABYTE))
        await has_begun.wait()
        await seen.body()
        await seen.write(b"x" * MEGABYTE)

    wire.script = take
    body = (PIECE * (size // len(PIECE) + 1))[:size]
    async with line_to(light) as line, asyncio.timeout(20):
        saying = asyncio.ensure_future(
            line.say(asked(light, account, "PUT", "/x", b"Content-Length: %d" % size) + body)
        )
        await line.head()
        left = -1
        while left != line.left():
            left = line.left()
            for _ in range(200):
                await a_turn()
        has_begun.set()

        assert await line.reader.readexactly(MEGABYTE) == b"x" * MEGABYTE
        await saying

    assert wire.seen[0].content == body


async def test_a_provider_that_refuses_early_is_heard(light: World, wire: Wire, account: str) -> None:
    async def refuse(seen: Seen) -> None:
        await seen.write(answer(b"too large", "413 Too Large"))
        await seen.until_gone()
        raise HangUp

    wire.script = refuse
    async with line_to(light) as line:
        await line.say(asked(light, account, "PUT", "/x", b"Content-Length: 100000000") + PIECE * 20)

        assert (await line.head()).startswith(b"HTTP/1.1 413")

    await until_free(light, account, wire)


async def test_a_provider_that_does_not_take_the_body_is_given_up(light: World, wire: Wire, account: str) -> None:
    light.hurry(0.2)
    given_up = asyncio.Event()

    async def deaf(seen: Seen) -> None:
        await given_up.wait()
        raise HangUp

    async def pour(line: Line) -> None:
        while True:
            await line.say(PIECE)

    wire.script = deaf
    async with line_to(light) as line:
        await line.say(asked(light, account, "PUT", "/x", b"Content-Length: 1000000000"))
        pouring = asyncio.ensure_future(pour(line))
        head = await line.head()
        given_up.set()
        pouring.cancel()

    assert head.startswith(b"HTTP/1.1 504")
