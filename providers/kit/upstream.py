"""The seam to the network: one request, one answer, sent once, exactly as written.

The implementation lives in the app (it owns sockets and the guard against inside addresses); providers
only ever see a `Client`, which is built on a `Send`.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

Headers = Sequence[tuple[str, str]]
RawHeaders = Sequence[tuple[bytes, bytes]]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it goes on the wire. `url` is sent byte for byte; only Host and framing join the headers."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | AsyncIterable[bytes] | None = None
    first_byte_seconds: float = 60.0
    idle_seconds: float = 60.0
    wants_signing: bool = True

    def with_headers(self, headers: Headers) -> Request:
        """The same request with more headers."""
        return Request(
            method=self.method,
            url=self.url,
            headers=(*self.headers, *headers),
            body=self.body,
            first_byte_seconds=self.first_byte_seconds,
            idle_seconds=self.idle_seconds,
            wants_signing=self.wants_signing,
        )

    def __repr__(self) -> str:
        # Headers hold credentials, the body what a customer wrote.
        return f"Request(method={self.method!r}, url={self.url!r})"


class Answer(Protocol):
    """A provider's answer: status and headers are here, the body still on its way."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> RawHeaders:
        """Header lines as received, names in the provider's own case, repeats kept."""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""

    def stream(self) -> AsyncIterator[bytes]:
        """The body as it arrives, still encoded as the provider encoded it."""

    async def read(self, size_max: int) -> bytes:
        """The whole body with gzip or deflate taken off; `BadAnswer` when torn, or above `size_max` bytes."""

    async def close(self) -> None:
        """Give the connection back, or drop it if the body was not read to its end."""


Send = Callable[[Request], Awaitable[Answer]]
