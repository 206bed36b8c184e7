"""`/environment`: workspaces, opened by the instance's admin token; `/api-token`: their tokens."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Response

from app.api.control.access import Admin, Cursor, CursorsOf, Limit, Paging, PartsOf, instance_admin
from app.api.control.bodies import (
    EnvironmentBody,
    EnvironmentChange,
    IdBody,
    Many,
    NewEnvironment,
    NewToken,
    NewTokenBody,
    One,
    TokenBody,
)
from app.environments.service import create_environment as make_environment
from app.errors import NotFound
from app.openapi import problem_responses

environments = APIRouter(prefix="/environment", tags=["environments"], dependencies=[Depends(instance_admin)])
tokens = APIRouter(prefix="/api-token", tags=["API tokens"])


@environments.get("", responses=problem_responses(400, 401, 403))
async def list_environments(
    parts: PartsOf, cursors: CursorsOf, limit: Limit = 50, next_cursor: Cursor = None
) -> Many[EnvironmentBody]:
    """Every environment of this instance."""
    paging = Paging(parts, cursors, "environment")
    rows = await parts.environments.page(paging.position(next_cursor), limit + 1)
    return paging.answer(rows, limit, _environment)


@environments.post("", status_code=201, responses=problem_responses(400, 401, 403, 409, 413, 415, 422))
async def create_environment(body: NewEnvironment, parts: PartsOf, response: Response) -> One[EnvironmentBody]:
    """Make an environment."""
    values = await make_environment(parts.environments, parts.clock, body.model_dump(mode="json"))
    response.headers["Location"] = f"/environment/{values['id']}"
    return One(result=EnvironmentBody.model_validate(values))


@environments.get("/{environment_id}", responses=problem_responses(400, 401, 403, 404))
async def get_environment(environment_id: str, parts: PartsOf) -> One[EnvironmentBody]:
    """One environment."""
    return One(result=await _find(parts, environment_id))


@environments.patch("/{environment_id}", responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422))
async def change_environment(environment_id: str, body: EnvironmentChange, parts: PartsOf) -> One[EnvironmentBody]:
    """Change what the body names."""
    # No part of an environment may be null: a null in the body says the same as leaving the field out.
    changes = body.model_dump(mode="json", exclude_none=True)
    values = {**changes, "updated_at": parts.clock.now()}
    if "\0" in environment_id or not await parts.environments.change(environment_id, values):
        raise NotFound("there is no such environment")
    parts.tokens.clear()
    parts.connections.clear()
    return One(result=await _find(parts, environment_id))


async def _find(parts: PartsOf, environment_id: str) -> EnvironmentBody:
    row = await parts.environments.find(environment_id) if "\0" not in environment_id else None
    if row is None:
        raise NotFound("there is no such environment")
    return _environment(row)


def _environment(row: Any) -> EnvironmentBody:
    return EnvironmentBody.model_validate(dict(row._mapping))


@tokens.get("", responses=problem_responses(400, 401, 403))
async def list_tokens(
    caller: Admin, parts: PartsOf, cursors: CursorsOf, limit: Limit = 50, next_cursor: Cursor = None
) -> Many[TokenBody]:
    """The tokens of the caller's environment. Scope `admin`."""
    paging = Paging(parts, cursors, "api-token", caller.environment_id)
    rows = await parts.token_store.page(caller.environment_id, paging.position(next_cursor), limit + 1)
    return paging.answer(rows, limit, _token)


@tokens.post("", status_code=201, responses=problem_responses(400, 401, 403, 413, 415, 422))
async def create_token(caller: Admin, body: NewToken, parts: PartsOf, response: Response) -> One[NewTokenBody]:
    """Make a token in the caller's environment. Its text is in this answer and nowhere else. Scope `admin`."""
    token_id, token = await parts.tokens.create(
        caller.environment_id, list(dict.fromkeys(body.scopes)), body.name, body.expires_at
    )
    row = await parts.token_store.find(caller.environment_id, token_id)
    response.headers["Location"] = f"/api-token/{token_id}"
    return One(result=NewTokenBody(**_token(row).model_dump(), token=token))


@tokens.get("/{token_id}", responses=problem_responses(400, 401, 403, 404))
async def get_token(caller: Admin, token_id: str, parts: PartsOf) -> One[TokenBody]:
    """One token, without its text. Scope `admin`."""
    row = await parts.token_store.find(caller.environment_id, token_id) if "\0" not in token_id else None
    if row is None:
        raise NotFound("there is no such API token")
    return One(result=_token(row))


@tokens.delete("/{token_id}", responses=problem_responses(400, 401, 403, 404))
async def revoke_token(caller: Admin, token_id: str, parts: PartsOf) -> One[IdBody]:
    """Revoke a token: at once in this process, within two seconds in the others. Scope `admin`."""
    if "\0" in token_id or not await parts.token_store.remove(caller.environment_id, token_id):
        raise NotFound("there is no such API token")
    parts.tokens.clear()
    return One(result=IdBody(id=token_id))


def _token(row: Any) -> TokenBody:
    return TokenBody.model_validate(dict(row._mapping))
