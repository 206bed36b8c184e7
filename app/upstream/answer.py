"""A provider's answer as it arrives, with its failures named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from io import SEEK_END, BytesIO

import aiohttp

from app.upstream.exchange import Exchanged
from app.upstream.inflater import Inflater
from providers.kit.errors import BadAnswer, TimedOut, Unusable
from providers.kit.upstream import RawHeaders

_TOO_LARGE = "the provider's answer is too large"


class UpstreamAnswer:
    """The answer of one request; `close` must be called, whether or not the body was read."""

    __slots__ = ("_response", "has_stalled", "on_close", "status")

    def __init__(self, response: aiohttp.ClientResponse | Exchanged) -> None:
        self._response = response
        self.status = response.status
        self.has_stalled = False
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
        while chunk := await self._next_chunk():
            yield chunk

    async def as_sent(self) -> bytes:
        """The whole body, still encoded as the provider encoded it; most come in one piece."""
        chunk = await self._next_chunk()
        if self.is_whole:
            return chunk
        return chunk + b"".join([piece async for piece in self.stream()])

    async def read(self, size_max: int) -> bytes:
        """The whole body, decoded as it comes; refuses one above `size_max` bytes before or after decoding."""
        headers = self._response.headers
        length = headers.get("Content-Length")
        if length is not None and length.isdigit() and int(length) > size_max:
            raise Unusable(_TOO_LARGE)
        encoding = headers.get("Content-Encoding")
        chunk = await self._next_chunk()
        if encoding is not None and chunk and (named := encoding.strip().lower()) not in ("", "identity"):
            return await self._inflated(chunk, Inflater(named, size_max), size_max)
        following = b"" if self.is_whole else await self._next_chunk()
        if not following:
            return chunk
        gathered = BytesIO(chunk)
        size = gathered.seek(0, SEEK_END)
        while following:
            size += len(following)
            if size > size_max:
                raise Unusable(_TOO_LARGE)
            gathered.write(following)
            following = await self._next_chunk()
        return gathered.getvalue()

    async def _inflated(self, chunk: bytes, inflater: Inflater, size_max: int) -> bytes:
        size = 0
        while chunk:
            size += len(chunk)
            if size > size_max:
                raise Unusable(_TOO_LARGE)
            inflater.take(chunk)
            chunk = await self._next_chunk()
        return inflater.whole()

    @property
    def is_whole(self) -> bool:
        """Whether the body has come to its end."""
        return self._response.content.at_eof()

    async def close(self) -> None:
        """Give the connection back if the body was read to its end, else drop it."""
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()
        if self.on_close is not None:
            self.on_close()
            self.on_close = None

    async def _next_chunk(self) -> bytes:
        try:
            return await self._response.content.readany()
        except TimeoutError as error:
            self.has_stalled = True
            raise TimedOut("the provider stopped in the middle of its answer") from error
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
            raise BadAnswer("the provider's answer broke off") from error
