"""`/log`: calls through the gateway; `/healthz`, `/readyz`, `/metrics`: how the service is."""

from __future__ import annotations

from hmac import compare_digest
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.api.call import bearer
from app.api.control.access import Cursor, CursorsOf, Limit, LogReader, Paging, PartsOf
from app.api.control.bodies import LogEntryBody, Many, Moment, One, StateBody
from app.calls.store import CallsWanted, place_at, position_of
from app.errors import InvalidRequest, Stopping, Unauthenticated
from app.openapi import problem_responses
from app.vitals import exposition

log = APIRouter(tags=["log"])
operations = APIRouter(tags=["operations"])

_Word = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
_Statuses = Annotated[
    str | None, Query(pattern=r"^[1-5]([0-9]{2}|xx)$", description="A status, or all of a kind: `4xx`.")
]
_Id = Annotated[int | None, Query(ge=0, lt=2**63, description="Calls written after this one, oldest first.")]


@log.get("/log", responses=problem_responses(400, 401, 403))
async def list_calls(
    caller: LogReader,
    parts: PartsOf,
    cursors: CursorsOf,
    account_id: _Word = None,
    status: _Statuses = None,
    code: _Word = None,
    integration: _Word = None,
    method: _Word = None,
    path: _Word = None,
    request_id: _Word = None,
    since: Moment | None = None,
    until: Moment | None = None,
    after: _Id = None,
    limit: Limit = 50,
    next_cursor: Cursor = None,
) -> Many[LogEntryBody]:
    """The environment's calls, newest first, at most a second late. Scope `read` or `admin`.

    `path` is a template as entries show it. `after` follows the log: ask again with the last entry's id.
    """
    wanted = CallsWanted(
        account_id=account_id,
        integration=integration,
        method=method,
        path=path,
        code=code,
        request_id=request_id,
        statuses=_statuses(status),
        since=since,
        until=until,
    )
    paging = Paging(parts, cursors, "log", caller.environment_id, repr(wanted))
    if after is not None:
        if next_cursor is not None:
            raise InvalidRequest("name a cursor or an id to follow the log from, not both")
        return paging.answer(await parts.calls.tail(caller.environment_id, wanted, after, limit), limit, _entry)
    position = paging.position(next_cursor)
    before = place_at(position) if position is not None else None
    rows = await parts.calls.page(caller.environment_id, wanted, before, limit + 1)
    return paging.answer(rows, limit, _entry, position_of=position_of)


def _statuses(asked: str | None) -> tuple[int, int] | None:
    if asked is None:
        return None
    return int(asked.replace("xx", "00")), int(asked.replace("xx", "99"))


def _entry(row: Any) -> LogEntryBody:
    return LogEntryBody.model_validate({**row._mapping, "id": str(row.id)})


@operations.get("/healthz")
async def healthz() -> One[StateBody]:
    """The process is up."""
    return One(result=StateBody(status="ok"))


@operations.get("/readyz", responses=problem_responses(500, 503))
async def readyz(parts: PartsOf) -> One[StateBody]:
    """The process can answer: its database does. 503 once it is about to stop: send calls elsewhere."""
    if parts.is_leaving:
        raise Stopping("calls in hand are finished; send others elsewhere")
    await parts.token_store.change_number()
    return One(result=StateBody(status="ready"))


@operations.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problem_responses(401)},
)
async def metrics(request: Request, parts: PartsOf) -> Response:
    """What the processes of this socket count, for Prometheus. Open, unless the owner has set a token."""
    token = parts.settings.metrics_token
    if token is not None and not compare_digest(bearer(request.scope).encode(), token.get_secret_value().encode()):
        raise Unauthenticated("the token is not the one that metrics are read with")
    await parts.vitals.read()
    return Response(exposition(), media_type=CONTENT_TYPE_LATEST)
