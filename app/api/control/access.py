"""Who may use a control route, and how its lists are paged: FastAPI dependencies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.control.bodies import Many
from app.cursors import Cursors
from app.errors import Forbidden, NotFound, Unauthenticated
from app.parts import Parts
from app.tokens.tokens import Caller
from providers.kit.provider import Provider
from providers.kit.registry import all_providers

_bearer = HTTPBearer(scheme_name="token", description="An API token.", auto_error=False)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]

T = TypeVar("T")


def parts_of(request: Request) -> Parts:
    """The running gateway's parts."""
    return cast(Parts, request.app.state.parts)


def cursors_of(request: Request) -> Cursors:
    """The running gateway's cursors."""
    return cast(Cursors, request.app.state.cursors)


PartsOf = Annotated[Parts, Depends(parts_of)]
CursorsOf = Annotated[Cursors, Depends(cursors_of)]


def provider_named(slug: str) -> Provider:
    """The provider of that slug; `NotFound` where there is none."""
    provider = all_providers().get(slug)
    if provider is None:
        raise NotFound("there is no such integration")
    return provider


def known_id(account_id: str) -> str:
    """The id, unless no account can have it."""
    if "\0" in account_id:
        raise NotFound("there is no such account")
    return account_id


def caller_with(*any_of: str) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, who must hold one of the scopes (any token where none is named)."""

    async def check(request: Request, parts: PartsOf, bearer: Bearer) -> Caller:
        caller = await parts.tokens.check(_token(bearer))
        request.scope["environment_id"] = caller.environment_id
        if any_of and not caller.scopes & set(any_of):
            raise Forbidden(f"the API token needs the scope {' or '.join(any_of)}")
        return caller

    return check


async def instance_admin(parts: PartsOf, bearer: Bearer) -> None:
    """A dependency: the instance's admin token."""
    await parts.tokens.check_instance(_token(bearer))


def _token(bearer: HTTPAuthorizationCredentials | None) -> str:
    if bearer is None:
        raise Unauthenticated("send an API token: Authorization: Bearer …")
    return bearer.credentials


AnyCaller = Annotated[Caller, Depends(caller_with())]
Admin = Annotated[Caller, Depends(caller_with("admin"))]
AccountReader = Annotated[Caller, Depends(caller_with("read", "connect", "admin"))]
AccountWriter = Annotated[Caller, Depends(caller_with("connect", "admin"))]
LogReader = Annotated[Caller, Depends(caller_with("read", "admin"))]

Limit = Annotated[int, Query(ge=1, le=500, description="Entries a page.")]
Cursor = Annotated[str | None, Query(max_length=4_096, description="Where the last page ended.")]


class Paging:
    """One list's cursor: opens what the caller gave, seals what comes next."""

    def __init__(self, parts: Parts, cursors: Cursors, *scope: str) -> None:
        self._cursors = cursors
        self._scope = ("control", *scope)
        self._now = parts.clock.now()

    def position(self, cursor: str | None) -> str | None:
        """Where the page starts."""
        return self._cursors.open(cursor, self._scope, self._now) if cursor else None

    def cursor(self, position: str) -> str:
        """The cursor that starts a page there."""
        return self._cursors.seal(position, self._scope, self._now)

    def answer(
        self,
        rows: Sequence[Any],
        limit: int,
        to_body: Callable[[Any], T],
        position_of: Callable[[Any], str] = lambda row: str(row.id),
    ) -> Many[T]:
        """The page's envelope. `rows` holds one more than `limit` where there is a next page."""
        shown = rows[:limit]
        more = len(rows) > limit
        return Many(
            result=[to_body(row) for row in shown],
            next_cursor=self.cursor(position_of(shown[-1])) if more else None,
            result_count=len(shown),
        )
