"""`/console/calls`: the log, what is new in it, and one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api.console.visit import Visit
from app.api.control.access import Paging
from app.calls.store import CallsWanted, place_at, position_of
from app.connections.list_store import AccountList
from app.console.calls import (
    CallRow,
    Calls,
    Filters,
    call_row,
    call_screen,
    code_choices,
    filters_of,
    status_choices,
)
from app.console.rendering import headers, render_rows
from app.cursors import Cursors
from app.errors import NotFound
from app.parts import Parts

PAGE_SIZE = 50
_ID_MAX = 2**63 - 1


class CallPages:
    """Shows the call log."""

    def __init__(self, parts: Parts, cursors: Cursors) -> None:
        self._parts = parts
        self._cursors = cursors
        self._log = parts.calls
        self._accounts = AccountList(parts.database)

    async def all(self, visit: Visit, request: Request) -> Response:
        """`GET /console/calls`."""
        filters = filters_of(request.query_params)
        environment_id = visit.session.environment_id
        paging = Paging(self._parts, self._cursors, "console", "calls", environment_id, filters.query)
        cursor = request.query_params.get("cursor")
        position = paging.position(cursor)
        rows: Sequence[Any] = ()
        if not filters.wrong:
            wanted = await self._wanted(environment_id, filters)
            before = place_at(position) if position else None
            rows = await self._log.page(environment_id, wanted, before, PAGE_SIZE + 1)
        shown = rows[:PAGE_SIZE]
        more = f"{filters.query}&" if filters.query else ""
        next_cursor = paging.cursor(position_of(shown[-1])) if len(rows) > PAGE_SIZE else None
        screen = Calls(
            filters=filters,
            rows=await self.rows(environment_id, shown),
            statuses=status_choices(),
            codes=code_choices(),
            next_url=f"?{more}cursor={next_cursor}" if next_cursor else None,
            is_first=cursor is None,
            tail_url=f"/console/calls/new?{more}" if cursor is None and filters.is_open_ended else None,
            after=_newest(shown, 0),
        )
        return visit.screen(screen, "calls", 400 if filters.wrong else 200)

    async def tail(self, visit: Visit, request: Request) -> Response:
        """`GET /console/calls/new?after=`: rows for the table, newest first.

        Where more come than a page holds, only the newest are told: whoever looks on could read no more.
        """
        filters = filters_of(request.query_params)
        after = _id(request.query_params.get("after", ""))
        if filters.wrong or after is None:
            return Response(status_code=400)
        environment_id = visit.session.environment_id
        wanted = await self._wanted(environment_id, filters)
        rows = (await self._log.tail(environment_id, wanted, after, PAGE_SIZE + 1))[::-1]
        has_more = len(rows) > PAGE_SIZE
        if has_more:
            rows = await self._log.page(environment_id, wanted, None, PAGE_SIZE)
        body = render_rows("call-rows.html", rows=await self.rows(environment_id, rows))
        told = {"x-after": str(_newest(rows, after)), "x-more": str(int(has_more))}
        return Response(body, headers={**headers(), **told})

    async def one(self, visit: Visit, request: Request) -> Response:
        """`GET /console/calls/{request_id}`."""
        environment_id, request_id = visit.session.environment_id, request.path_params["request_id"]
        rows = await self.latest(environment_id, CallsWanted(request_id=request_id), 1)
        if not rows:
            raise NotFound("there is no such call")
        return visit.screen(call_screen(rows[0]), "calls")

    async def latest(self, environment_id: str, wanted: CallsWanted, limit: int) -> list[CallRow]:
        """The newest calls that fit, with their tenants."""
        return await self.rows(environment_id, await self._log.page(environment_id, wanted, None, limit))

    async def rows(self, environment_id: str, found: Sequence[Any]) -> list[CallRow]:
        """Rows of the log with their tenants."""
        accounts = {row.account_id for row in found if row.account_id is not None}
        tenants: Mapping[str, str] = await self._accounts.tenants(environment_id, accounts) if accounts else {}
        return [call_row(row, tenants) for row in found]

    async def _wanted(self, environment_id: str, filters: Filters) -> CallsWanted:
        name = filters.values["account"]
        accounts = None
        if name:
            # The calls of an account that was deleted are still found by its id.
            accounts = await self._accounts.named(environment_id, name) or (name,)
        return filters.wanted(accounts, self._parts.clock.now())


def _newest(rows: Sequence[Any], before: int) -> int:
    """The id up to which a page knows the log: what is written later has a greater one."""
    return max((row.id for row in rows), default=before)


def _id(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= 19
    return int(text) if is_number and int(text) <= _ID_MAX else None
