"""An ERPNext site led by hand: its OAuth tokens rotate, and it can be told to refuse, fail, wait or break off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from providers.kit.clock import Clock, SystemClock

TOKEN_PATH = "/api/method/frappe.integrations.oauth2.get_token"
LASTS_SECONDS = 3_600

Point = Literal["asked", "rotated", "used"]
"""Where the site can be stopped: asked for tokens, these made but not told, and a good call received."""


class Torn(Response):
    """An answer that breaks off in the middle of its body."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"500")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"access_to', "more_body": True})


@dataclass(slots=True)
class Site:
    """Knows one access token and one refresh token at a time; a refresh replaces both."""

    clock: Clock = field(default_factory=SystemClock)
    access_number: int = 1
    refresh_number: int = 1
    grace_seconds: float = 0.0
    """How long a replaced refresh token is still taken; at 0 it is dead at once."""
    unused_days_max: float | None = None
    """After how long a refresh token dies that nobody uses."""
    lasts_seconds: float = LASTS_SECONDS
    """What the token endpoint says of a new access token's life; it lives until `expire` all the same."""
    refuses_grant: bool = False
    refusal: Response | None = None
    """In which words a grant is refused, where it is not OAuth's `invalid_grant`."""
    trouble: Response | None = None
    """What the token endpoint answers instead, while it is set."""
    lost_answer: Response | None = None
    """What comes instead of the next new tokens, once they were made."""
    message: str | None = None
    """With which words everything but the token endpoint refuses, while it is set."""
    hold: asyncio.Event | None = None
    """What the token endpoint waits for before it answers."""
    wait_seconds: float = 0.0
    """How long the token endpoint takes."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the token endpoint was asked."""
    during: Callable[[], Awaitable[Any]] | None = None
    """What happens elsewhere while a call is being answered."""
    at_point: Callable[[Point], Awaitable[Any]] | None = None
    """What happens whenever the site comes to such a point."""
    token_calls: int = 0
    refreshes: int = 0
    """How many of them gave new tokens."""
    seen: list[str] = field(default_factory=list)
    """The Authorization header of every other call."""
    _replaced: dict[str, float] = field(default_factory=dict)
    _given_at: datetime | None = None

    def __post_init__(self) -> None:
        self._given_at = self.clock.now()

    @property
    def access_token(self) -> str:
        """The one that is good now."""
        return f"access-{self.access_number}"

    @property
    def refresh_token(self) -> str:
        """The newest."""
        return f"refresh-{self.refresh_number}"

    def context(self, url: str, *, access_token: str | None = None, **oauth: Any) -> dict[str, Any]:
        """An account's context with the tokens of now."""
        tokens = {"access_token": access_token or self.access_token, "refresh_token": self.refresh_token}
        return {"site_url": url, "oauth": {**tokens, "client_id": "client", "client_secret": "secret", **oauth}}

    def expire(self) -> None:
        """Make the access token old; the refresh token lives on."""
        self.access_number += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = await self._answer(Request(scope, receive))
            await answer(scope, receive, send)
        else:
            await _lifespan(receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.url.path == TOKEN_PATH:
            return await self._tokens(request)
        given = request.headers.get("authorization", "")
        self.seen.append(given)
        if self.during is not None:
            during, self.during = self.during, None
            await during()
        if self.message is not None:
            return JSONResponse({"exc_type": "ValidationError", "exception": f"x: {self.message}"}, 417)
        if given != f"Bearer {self.access_token}":
            return JSONResponse({"exc_type": "AuthenticationError"}, 401)
        await self._stop_at("used")
        if request.url.path.endswith("get_time_zone"):
            return JSONResponse({"message": {"time_zone": "Europe/Paris"}})
        if request.url.path.endswith("get_logged_user"):
            return JSONResponse({"message": "someone"})
        return JSONResponse({"data": []})

    async def _tokens(self, request: Request) -> Response:
        self.token_calls += 1
        form = parse_qs((await request.body()).decode())
        self.asked.set()
        await self._stop_at("asked")
        if self.hold is not None:
            await self.hold.wait()
        if self.wait_seconds:
            await self.clock.sleep(self.wait_seconds)
        if self.trouble is not None:
            return self.trouble
        if self.refuses_grant or not self._is_good(form["refresh_token"][0]):
            return self.refusal or JSONResponse({"error": "invalid_grant"}, 400)
        answer = self._rotated()
        await self._stop_at("rotated")
        lost, self.lost_answer = self.lost_answer, None
        return lost or answer

    def _is_good(self, refresh_token: str) -> bool:
        given_at, days = self._given_at, self.unused_days_max
        if given_at is not None and days is not None and self.clock.now() > given_at + timedelta(days=days):
            return False
        if refresh_token == self.refresh_token:
            return True
        replaced_at = self._replaced.get(refresh_token)
        return replaced_at is not None and self.clock.monotonic() < replaced_at + self.grace_seconds

    def _rotated(self) -> Response:
        self._replaced.setdefault(self.refresh_token, self.clock.monotonic())
        self._given_at = self.clock.now()
        self.refreshes += 1
        self.access_number += 1
        self.refresh_number += 1
        return JSONResponse(
            {
                "access_token": self.access_token,
                "refresh_token": self.refresh_token,
                "expires_in": self.lasts_seconds,
            }
        )

    async def _stop_at(self, point: Point) -> None:
        if self.at_point is not None:
            await self.at_point(point)


async def _lifespan(receive: Receive, send: Send) -> None:
    for answer in ("lifespan.startup.complete", "lifespan.shutdown.complete"):
        await receive()
        await send({"type": answer})
