"""Signing in and out of the console: one-time links, API tokens, and the cookie."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from app.api.console.visit import bare, go
from app.console.screens import HOME, Notice, OpenLink, SignIn, bad_link, way_on
from app.console.sessions import SESSION_LIFETIME, BadLink, Session, Sessions
from app.errors import Forbidden, Unauthenticated
from app.pages.forms import is_from_our_own_page, posted

_BAD_LINK_STATUS = {"unknown": 404, "expired": 410, "used": 410}

FROM_ELSEWHERE = Notice(
    title="This was not sent from the console",
    text="The form came from another page, or from a session that has ended. Nothing was done.",
)


class Door:
    """Lets people in and out."""

    def __init__(self, sessions: Sessions, *, is_secure: bool) -> None:
        self._sessions = sessions
        self._is_secure = is_secure
        # With the prefix a browser takes the cookie from this very host alone, not from a neighbour of it.
        self._cookie = "__Host-ledgerway" if is_secure else "ledgerway"

    async def session_of(self, request: Request) -> Session | None:
        """Whose browser it is."""
        return await self._sessions.find(request.cookies.get(self._cookie, ""))

    async def ask(self, request: Request) -> Response:
        """`GET /console/sign-in`."""
        next_url = way_on(request.query_params.get("next"))
        if await self.session_of(request) is not None:
            return go(next_url)
        return bare(SignIn(next_url=next_url))

    async def take_token(self, request: Request) -> Response:
        """`POST /console/sign-in`."""
        form = await posted(request)
        if form is None or not is_from_our_own_page(request):
            return bare(FROM_ELSEWHERE, 403)
        next_url = way_on(form.get("next"))
        try:
            secret = await self._sessions.open_by_token(form.get("token", "").strip())
        except Unauthenticated:
            wrong = "This is not an API token of an environment here: it may have been revoked, or have expired."
            return bare(SignIn(next_url=next_url, error=wrong), 401)
        except Forbidden:
            wrong = "This token lacks the scope admin, which the console needs."
            return bare(SignIn(next_url=next_url, error=wrong), 403)
        return await self._let_in(request, secret, next_url)

    async def show_link(self, request: Request) -> Response:
        """`GET /console/link/{token}`, which leaves the link as it is."""
        token = request.path_params["token"]
        try:
            found = await self._sessions.link(token)
        except BadLink as bad:
            return bare(bad_link(bad.kind), _BAD_LINK_STATUS[bad.kind])
        action = f"{HOME}/link/{quote(token, safe='')}"
        return bare(OpenLink(environment_name=found.environment_name, action=action))

    async def use_link(self, request: Request) -> Response:
        """`POST /console/link/{token}`, which uses it up."""
        if not is_from_our_own_page(request):
            return bare(FROM_ELSEWHERE, 403)
        try:
            secret = await self._sessions.open_by_link(request.path_params["token"])
        except BadLink as bad:
            return bare(bad_link(bad.kind), _BAD_LINK_STATUS[bad.kind])
        return await self._let_in(request, secret, HOME)

    async def let_out(self, request: Request) -> Response:
        """End the session and its cookie."""
        await self._sessions.end(request.cookies.get(self._cookie, ""))
        answer = go(f"{HOME}/sign-in")
        answer.delete_cookie(self._cookie, path="/", secure=self._is_secure, httponly=True, samesite="lax")
        return answer

    def turn_away(self, request: Request) -> Response:
        """To the sign-in, and from there to the page that was asked for."""
        path, query = request.scope["raw_path"].decode("latin-1"), request.url.query
        wanted = f"{path}?{query}" if query else path
        on = way_on(wanted) if request.method == "GET" else HOME
        return go(f"{HOME}/sign-in" + (f"?next={quote(on, safe='')}" if on != HOME else ""))

    async def _let_in(self, request: Request, secret: str, next_url: str) -> Response:
        # The session that this browser had, or was given by somebody, goes.
        await self._sessions.end(request.cookies.get(self._cookie, ""))
        answer = go(next_url)
        answer.set_cookie(
            self._cookie,
            secret,
            max_age=int(SESSION_LIFETIME.total_seconds()),
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )
        return answer
