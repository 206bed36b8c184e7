"""The site's rate limit: seconds of server work per window, for all its users together; off by default."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from providers.erpnext.sandbox.replies import too_many
from providers.kit.sandbox.hardships import Answer
from providers.kit.sandbox.rules import changed
from providers.kit.sandbox.windows import Seconds, Window, Windows

SITE = "site"
MICROSECONDS = 1_000_000


class Limits(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The site's `rate_limit`, which is off while it has no limit. `POST /__sandbox/limits` takes any of these."""

    limit_seconds: Annotated[float, msgspec.Meta(gt=0)] | None = None
    window_seconds: Seconds = 60.0
    call_seconds: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """What a call counts for; the time that it really took where nothing is set."""
    ahead_seconds: float = 0.0
    """How far the site's clock is ahead of this machine's."""


class RateLimit:
    """The ASGI app around the site: refuses before the work, and counts the work after it, as Frappe does.

    So calls at the same time may together go beyond the limit; the next one is refused.
    """

    def __init__(self, inner: ASGIApp, clock: Callable[[], datetime]) -> None:
        self._inner = inner
        self._limits = Limits()
        self._windows = Windows(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._limits.limit_seconds is None:
            await self._inner(scope, receive, send)
            return
        window, now_ms = self._current()
        if window.spent > self._limit_us():
            window.throttled += 1
            accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"").decode()
            await too_many(accepted, self._refusal(window, now_ms))(scope, receive, send)
            return
        told = self._headers(window, now_ms)

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        begun = time.perf_counter()
        await self._inner(scope, receive, send_told)
        took = time.perf_counter() - begun if self._limits.call_seconds is None else self._limits.call_seconds
        window.served += 1
        window.spent += round(took * MICROSECONDS)

    def limit(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Change the limits, and tell them with the tally of each window, in microseconds."""
        self._limits = changed(self._limits, given)
        windows = [window.told() for window in self._windows.kept()]
        return {**msgspec.structs.asdict(self._limits), "windows": windows}

    def throttled(self) -> Answer:
        """What is said now to whoever comes when the window's seconds are spent."""
        window, now_ms = self._current()
        reply = too_many("", self._refusal(window, now_ms))
        return Answer(status=reply.status_code, body=bytes(reply.body), headers=reply.headers)

    def _current(self) -> tuple[Window, int]:
        now_ms = self._windows.now_ms(self._limits.ahead_seconds)
        return self._windows.current(SITE, self._limits.window_seconds, now_ms), now_ms

    def _limit_us(self) -> int:
        return round((self._limits.limit_seconds or 0) * MICROSECONDS)

    def _headers(self, window: Window, now_ms: int) -> dict[str, str]:
        """What every answer carries. Measured: what remains is told in microseconds, but by the whole second."""
        left = max(self._limit_us() - window.spent, 0)
        return {
            "X-RateLimit-Limit": str(self._limit_us()),
            "X-RateLimit-Remaining": str(round(left / MICROSECONDS) * MICROSECONDS),
            "X-RateLimit-Reset": str(_whole_seconds(window.left_ms(now_ms))),
        }

    def _refusal(self, window: Window, now_ms: int) -> dict[str, str]:
        reset = str(_whole_seconds(window.left_ms(now_ms)))
        return {**self._headers(window, now_ms), "X-RateLimit-Remaining": "0", "Retry-After": reset}


def _whole_seconds(milliseconds: int) -> int:
    """Rounded up: after that many seconds the window is over for certain."""
    return -(-milliseconds // 1_000)
