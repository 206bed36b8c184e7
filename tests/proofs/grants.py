"""A Frappe site of many users, whose refresh tokens are each good for one use and whose access tokens are short."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

TOKEN_PATH = "/api/method/frappe.integrations.oauth2.get_token"
# Half of it passes before a call renews.
LASTS_SECONDS = 2


class Grants:
    """Knows how often each user's tokens were renewed; a refresh token that is used twice is refused."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.renewals = 0
        self.refused = 0

    def context(self, url: str, user: str) -> dict[str, Any]:
        """A new user's account."""
        self._numbers[user] = 1
        return {"site_url": url, "oauth": {**self._tokens(user), "client_id": "client", "client_secret": "secret"}}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = await self._answer(Request(scope, receive))
            await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.url.path == TOKEN_PATH:
            (token,) = parse_qs((await request.body()).decode())["refresh_token"]
            return self._renewed(token)
        _, user, number = request.headers["authorization"].removeprefix("Bearer ").split(".")
        # The one before it may still be on its way.
        if int(number) < self._numbers[user] - 1:
            return JSONResponse({"exc_type": "AuthenticationError"}, 401)
        return JSONResponse({"data": []})

    def _renewed(self, token: str) -> Response:
        kind, user, number = token.split(".")
        if kind != "refresh" or int(number) != self._numbers[user]:
            self.refused += 1
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.renewals += 1
        self._numbers[user] += 1
        return JSONResponse(self._tokens(user))

    def _tokens(self, user: str) -> dict[str, Any]:
        number = self._numbers[user]
        return {
            "access_token": f"access.{user}.{number}",
            "refresh_token": f"refresh.{user}.{number}",
            "expires_in": LASTS_SECONDS,
        }
