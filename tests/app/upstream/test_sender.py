"""A request goes out exactly as written, once, and nothing is kept between two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.upstream.sender import Upstream
from providers.kit.errors import BadAnswer, Unavailable
from providers.kit.upstream import Request
from tests.app.wire import HangUp, Seen, Wire, a_turn, answer, bare, then_hang_up, wired

SIZE_MAX = 1_000_000
TARGETS = (
    "/a%2Fb/%2f/%20/%7E~",
    "/a+b;c=d;e/'quoted'/(x)/*!$,@:",
    "/[0]/%5B1%5D?filters=[[%22a%22,%22=%22,1]]",
    "/%E6%9D%B1%E4%BA%AC/%F0%9F%9A%80?x=%E2%82%AC&x=caf%c3%a9",
    "/search?x=1&x=2&x=&y&=z&&a=b=c&%61=%62",
    "/x//y/./?q=a+b%2Bc;d'e%00",
    "/%C3%28/%ff?bad=%zz",
    "/?only=query",
)


async def _send(
    upstream: Upstream, wire: Wire, target: str = "/x", *, method: str = "GET", **more: object
) -> tuple[int, bytes]:
    given: dict[str, object] = {"first_byte_seconds": 10.0, "idle_seconds": 10.0, **more}
    request = Request(method=method, url=wire.url + target, **given)  # type: ignore[arg-type]
    got = await upstream.send(request, allow_private=True)
    try:
        return got.status, await got.read(SIZE_MAX)
    finally:
        await got.close()


@pytest.mark.parametrize("target", TARGETS)
async def test_a_url_arrives_byte_for_byte(upstream: Upstream, target: str) -> None:
    async with wired(answer()) as wire:
        await _send(upstream, wire, target)

        assert wire.lines == [f"GET {target} HTTP/1.1".encode()]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "QUERY"])
async def test_a_method_arrives_as_it_is(upstream: Upstream, method: str) -> None:
    async with wired(answer()) as wire:
        await _send(upstream, wire, method=method)

        assert wire.lines == [f"{method} /x HTTP/1.1".encode()]


async def test_only_host_joins_the_headers_and_their_case_order_and_repeats_are_kept(upstream: Upstream) -> None:
    headers = (("X-B", "1"), ("x-a", "2"), ("X-B", "3"), ("ACCEPT", "*/*"), ("x-euro", "€ é"), ("X-Empty", ""))
    async with wired(answer()) as wire:
        await _send(upstream, wire, headers=headers)

        host, *others = wire.seen[0].lines
        assert host == (b"Host", f"127.0.0.1:{wire.port}".encode())
        assert others == [(name.encode(), value.encode()) for name, value in headers]


async def test_only_framing_joins_the_headers_of_a_body(upstream: Upstream) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"12"
        yield b"345"

    async with wired(answer()) as wire:
        await _send(upstream, wire, method="POST", body=b"12345")
        await _send(upstream, wire, method="POST", body=pieces())
        await _send(upstream, wire, method="POST", body=pieces(), headers=(("content-length", "5"),))
        await _send(upstream, wire, method="DELETE")

        assert [seen.lines[1:] for seen in wire.seen] == [
            [(b"Content-Length", b"5")],
            [(b"Transfer-Encoding", b"chunked")],
            [(b"content-length", b"5")],
            [(b"Content-Length", b"0")],
        ]
        assert [seen.content for seen in wire.seen] == [b"12345", b"12345", b"12345", b""]


async def test_cookies_are_never_kept(upstream: Upstream) -> None:
    async with wired(answer(b"", "200 OK", b"Set-Cookie: sid=abc; Path=/")) as wire:
        await _send(upstream, wire)
        await _send(upstream, wire)

        assert [seen.header(b"cookie") for seen in wire.seen] == [None, None]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_an_answer_and_not_followed(upstream: Upstream, status: str) -> None:
    async with wired(answer(b"", status, b"Location: /elsewhere")) as wire:
        got, _ = await _send(upstream, wire)

        assert got == int(status[:3])
        assert len(wire.seen) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_nothing_is_sent_again_when_a_kept_connection_closes_under_it(
    upstream: Upstream, method: str
) -> None:
    async def script(seen: Seen) -> None:
        await seen.body()
        if len(wire.seen) == 1:
            await seen.write(answer(b"first"))
            return
        raise HangUp

    async with wired(script) as wire:
        await _send(upstream, wire)
        with pytest.raises(Unavailable):
            await _send(upstream, wire, "/again", method=method)

        assert [seen.line.split()[0] for seen in wire.seen] == [b"GET", method.encode()]
        assert wire.opened == 1, "the second request did not use the kept connection"


async def test_an_answer_nobody_asked_for_is_not_given_to_the_next_call(upstream: Upstream) -> None:
    is_read = asyncio.Event()

    async def script(seen: Seen) -> None:
        await seen.write(answer(seen.line.split()[1]))
        if seen.connection == 1:
            # In a packet of its own, while the connection waits for its next call.
            await is_read.wait()
            await seen.write(answer(b"somebody else's"))

    async with wired(script) as wire:
        await _send(upstream, wire, "/mine")
        is_read.set()
        await _until_something_waits(upstream)

        assert await _send(upstream, wire, "/yours") == (200, b"/yours")
        assert wire.opened == 2


async def _until_something_waits(upstream: Upstream) -> None:
    """Until bytes have come on the idle connection; the loop looks at its sockets once a turn."""
    connector = upstream._private.connector
    assert connector is not None
    ((protocol, _),) = next(iter(connector._conns.values()))
    async with asyncio.timeout(10):
        while not protocol._buffer:
            await a_turn()


async def test_a_connection_is_used_again_after_a_whole_answer(upstream: Upstream) -> None:
    async with wired(answer(b"x" * 100)) as wire:
        await _send(upstream, wire)
        await _send(upstream, wire)

        assert wire.opened == 1


async def test_a_connection_is_dropped_after_half_an_answer(upstream: Upstream) -> None:
    async with wired(answer(b"x" * 10_000_000)) as wire:
        half = await upstream.send(Request(method="GET", url=wire.url), allow_private=True)
        await half.close()

        await wire.until(lambda: wire.closed == 1)


async def test_a_connection_whose_upload_was_not_taken_is_not_used_again(upstream: Upstream) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" * 1000

    async def refuse(seen: Seen) -> None:
        await seen.write(answer(b"too large", "413 Too Large"))
        await seen.until_gone()
        raise HangUp

    async with wired(refuse) as wire:
        status, body = await _send(upstream, wire, method="PUT", body=pieces())
        wire.script = answer(b"own")

        _, after = await _send(upstream, wire)

        assert (status, body, after) == (413, b"too large", b"own")
        assert wire.opened == 2


async def test_informational_answers_are_passed_over(upstream: Upstream) -> None:
    hints = bare("103 Early Hints", b"Link: </x>") + bare("100 Continue")
    async with wired(hints + answer(b"real")) as wire:
        assert await _send(upstream, wire) == (200, b"real")


async def test_a_provider_that_only_promises_an_answer_is_given_up(upstream: Upstream) -> None:
    async with wired(bare("102 Processing") * 100) as wire:
        with pytest.raises(BadAnswer, match="again and again"):
            await _send(upstream, wire)

        await wire.until(lambda: wire.closed == 1)


@pytest.mark.parametrize("header", [("X", "a\r\nY: b"), ("X\r\nY", "b"), ("X", "a\0"), ("X", "a\nb")])
async def test_a_header_that_would_begin_another_line_is_not_sent(
    upstream: Upstream, header: tuple[str, str]
) -> None:
    async with wired(answer()) as wire:
        with pytest.raises(ValueError, match="character"):
            await _send(upstream, wire, headers=(header,))

        assert wire.seen == []


async def test_a_fragment_stays_here(upstream: Upstream) -> None:
    async with wired(answer()) as wire:
        await _send(upstream, wire, "/logo.svg?size=2#part")

        assert wire.lines == [b"GET /logo.svg?size=2 HTTP/1.1"]


async def test_a_call_that_is_given_up_drops_its_connection(upstream: Upstream) -> None:
    async with wired(Seen.until_gone) as wire:
        call = asyncio.create_task(_send(upstream, wire))
        await wire.until(lambda: len(wire.seen) == 1)

        call.cancel()

        await wire.until(lambda: wire.closed == 1)


@pytest.mark.parametrize(
    "content",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        bare("200 OK", b"Content-Length: 2", b"Content-Length: 3", body=b"okk"),
        bare("200 OK", b"Content-Length: 2", b"Transfer-Encoding: chunked", body=b"2\r\nok\r\n0\r\n\r\n"),
        bare("200 OK", b"Content-Length: -1"),
        bare("200 OK", b"Content-Length: 99999999999999999999"),
        bare("200 OK", b"X (y): z", b"Content-Length: 0"),
        bare("200 OK", b"X: " + b"a" * 100_000, b"Content-Length: 0"),
        bare("99 Low", b"Content-Length: 0"),
        bare("600 High", b"Content-Length: 0"),
    ],
)
async def test_what_is_not_http_is_a_bad_answer(upstream: Upstream, content: bytes) -> None:
    async with wired(then_hang_up(content)) as wire:
        with pytest.raises(BadAnswer):
            await _send(upstream, wire)


async def test_headers_of_the_answer_keep_their_case_order_and_repeats(upstream: Upstream) -> None:
    lines = (b"X-B: 1", b"x-a: 2", b"X-B: 3", b"X-Latin: caf\xe9")
    async with wired(answer(b"", "200 OK", *lines)) as wire:
        got = await upstream.send(Request(method="GET", url=wire.url), allow_private=True)
        await got.close()

        assert list(got.headers)[:4] == [tuple(line.split(b": ")) for line in lines]
        assert (got.header("x-b"), got.header("none")) == ("1", None)
