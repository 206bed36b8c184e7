"""What a provider may do wrong, and what callers of a list, of a get and of the proxy are told of it."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.app.faults import AT_ONCE, IN_TIME, Fault
from tests.app.wire import HangUp, Script, Seen, answer, bare, then_hang_up

CUT = "cut"
"""In place of a code: the answer begins as the provider's, and is broken off."""
Told = tuple[int, str | None]
"""Status and code; no code where the provider's own answer comes through."""

BAD: Told = (502, "provider_bad_answer")
DOWN: Told = (502, "provider_unavailable")
LATE: Told = (504, "provider_timeout")
CHUNKED = b"Transfer-Encoding: chunked"
GZIP = b"Content-Encoding: gzip"
MEGABYTE = 1_000_000
_PIECE = b'{"name": "x"},' * 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault of the table. A heavy one makes the gateway hold much, and is met alone."""

    name: str
    script: Script
    listed: Told
    got: Told
    proxied: Told
    is_heavy: bool = False


def _row(name: str, script: Script, unified: Told, proxied: Told, got: Told | None = None, **more: bool) -> Row:
    return Row(name=name, script=script, listed=unified, got=got or unified, proxied=proxied, **more)


def _known(fault: Fault) -> Row:
    """A fault of the tests' table."""
    told = fault.status, fault.code
    return _row(fault.name, fault.script, told, told if fault.proxied is None else (fault.proxied, None))


def _pouring(head: bytes, piece: bytes) -> Callable[[Seen], object]:
    """Send the head, and then the piece for ever, as fast as it is taken."""

    async def script(seen: Seen) -> None:
        await seen.body()
        await seen.write(head)
        while not seen.writer.is_closing():
            await seen.write(piece)
        raise HangUp

    return script


def _dripping(head: bytes, drop: bytes, pause_seconds: float = 0.05) -> Callable[[Seen], object]:
    """Send the head, and then a drop every now and then for ever."""

    async def script(seen: Seen) -> None:
        await seen.body()
        await seen.write(head)
        while not seen.writer.is_closing():
            await seen.write(drop)
            await asyncio.sleep(pause_seconds)
        raise HangUp

    return script


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


def _bomb(window_bits: int) -> bytes:
    """Half a gigabyte of nothing in half a megabyte."""
    deflater = zlib.compressobj(9, wbits=window_bits)
    start = deflater.compress(b"[") + deflater.flush(zlib.Z_FULL_FLUSH)
    return start + (deflater.compress(b" " * MEGABYTE) + deflater.flush(zlib.Z_FULL_FLUSH)) * 500


def _json(body: bytes) -> bytes:
    return answer(body, "200 OK", b"Content-Type: application/json")


_FRAMES = (
    ("two lengths", bare("200 OK", b"Content-Length: 2", b"Content-Length: 3", body=b"{} ")),
    ("length and chunks", bare("200 OK", b"Content-Length: 2", CHUNKED, body=b"2\r\n{}\r\n0\r\n\r\n")),
    ("negative length", bare("200 OK", b"Content-Length: -1", body=b"{}")),
    ("length of words", bare("200 OK", b"Content-Length: ten", body=b"{}")),
    ("length without end", bare("200 OK", b"Content-Length: " + b"9" * 30, body=b"{}")),
    ("length too short", bare("200 OK", b"Content-Length: 5", body=b'{"data": []}')),
    ("status 999", bare("999 Odd", b"Content-Length: 2", body=b"{}")),
    ("status 099", bare("099 Odd", b"Content-Length: 2", body=b"{}")),
    ("status of words", bare("fine", b"Content-Length: 2", body=b"{}")),
    ("no status line", b'{"data": []}\r\n\r\n'),
    ("101", bare("101 Switching Protocols", b"Upgrade: x", b"Connection: upgrade")),
    ("a header that is none", bare("200 OK", b"X (y): z", b"Content-Length: 0")),
    ("a header of control signs", bare("200 OK", b"X: \x01\x02", b"Content-Length: 2", body=b"{}")),
    ("a header of 100 kB", bare("200 OK", b"X: " + b"a" * 100_000, b"Content-Length: 0")),
    ("1,000 headers", bare("200 OK", *[b"X-%d: y" % n for n in range(1_000)], b"Content-Length: 0")),
    ("30 promises", bare("103 Early Hints") * 30 + _json(b'{"data": []}')),
)
_MISTYPED = (
    ("no rows", b"{}"),
    ("null for rows", b'{"data": null}'),
    ("text for rows", b'{"data": "none"}'),
    ("more after the end", b'{"data": []} and more'),
    ("NUL bytes", b"\0" * 1_000),
    ("65 deep", b'{"data":' + b"[" * 65 + b"]" * 65 + b"}"),
)
_ENCODED = (
    ("a bomb", answer(_bomb(16 + zlib.MAX_WBITS), "200 OK", GZIP)),
    ("a raw bomb", answer(_bomb(-zlib.MAX_WBITS), "200 OK", b"Content-Encoding: deflate")),
    (
        "a bomb behind an honest member",
        answer(gzip.compress(b"[", mtime=0) + _bomb(16 + zlib.MAX_WBITS), "200 OK", GZIP),
    ),
    ("100,000 empty members", answer(gzip.compress(b"", mtime=0) * 100_000, "200 OK", GZIP)),
    ("gzip in gzip", answer(gzip.compress(gzip.compress(b"{}")), "200 OK", b"Content-Encoding: gzip, gzip")),
    ("an encoding nobody asked for", answer(b"{}", "200 OK", b"Content-Encoding: br")),
    ("torn gzip", answer(gzip.compress(b'{"data": []}', mtime=0)[:-9], "200 OK", GZIP)),
)

ROWS: tuple[Row, ...] = (
    *(_known(fault) for fault in (*AT_ONCE, *IN_TIME) if "erpnext" in fault.providers),
    *(_row(name, then_hang_up(content), BAD, BAD) for name, content in _FRAMES),
    *(_row(name, _json(body), BAD, (200, None)) for name, body in _MISTYPED),
    *(_row(name, content, BAD, (200, None), is_heavy=True) for name, content in _ENCODED),
    *(
        _row(
            f"{status} elsewhere",
            answer(b"", status, b"Location: http://127.0.0.1:1/"),
            BAD,
            (int(status[:3]), None),
        )
        for status in ("302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect")
    ),
    # What can be read is read.
    _row("UTF-16", _json('{"data": []}'.encode("utf-16")), (200, None), (200, None), BAD),
    _row("a byte order mark", _json(b'\xef\xbb\xbf{"data": []}'), (200, None), (200, None), BAD),
    _row("304", bare("304 Not Modified"), BAD, (304, None)),
    _row("204 with a body", bare("204 No Content", body=b'{"data": []}'), BAD, BAD),
    _row("520", answer(b"", "520 Odd"), DOWN, (520, None)),
    _row("504", answer(b"", "504 Gateway Timeout"), DOWN, (504, None)),
    _row("closed at once", then_hang_up(b""), DOWN, DOWN),
    _row("half a status line", then_hang_up(b"HTTP/1.1 20"), DOWN, DOWN),
    _row("torn chunks", then_hang_up(bare("200 OK", CHUNKED, body=b'5\r\n{"da')), BAD, (200, CUT)),
    _row("chunks without end", then_hang_up(bare("200 OK", CHUNKED, body=_chunk(b"{}"))), BAD, (200, CUT)),
    _row("a chunk of no size", then_hang_up(bare("200 OK", CHUNKED, body=b"zz\r\n{}\r\n")), BAD, BAD),
    _row("dripping headers", _dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"), LATE, LATE),
    _row("dripping promises", _dripping(b"", bare("103 Early Hints"), 0.5), LATE, LATE),
    _row("a flood of promises", _pouring(b"", bare("103 Early Hints") * 1_000), BAD, BAD),
    _row("headers without end", _pouring(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1_000), BAD, BAD),
    _row("a dripping body", _dripping(bare("200 OK", b"Content-Length: 9999"), b" "), LATE, LATE),
    _row("dripping chunks", _dripping(bare("200 OK", CHUNKED), _chunk(b" ")), LATE, (200, CUT)),
    _row(
        "a body without end",
        _pouring(bare("200 OK", CHUNKED, body=_chunk(b'{"data": [')), _chunk(_PIECE)),
        BAD,
        (200, CUT),
        is_heavy=True,
    ),
    _row("a body without length or end", _pouring(bare("200 OK"), _PIECE), BAD, (200, CUT), is_heavy=True),
    _row(
        "a terabyte",
        _pouring(bare("200 OK", b"Content-Length: 1000000000000"), _PIECE),
        BAD,
        (200, CUT),
        is_heavy=True,
    ),
    _row(
        "a number of a million digits",
        _json(b'{"data": [{"name": "x", "idx": ' + b"7" * MEGABYTE + b"}]}"),
        (200, None),
        (200, None),
        BAD,
        is_heavy=True,
    ),
    _row("a key twice", _json(b'{"data": 1, "data": 2}'), BAD, (200, None)),
    _row("a row of null", _json(b'{"data": [null]}'), (200, None), (200, None), BAD),
    _row(
        "more rows than asked for",
        _json(b'{"data": [' + b",".join(b'{"name": "%d"}' % n for n in range(600)) + b"]}"),
        (200, None),
        (200, None),
        BAD,
    ),
)
