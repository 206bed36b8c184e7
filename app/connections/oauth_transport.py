"""The guarded connections as an httpx2 transport, for Authlib's clients."""

from __future__ import annotations

import httpx2

from app.upstream.sender import Upstream
from providers.kit.upstream import Request

ANSWER_SIZE_MAX = 64 * 1024
FIRST_BYTE_SECONDS = 30.0
_KEPT = frozenset({"accept", "content-type"})


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends through `Upstream`: the same guard against inside addresses, no cookies, no redirects, once."""

    def __init__(self, upstream: Upstream, *, allow_private: bool) -> None:
        self._upstream = upstream
        self._allow_private = allow_private

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises what `Upstream.send` raises."""
        sent = Request(
            method=request.method,
            url=str(request.url),
            headers=tuple((name, value) for name, value in request.headers.items() if name in _KEPT),
            body=await request.aread(),
            first_byte_seconds=FIRST_BYTE_SECONDS,
            wants_signing=False,
        )
        answer = await self._upstream.send(sent, allow_private=self._allow_private)
        try:
            content = await answer.read(ANSWER_SIZE_MAX)
        finally:
            await answer.close()
        return httpx2.Response(answer.status, content=content, request=request)
