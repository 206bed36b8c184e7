"""A provider's answer as it arrives, with its failures named."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable

import aiohttp

from app.upstream.exchange import Exchanged
from providers.kit.errors import BadAnswer, TimedOut
from providers.kit.upstream import RawHeaders


class UpstreamAnswer:
    """The answer of one request; `close` must be called, whether or not the body was read."""

    __slots__ = ("_response", "on_close", "status")

    def __init__(self, response: aiohttp.ClientResponse | Exchanged) -> None:
        self._response = response
        self.status = response.status
        self.on_close: Callable[[], None] | None = None

    @property
    def headers(self) -> RawHeaders:
        """Header lines as received."""
        return self._response.raw_headers

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return self._response.headers.get(name)

    async def stream(self) -> AsyncIterator[bytes]:
        """The body as it arrives, in whatever pieces."""
        content = self._response.content
        while True:
            chunk = await _next_chunk(content)
            if not chunk:
                return
            yield chunk

    async def read(self, size_max: int) -> bytes:
        """The whole body, decoded; refuses one above `size_max` bytes before or after decoding."""
        content = self._response.content
        pieces: list[bytes] = []
        size = 0
        while chunk := await _next_chunk(content):
            size += len(chunk)
            if size > size_max:
                raise BadAnswer("the provider's answer is too large")
            pieces.append(chunk)
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        encoding = self._response.headers.get("Content-Encoding")
        return body if encoding is None else _decoded(body, encoding.strip().lower(), size_max)

    async def close(self) -> None:
        """Give the connection back if the body was read to its end, else drop it."""
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()
        if self.on_close is not None:
            self.on_close()
            self.on_close = None


async def _next_chunk(content: aiohttp.StreamReader) -> bytes:
    try:
        return await content.readany()
    except TimeoutError as error:
        raise TimedOut("the provider stopped in the middle of its answer") from error
    except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
        raise BadAnswer("the provider's answer broke off") from error


def _decoded(body: bytes, encoding: str, size_max: int) -> bytes:
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise BadAnswer("the provider's answer is encoded in a way nobody asked for")
    window_bits = 32 + zlib.MAX_WBITS
    if encoding == "deflate" and not _has_zlib_header(body):
        window_bits = -zlib.MAX_WBITS
    pieces: list[bytes] = []
    try:
        while body:
            # gzip may come in several members; what follows the last one must be one too.
            inflater = zlib.decompressobj(window_bits)
            pieces.append(inflater.decompress(body, size_max))
            size_max -= len(pieces[-1])
            if inflater.unconsumed_tail or size_max < 0:
                raise BadAnswer("the provider's answer is too large")
            if not inflater.eof:
                raise BadAnswer("the provider's answer broke off")
            body = inflater.unused_data
            size_max = max(size_max, 1)
    except zlib.error as error:
        raise BadAnswer("the provider's answer cannot be decompressed") from error
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _has_zlib_header(body: bytes) -> bool:
    return len(body) >= 2 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
