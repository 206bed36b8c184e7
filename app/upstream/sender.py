"""Sends requests over pooled connections: URL and headers exact, no cookies, redirects or re-sends."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from app.upstream.answer import UpstreamAnswer
from app.upstream.guard import AllowedHosts, SocketFactory, guarded_socket, open_socket
from providers.kit.errors import ForbiddenAddress, ProviderError, TimedOut, Unavailable
from providers.kit.upstream import Request

CONNECT_SECONDS = 10.0
CONNECTIONS_MAX = 2_000
KEEP_ALIVE_SECONDS = 30.0
_LIBRARY_HEADERS = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, request: Request, *, allow_private: bool) -> UpstreamAnswer:
        """Send once. Raises `Unavailable`, `TimedOut` or `ForbiddenAddress`; any HTTP status is an answer."""
        url = URL(request.url, encoded=True)
        session = self._session_for(url, allow_private)
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=request.first_byte_seconds
        )
        try:
            response = await session._request(
                request.method,
                url,
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                timeout=timeout,
            )
        except ProviderError:
            raise
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise TimedOut("the provider did not answer in time") from error
        except aiohttp.InvalidURL as error:
            raise Unavailable("the provider's address cannot be used") from error
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
            raise Unavailable("the provider could not be reached") from error
        _set_idle_time(response, request.idle_seconds)
        return UpstreamAnswer(response)

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._public, self._private, self._named):
            await session.close()

    def _session_for(self, url: URL, allow_private: bool) -> aiohttp.ClientSession:
        if not allow_private:
            if url.scheme != "https":
                raise ForbiddenAddress("only https addresses are allowed")
            return self._public
        if (url.host or "").lower() in self._allowed.names:
            return self._named
        return self._private


def _session(socket_factory: SocketFactory) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS_MAX,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        socket_factory=socket_factory,
        happy_eyeballs_delay=None,
        ttl_dns_cache=30,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=_LIBRARY_HEADERS,
        trust_env=False,
    )
    # aiohttp repeats GET, PUT and DELETE by itself on a connection that died while idle: a PUT that had
    # landed would be sent twice. It offers no public switch; a test holds this one to its promise.
    session._retry_connection = False
    return session


def _set_idle_time(response: aiohttp.ClientResponse, seconds: float) -> None:
    connection = response.connection
    if connection is not None and connection.protocol is not None:
        connection.protocol.read_timeout = seconds
