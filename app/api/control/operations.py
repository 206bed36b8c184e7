"""`/log`: calls through the gateway; `/healthz`, `/readyz`, `/metrics`: how the service is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.api.control.access import Cursor, CursorsOf, Limit, LogReader, Paging, PartsOf
from app.api.control.bodies import LogEntryBody, Many, Moment, One, StateBody
from app.openapi import problem_responses

log = APIRouter(tags=["log"])
operations = APIRouter(tags=["operations"])

_Word = Annotated[str | None, Query(max_length=60, pattern=r"^[^\x00]*$")]


@log.get("/log", responses=problem_responses(400, 401, 403))
async def list_calls(
    caller: LogReader,
    parts: PartsOf,
    cursors: CursorsOf,
    account_id: _Word = None,
    status: Annotated[int | None, Query(ge=100, le=599)] = None,
    code: _Word = None,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Limit = 50,
    next_cursor: Cursor = None,
) -> Many[LogEntryBody]:
    """The environment's calls, newest first, at most a second late. Scope `read` or `admin`."""
    asked: dict[str, Any] = {"account_id": account_id, "status": status, "code": code}
    conditions = {name: value for name, value in asked.items() if value is not None}
    paging = Paging(parts, cursors, "log", caller.environment_id, repr((conditions, since, until)))
    position = paging.position(next_cursor)
    rows = await parts.calls.page(
        caller.environment_id, conditions, since, until, int(position) if position else None, limit + 1
    )
    return paging.answer(rows, limit, _entry)


def _entry(row: Any) -> LogEntryBody:
    return LogEntryBody.model_validate({**row._mapping, "id": str(row.id)})


@operations.get("/healthz")
async def healthz() -> One[StateBody]:
    """The process is up."""
    return One(result=StateBody(status="ok"))


@operations.get("/readyz", responses={**problem_responses(500), 503: {"model": One[StateBody]}})
async def readyz(parts: PartsOf, response: Response) -> One[StateBody]:
    """The process can answer: its database does. 503 once it is about to stop: send calls elsewhere."""
    if parts.is_leaving:
        response.status_code = 503
        return One(result=StateBody(status="stopping"))
    await parts.token_store.change_number()
    return One(result=StateBody(status="ready"))


@operations.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics() -> Response:
    """What the process counts, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
