"""An ERPNext site led by hand: its OAuth tokens rotate, and it can be told to refuse, fail or wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

TOKEN_PATH = "/api/method/frappe.integrations.oauth2.get_token"
LASTS_SECONDS = 3_600


@dataclass(slots=True)
class Site:
    """Knows one access token and one refresh token at a time; a used refresh token is dead."""

    access_number: int = 1
    refresh_number: int = 1
    refuses_grant: bool = False
    trouble: Response | None = None
    """What the token endpoint answers instead, while it is set."""
    message: str | None = None
    """With which words everything but the token endpoint refuses, while it is set."""
    hold: asyncio.Event | None = None
    """What the token endpoint waits for before it answers."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the token endpoint was asked."""
    during: Callable[[], Awaitable[Any]] | None = None
    """What happens elsewhere while a call is being answered."""
    token_calls: int = 0
    seen: list[str] = field(default_factory=list)
    """The Authorization header of every other call."""

    @property
    def access_token(self) -> str:
        """The one that is good now."""
        return f"access-{self.access_number}"

    @property
    def refresh_token(self) -> str:
        """The one that is good now."""
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
        if request.url.path.endswith("get_time_zone"):
            return JSONResponse({"message": {"time_zone": "Europe/Paris"}})
        if request.url.path.endswith("get_logged_user"):
            return JSONResponse({"message": "someone"})
        return JSONResponse({"data": []})

    async def _tokens(self, request: Request) -> Response:
        self.token_calls += 1
        self.asked.set()
        form = parse_qs((await request.body()).decode())
        if self.hold is not None:
            await self.hold.wait()
        if self.trouble is not None:
            return self.trouble
        if self.refuses_grant or form["refresh_token"] != [self.refresh_token]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.access_number += 1
        self.refresh_number += 1
        return JSONResponse(
            {"access_token": self.access_token, "refresh_token": self.refresh_token, "expires_in": LASTS_SECONDS}
        )


async def _lifespan(receive: Receive, send: Send) -> None:
    for answer in ("lifespan.startup.complete", "lifespan.shutdown.complete"):
        await receive()
        await send({"type": answer})
