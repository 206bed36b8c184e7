"""`/batch-request`: many unified and proxied calls in one."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request, Response

from app.api.call import header
from app.api.control.access import AnyCaller
from app.batches.calls import BatchAnswer, read_batch
from app.batches.runner import Runner
from app.openapi import problem_responses

batches = APIRouter(tags=["batch"])

_encode = msgspec.json.Encoder().encode

_SCHEMAS = "#/components/schemas/"
_BODY = {"content": {"application/json": {"schema": {"$ref": f"{_SCHEMAS}BatchRequest"}}}, "required": True}
_RESULT = {
    "type": "object",
    "properties": {
        "result": {"type": "array", "items": {"$ref": f"{_SCHEMAS}{BatchAnswer.__name__}"}},
        "warnings": {"type": "array", "items": {}},
    },
    "required": ["result", "warnings"],
}


@batches.post(
    "/batch-request",
    response_class=Response,
    responses={
        200: {"description": "Each call's answer.", "content": {"application/json": {"schema": _RESULT}}},
        **problem_responses(400, 401, 413, 415, 422),
    },
    openapi_extra={"requestBody": _BODY},
)
async def run_batch(caller: AnyCaller, request: Request) -> Response:
    """Run up to 50 unified and proxied calls, those without a dependency side by side.

    Each is judged, paced and logged as if it had come alone; one that fails does not stop the others, but for
    those that depend on it (424 `dependency_failed`). The batch itself is 200 whatever its calls were answered.
    """
    del caller  # Every call is checked by itself; here it only matters that the token is good.
    batch = read_batch(await request.body())
    authorization = header(request.scope, b"authorization") or b""
    runner = Runner(request.app.state.door, authorization, request.scope.get("request_id", ""))
    return Response(_encode({"result": await runner.run(batch), "warnings": []}), media_type="application/json")
