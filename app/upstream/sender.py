"""Sends requests over pooled connections: URL and headers exact, no cookies, redirects or re-sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from cachetools import LRUCache
from yarl import URL

from app.metrics import PoolUse
from app.upstream.answer import UpstreamAnswer
from app.upstream.destination import Destination, destination_of
from app.upstream.exchange import HEADER_SIZE_MAX, HEADERS_MAX, METHODS, Exchanged, Route, exchange
from app.upstream.guard import INSIDE, AllowedHosts, SocketFactory, guarded_socket, open_socket
from providers.kit.errors import BadAnswer, ForbiddenAddress, ProviderError, TimedOut, Unavailable, Unreached
from providers.kit.upstream import Request

CONNECT_SECONDS = 10.0
# Looking up the name too; a resolver that hangs is not held by the time of a connection.
REACH_SECONDS = 20.0
CONNECTIONS_MAX = 2_000
KEEP_ALIVE_SECONDS = 30.0
NAMES_KEPT_SECONDS = 30
ROUTES_MAX = 4_096
_REACH = aiohttp.ClientTimeout(total=None, connect=REACH_SECONDS, sock_connect=CONNECT_SECONDS)
_LIBRARY_HEADERS = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")

# What the library raises, the narrower before the wider, and what it means.
_NAMES: tuple[tuple[tuple[type[Exception], ...], type[ProviderError], str], ...] = (
    ((aiohttp.ConnectionTimeoutError,), Unreached, "no connection to the provider came about in time"),
    ((TimeoutError, aiohttp.ServerTimeoutError), TimedOut, "the provider did not answer in time"),
    ((aiohttp.InvalidURL, UnicodeError), ForbiddenAddress, "the address cannot be used"),
    ((aiohttp.ClientResponseError,), BadAnswer, "the provider's answer is not HTTP as we read it"),
    ((aiohttp.ClientConnectorCertificateError,), Unreached, "the provider's certificate is not valid"),
    ((aiohttp.ClientConnectorSSLError,), Unreached, "the provider does not speak TLS as we do"),
    ((aiohttp.ClientConnectorDNSError,), Unreached, "the provider's name cannot be looked up"),
    ((aiohttp.ClientConnectorError,), Unreached, "the provider could not be reached"),
)


class Upstream:
    """Every connection the gateway makes to a provider goes through here.

    Three pools: public addresses only; the owner's allowed networks too, for environments that may use
    them; and host names that the owner allowed by name. Made and closed inside a running loop.
    """

    def __init__(self, allowed: AllowedHosts) -> None:
        self._allowed = allowed
        self._public = _session(guarded_socket(None))
        self._private = _session(guarded_socket(allowed))
        self._named = _session(open_socket)
        self._routes: LRUCache[tuple[str, bool], tuple[aiohttp.BaseConnector, Route]] = LRUCache(ROUTES_MAX)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def check(self, url: str, *, allow_private: bool) -> None:
        """Raises `ForbiddenAddress` for an address that can never be sent to. Names are looked up when it is."""
        destination = destination_of(url)
        self._session_for(destination, allow_private)
        if allow_private:
            self._allowed.check(destination)

    async def send(self, request: Request, *, allow_private: bool) -> UpstreamAnswer:
        """Send once; any HTTP status is an answer.

        Raises `ForbiddenAddress`, `TimedOut`, `BadAnswer` or `Unavailable`.
        """
        try:
            response: aiohttp.ClientResponse | Exchanged
            if request.body is None and request.method in METHODS:
                response = await self._exchange(request, allow_private)
            elif request.body is None:
                response = await self._request(request, allow_private, None)
            else:
                # The library counts time only once the whole body is out: a provider that does not take it
                # would never be given up.
                seconds = REACH_SECONDS + request.idle_seconds + request.first_byte_seconds
                async with asyncio.timeout(seconds) as patience:
                    response = await self._request(request, allow_private, patience)
        except ProviderError:
            raise
        except (aiohttp.ClientError, OSError, UnicodeError, asyncio.IncompleteReadError) as error:
            raise _named(error) from error
        if not 200 <= response.status <= 599:
            response.close()
            raise BadAnswer("the provider's answer has a status that HTTP does not know")
        return UpstreamAnswer(response)

    async def _exchange(self, request: Request, allow_private: bool) -> Exchanged:
        """The short way, for most requests: what is known of an origin is read once, not for each call."""
        url = request.url
        end = url.find("/", 8)
        origin = url if end < 0 else url[:end]
        known = self._routes.get((origin, allow_private))
        if known is None:
            connector = self._session_for(destination_of(url), allow_private).connector
            assert connector is not None  # noqa: S101 - as long as the session is open
            known = self._routes[origin, allow_private] = connector, Route(origin)
        target = url[end:].partition("#")[0] if end >= 0 else "/"
        return await exchange(*known, request, target, _REACH)

    async def _request(
        self, request: Request, allow_private: bool, patience: asyncio.Timeout | None
    ) -> aiohttp.ClientResponse:
        session = self._session_for(destination_of(request.url), allow_private)
        body = request.body
        if patience is not None and body is not None and not isinstance(body, bytes):
            body = _given_time(body, patience, request.idle_seconds, request.first_byte_seconds)
        response = await session._request(
            request.method,
            URL(request.url, encoded=True),
            headers=request.headers,
            data=body,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                total=None,
                connect=REACH_SECONDS,
                sock_connect=CONNECT_SECONDS,
                sock_read=request.first_byte_seconds,
            ),
        )
        if request.idle_seconds != request.first_byte_seconds:
            _set_idle_time(response, request.idle_seconds)
        return response

    def pools(self) -> dict[str, PoolUse]:
        """How full each pool is. The library counts its connections, but tells nobody."""
        named = {"public": self._public, "private": self._private, "named": self._named}
        connectors = {name: session.connector for name, session in named.items()}
        return {
            name: PoolUse(len(pool._acquired), sum(map(len, pool._conns.values())), pool.limit)
            for name, pool in connectors.items()
            if pool is not None
        }

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._public, self._private, self._named):
            await session.close()

    def _session_for(self, destination: Destination, allow_private: bool) -> aiohttp.ClientSession:
        if not allow_private:
            if destination.scheme != "https":
                raise ForbiddenAddress("only https addresses are allowed")
            if destination.is_inside:
                raise ForbiddenAddress(INSIDE)
            return self._public
        if destination.host in self._allowed.names:
            return self._named
        return self._private


def _named(error: Exception) -> ProviderError:
    """What the library's error means to a caller."""
    for kinds, named, detail in _NAMES:
        if isinstance(error, kinds):
            return named(detail)
    return Unavailable("the connection to the provider broke off")


class _Protocol(ResponseHandler):
    """A connection that is not used again once something came on it unasked.

    The library would take that for the answer of the next call, which may be another account's.
    """

    def is_connected(self) -> bool:
        return super().is_connected() and not self._buffer


def _session(socket_factory: SocketFactory) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS_MAX,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        socket_factory=socket_factory,
        happy_eyeballs_delay=None,
        ttl_dns_cache=NAMES_KEPT_SECONDS,
    )
    connector._factory = cast("partial[ResponseHandler]", partial(_Protocol, loop=asyncio.get_running_loop()))
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=_LIBRARY_HEADERS,
        trust_env=False,
        max_line_size=HEADER_SIZE_MAX,
        max_field_size=HEADER_SIZE_MAX,
        max_headers=HEADERS_MAX,
    )
    # aiohttp repeats GET, PUT and DELETE by itself on a connection that died while idle: a PUT that had
    # landed would be sent twice. It offers no public switch; a test holds this one to its promise.
    session._retry_connection = False
    return session


async def _given_time(
    body: AsyncIterable[bytes], patience: asyncio.Timeout, idle_seconds: float, first_byte_seconds: float
) -> AsyncIterator[bytes]:
    """The body; each piece has its own time to come and to be taken."""
    now = asyncio.get_running_loop().time
    # A provider may answer before it has everything; then nobody is waiting for its answer any more.
    with suppress(RuntimeError):
        patience.reschedule(now() + idle_seconds)
    async for piece in body:
        with suppress(RuntimeError):
            patience.reschedule(now() + idle_seconds)
        yield piece
    with suppress(RuntimeError):
        patience.reschedule(now() + first_byte_seconds)


def _set_idle_time(response: aiohttp.ClientResponse, seconds: float) -> None:
    connection = response.connection
    if connection is not None and connection.protocol is not None:
        connection.protocol.read_timeout = seconds
        connection.protocol.start_timeout()
