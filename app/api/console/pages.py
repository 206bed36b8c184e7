"""The console's routes: who may see a page, and what is shown where there is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.api.console.accounts import AccountPages
from app.api.console.calls import CallPages
from app.api.console.signing_in import FROM_ELSEWHERE, Door
from app.api.console.visit import Visit, bare, is_navigation
from app.console.matrix import capability, matrix
from app.console.screens import Notice
from app.cursors import Cursors
from app.errors import InvalidCursor, NotFound, Problem
from app.logs import get_logger
from app.pages.files import file_route
from app.pages.forms import is_from_our_own_page, posted
from app.parts import Parts

log = get_logger()

FILES = ("console.css", "console.js", "mark.svg")

Page = Callable[[Visit, Request], Awaitable[Response]]

_NOT_FOUND = "There is nothing at this address, or it belongs to another environment."


class ConsolePages:
    """Answers the owner's browser."""

    def __init__(self, parts: Parts, cursors: Cursors) -> None:
        self._door = Door(parts.console, is_secure=parts.settings.public_url.startswith("https://"))
        self._calls = CallPages(parts, cursors)
        self._accounts = AccountPages(parts, cursors, self._calls)

    def app(self) -> Starlette:
        """The routes."""
        door, calls, accounts = self._door, self._calls, self._accounts
        shown: list[tuple[str, Page]] = [
            ("/console", accounts.overview),
            ("/console/calls", calls.all),
            ("/console/calls/{request_id}", calls.one),
            ("/console/accounts", accounts.all),
            ("/console/accounts/{id}", accounts.one),
            ("/console/capabilities", _matrix),
            ("/console/capabilities/{slug}/{resource}", _capability),
        ]
        done: list[tuple[str, Page]] = [
            ("/console/sign-out", self._sign_out),
            ("/console/accounts/{id}/validate", accounts.validate),
            ("/console/accounts/{id}/reconnect-link", accounts.reconnect),
        ]
        routes = [
            *(file_route(f"/console/static/{name}", "app.console") for name in FILES),
            Route("/console/sign-in", door.ask, methods=["GET"]),
            Route("/console/sign-in", door.take_token, methods=["POST"]),
            Route("/console/link/{token}", door.show_link, methods=["GET"]),
            Route("/console/link/{token}", door.use_link, methods=["POST"]),
            Route("/console/calls/new", self._tail, methods=["GET"]),
            *(Route(path, self._seen(page), methods=["GET"]) for path, page in shown),
            *(Route(path, self._acted(page), methods=["POST"]) for path, page in done),
        ]
        handlers = {HTTPException: self._refused, Exception: self._failed}
        return Starlette(routes=routes, exception_handlers=handlers)

    def _seen(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """A page, for somebody who is signed in and goes there."""

        async def answer(request: Request) -> Response:
            if not is_navigation(request):
                return bare(FROM_ELSEWHERE, 403)
            session = await self._door.session_of(request)
            if session is None:
                return self._door.turn_away(request)
            return await _told(page, Visit(session=session), request)

        return answer

    def _acted(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """Something that is done, for whoever sends a form of their own session."""

        async def answer(request: Request) -> Response:
            session = await self._door.session_of(request)
            if session is None:
                return self._door.turn_away(request)
            form = await posted(request)
            if form is None or not is_from_our_own_page(request) or not session.has_sent(form.get("csrf", "")):
                return bare(FROM_ELSEWHERE, 403)
            return await _told(page, Visit(session=session, form=form), request)

        return answer

    async def _tail(self, request: Request) -> Response:
        """What a page of the session fetches; nobody else has the header's content."""
        session = await self._door.session_of(request)
        if session is None:
            return Response(status_code=401)
        if not session.has_sent(request.headers.get("x-csrf-token", "")):
            return Response(status_code=403)
        return await self._calls.tail(Visit(session=session), request)

    async def _sign_out(self, _: Visit, request: Request) -> Response:
        return await self._door.let_out(request)

    async def _refused(self, request: Request, error: Exception) -> Response:
        """No such address, or no such thing to do there."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        session = await self._door.session_of(request)
        screen = Notice(title="Not found", text=_NOT_FOUND)
        return Visit(session=session).screen(screen, status=status) if session is not None else bare(screen, status)

    async def _failed(self, request: Request, error: Exception) -> Response:
        log.exception("console page failed", kind=type(error).__name__)
        screen = Notice(
            title="Something went wrong on our side",
            text="The page could not be made. The request id finds the reason in the log.",
            request_id=request.scope.get("request_id"),
        )
        return bare(screen, 500)


async def _told(page: Page, visit: Visit, request: Request) -> Response:
    """The page; what cannot be had says so in the console's own look."""
    try:
        return await page(visit, request)
    except NotFound:
        return visit.screen(Notice(title="Not found", text=_NOT_FOUND), status=404)
    except InvalidCursor:
        return visit.screen(
            Notice(
                title="This page of the list is gone",
                text="The address was changed, or is too old. Start at the beginning of the list.",
                button=("Start again", request.url.path),
            ),
            status=400,
        )
    except Problem as error:
        return visit.screen(Notice(title=error.title, text=f"{error.detail}."), status=error.status)


async def _matrix(visit: Visit, _: Request) -> Response:
    return visit.screen(matrix(), "capabilities")


async def _capability(visit: Visit, request: Request) -> Response:
    found = capability(request.path_params["slug"], request.path_params["resource"])
    if found is None:
        raise NotFound("there is no such capability")
    return visit.screen(found, "capabilities")
