"""An answer is read whole or named as broken: limits, encodings, torn bodies and time."""

from __future__ import annotations

import asyncio
import gzip
import resource
import socket
import zlib
from collections.abc import AsyncIterator

import pytest

from app.upstream.sender import Upstream
from providers.kit.errors import BadAnswer, TimedOut, Unavailable
from providers.kit.upstream import Request
from tests.app.wire import (
    HangUp,
    Script,
    Seen,
    answer,
    bare,
    then_hang_up,
    then_reset,
    then_stall,
    wired,
)

SIZE_MAX = 1_000_000
WORDS = b'{"data": [1, 2, 3]}'
SOON = 0.05
WELL_BEFORE = 8.0


async def _read(upstream: Upstream, script: Script, size_max: int = SIZE_MAX, **more: float) -> bytes:
    async with wired(script) as wire, asyncio.timeout(WELL_BEFORE):
        request = Request(method="GET", url=wire.url, **{"first_byte_seconds": 60, "idle_seconds": 60, **more})  # type: ignore[arg-type]
        got = await upstream.send(request, allow_private=True)
        try:
            return await got.read(size_max)
        finally:
            await got.close()


def _raw_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(body) + deflater.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(WORDS, mtime=0)),
        ("GZIP", gzip.compress(WORDS, mtime=0)),
        ("x-gzip", gzip.compress(WORDS, mtime=0)),
        ("gzip", gzip.compress(WORDS[:7], mtime=0) + gzip.compress(WORDS[7:], mtime=0)),
        ("deflate", zlib.compress(WORDS)),
        ("deflate", _raw_deflate(WORDS)),
        ("identity", WORDS),
        ("", WORDS),
    ],
)
async def test_an_encoded_body_is_read(upstream: Upstream, encoding: str, body: bytes) -> None:
    line = b"Content-Encoding: " + encoding.encode()

    assert await _read(upstream, answer(body, "200 OK", line)) == WORDS


async def test_an_empty_body_is_empty_whatever_its_encoding(upstream: Upstream) -> None:
    assert await _read(upstream, answer(b"", "500 Error", b"Content-Encoding: gzip")) == b""


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", WORDS),
        ("gzip, gzip", gzip.compress(gzip.compress(WORDS, mtime=0), mtime=0)),
        ("gzip", WORDS),
        ("gzip", gzip.compress(WORDS, mtime=0)[:-9]),
        ("gzip", gzip.compress(WORDS, mtime=0) + b"rubbish"),
        ("deflate", b"\xff" * 20),
    ],
)
async def test_what_cannot_be_decoded_is_a_bad_answer(upstream: Upstream, encoding: str, body: bytes) -> None:
    with pytest.raises(BadAnswer):
        await _read(upstream, answer(body, "200 OK", b"Content-Encoding: " + encoding.encode()))


async def test_a_bomb_is_not_blown_up(upstream: Upstream) -> None:
    deflater = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    head = deflater.compress(b"") + deflater.flush(zlib.Z_FULL_FLUSH)
    megabyte = deflater.compress(b"\0" * 1_000_000) + deflater.flush(zlib.Z_FULL_FLUSH)
    bomb = head + megabyte * 1000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(BadAnswer):
        await _read(upstream, answer(bomb, "200 OK", b"Content-Encoding: gzip"), size_max=2_000_000)

    assert len(bomb) < 1_100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000, "kilobytes more"


@pytest.mark.parametrize(
    "head", [b"Content-Length: 1000000000", b"Transfer-Encoding: chunked"], ids=["told", "untold"]
)
async def test_a_body_above_the_limit_is_refused_before_it_is_here(upstream: Upstream, head: bytes) -> None:
    sent = 0

    async def pour(seen: Seen) -> None:
        nonlocal sent
        await seen.write(bare("200 OK", head))
        while True:
            await seen.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
            sent += 65_536

    with pytest.raises(BadAnswer):
        await _read(upstream, pour, size_max=100_000)

    assert sent < 20_000_000


@pytest.mark.parametrize(
    "content",
    [
        bare("200 OK", b"Content-Length: 10", body=b"short"),
        bare("200 OK", b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n"),
        bare("200 OK", b"Transfer-Encoding: chunked", body=b"5\r\nhel"),
        bare("200 OK", b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\nzz\r\n"),
    ],
    ids=["length too long", "no last chunk", "torn chunk", "no size"],
)
async def test_a_torn_body_is_a_bad_answer(upstream: Upstream, content: bytes) -> None:
    with pytest.raises(BadAnswer):
        await _read(upstream, then_hang_up(content))


async def test_what_follows_a_length_too_short_is_nobodys_answer(upstream: Upstream) -> None:
    async with wired(bare("200 OK", b"Content-Length: 5", body=b"hello, and more")) as wire:
        request = Request(method="GET", url=wire.url)
        with pytest.raises(BadAnswer):
            await upstream.send(request, allow_private=True)
        wire.script = answer(b"own")

        got = await upstream.send(request, allow_private=True)

        assert await got.read(SIZE_MAX) == b"own"
        await got.close()


@pytest.mark.parametrize("size", [0, 1, 65_536, 999_999])
async def test_a_body_without_a_length_ends_with_its_connection(upstream: Upstream, size: int) -> None:
    assert await _read(upstream, then_hang_up(bare(body=b"x" * size))) == b"x" * size


async def test_a_chunked_body_is_put_together(upstream: Upstream) -> None:
    content = bare(
        "200 OK", b"Transfer-Encoding: chunked", body=b"5;note=1\r\nhello\r\n1\r\n!\r\n0\r\nX-Trailer: 1\r\n\r\n"
    )

    assert await _read(upstream, content) == b"hello!"


async def test_a_provider_that_says_nothing_times_out(upstream: Upstream) -> None:
    with pytest.raises(TimedOut):
        await _read(upstream, then_stall(), first_byte_seconds=SOON)


async def test_a_provider_that_stops_in_its_headers_times_out(upstream: Upstream) -> None:
    with pytest.raises(TimedOut):
        await _read(upstream, then_stall(b"HTTP/1.1 200 OK\r\nX-A:"), first_byte_seconds=SOON)


@pytest.mark.parametrize("head", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
async def test_a_provider_that_stops_in_its_body_times_out(upstream: Upstream, head: bytes) -> None:
    with pytest.raises(TimedOut):
        await _read(upstream, then_stall(bare("200 OK", head, body=b"5\r\nhello\r\n")), idle_seconds=SOON)


async def test_a_provider_that_answers_late_but_steadily_is_waited_for(upstream: Upstream) -> None:
    async def drip(seen: Seen) -> None:
        await seen.write(bare("200 OK", b"Content-Length: 20"))
        for _ in range(20):
            await seen.write(b"x")

    assert await _read(upstream, drip, idle_seconds=5) == b"x" * 20


async def test_a_provider_that_does_not_take_the_body_times_out(upstream: Upstream) -> None:
    async def deaf(seen: Seen) -> None:
        await released.wait()
        raise HangUp

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 65_536

    released = asyncio.Event()
    async with wired(deaf) as wire, asyncio.timeout(WELL_BEFORE):
        request = Request(method="PUT", url=wire.url, body=pieces(), first_byte_seconds=60, idle_seconds=SOON)
        with pytest.raises(TimedOut):
            await upstream.send(request, allow_private=True)
        released.set()


@pytest.mark.parametrize("script", [then_reset, then_hang_up(b""), then_hang_up(b"HTTP/1.1 20")])
async def test_a_connection_that_dies_before_the_answer_is_unavailable(upstream: Upstream, script: Script) -> None:
    with pytest.raises((Unavailable, BadAnswer)):
        await _read(upstream, script)


async def test_a_closed_port_is_unavailable(upstream: Upstream) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"

        with pytest.raises(Unavailable):
            await upstream.send(Request(method="GET", url=url), allow_private=True)


async def test_a_name_that_nobody_has_is_unavailable(upstream: Upstream) -> None:
    with pytest.raises(Unavailable):
        await upstream.send(Request(method="GET", url="http://no-such-host.invalid/"), allow_private=True)


async def test_tls_to_a_plain_port_is_unavailable(upstream: Upstream) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    with pytest.raises(Unavailable):
        await upstream.send(Request(method="GET", url=url), allow_private=True)
    server.close()
