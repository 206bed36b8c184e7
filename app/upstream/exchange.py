"""One exchange without a body, straight over a connection of the library's pool.

The library's own way makes a request, a writer, a response and their headers anew for each call, and weighs
what a gateway never uses: redirects, cookies, compression, traces. Measured, that is three fifths of what a call
to a provider costs. Pool, connections and the reading of answers are the library's here, too.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.helpers import TimerNoop
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from providers.kit.errors import BadAnswer
from providers.kit.upstream import RawHeaders, Request

METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Of requests without a body, those whose framing need not say so."""

READ_SIZE = 64 * 1024
HEADER_SIZE_MAX = 64 * 1024
HEADERS_MAX = 500
INTERIM_ANSWERS_MAX = 20

_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NO_TIMER = TimerNoop()


class Route(aiohttp.ClientRequest):
    """Where an origin's connections go, in the words that the library's pool asks for; kept for all its calls."""

    def __init__(self, origin: str) -> None:
        super().__init__("GET", URL(f"{origin}/", encoded=True), loop=asyncio.get_running_loop())
        self.host_line = self.headers["Host"]
        self._key = super().connection_key

    @property
    def connection_key(self) -> ConnectionKey:
        """Under what the pool keeps its connections."""
        return self._key


@dataclass(slots=True)
class Exchanged:
    """An answer whose head has come: as much of the library's response as the gateway asks for."""

    connection: Connection
    status: int
    raw_headers: RawHeaders
    headers: Mapping[str, str]
    content: aiohttp.StreamReader

    def release(self) -> None:
        """Give the connection back to the pool."""
        self.connection.release()

    def close(self) -> None:
        """Drop the connection."""
        self.connection.close()


async def exchange(
    pool: aiohttp.BaseConnector, route: Route, request: Request, target: str, reach: aiohttp.ClientTimeout
) -> Exchanged:
    """Send the request once and wait for the head of its answer; raises `BadAnswer` and the library's errors."""
    head = _head(request, target, route.host_line)
    try:
        connection = await pool.connect(route, traces=[], timeout=reach)
    except TimeoutError as error:
        raise aiohttp.ConnectionTimeoutError from error
    try:
        return await _answered(connection, request, head)
    except HttpProcessingError as error:
        connection.close()
        raise BadAnswer("the provider's answer is not HTTP as we read it") from error
    except BaseException:
        connection.close()
        raise


def _head(request: Request, target: str, host: str) -> bytes:
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    if _UNSENDABLE.search("".join(lines)):
        raise ValueError("a line of a request's head holds a character that HTTP does not allow")
    lines.append("\r\n")
    return "\r\n".join(lines).encode()


async def _answered(connection: Connection, request: Request, head: bytes) -> Exchanged:
    protocol = connection.protocol
    if protocol is None or protocol.transport is None:
        raise aiohttp.ServerDisconnectedError
    protocol.set_response_params(
        timer=_NO_TIMER,
        skip_payload=request.method == "HEAD",
        read_until_eof=True,
        auto_decompress=False,
        read_timeout=request.first_byte_seconds,
        read_bufsize=READ_SIZE,
        max_line_size=HEADER_SIZE_MAX,
        max_field_size=HEADER_SIZE_MAX,
        max_headers=HEADERS_MAX,
    )
    protocol.transport.write(head)
    protocol.start_timeout()
    for _ in range(INTERIM_ANSWERS_MAX):
        message, content = await protocol.read()
        if not 100 <= message.code < 200 or message.code == 101:
            break
    else:
        raise BadAnswer("the provider promises an answer again and again")
    if request.idle_seconds != request.first_byte_seconds and not content.is_eof():
        protocol.read_timeout = request.idle_seconds
        protocol.start_timeout()
    return Exchanged(connection, message.code, message.raw_headers, message.headers, content)
