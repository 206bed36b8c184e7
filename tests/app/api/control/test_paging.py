"""The control plane's lists: a walk meets each entry once, and a cursor is good for its own list alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.settings import Settings
from app.tokens.tokens import INSTANCE
from tests.app.api.control.asking import problem_of
from tests.app.clock import VirtualClock
from tests.world import World, gateway

NOWHERE = "http://127.0.0.1:9"


async def _walk(world: World, path: str, limit: int, **more: Any) -> list[str]:
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(50):
        answer = await world.http.get(path, params={"limit": limit, **cursor}, **more)
        body = answer.json()
        assert answer.status_code == 200, answer.text
        assert body["result_count"] == len(body["result"]) <= limit
        assert (body["prev_cursor"], body["is_partial_response"], body["warnings"]) == (None, False, [])
        found += [item["id"] for item in body["result"]]
        if body["next_cursor"] is None:
            return found
        cursor = {"next_cursor": body["next_cursor"]}
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("limit", [1, 2, 5, 500])
async def test_a_walk_over_accounts_meets_each_once(world: World, limit: int) -> None:
    made = {await world.erpnext(NOWHERE) for _ in range(5)}

    found = await _walk(world, "/integrated-account", limit)

    assert sorted(found) == sorted(made)


async def test_a_walk_over_tokens_and_environments_meets_each_once(world: World) -> None:
    for _ in range(3):
        await world.new_token()
        await world.environment()
    _, admin = await world.parts.tokens.create(None, [INSTANCE], "admin")

    tokens = await _walk(world, "/api-token", 2)
    environments = await _walk(world, "/environment", 2, headers={"Authorization": f"Bearer {admin}"})

    assert len(tokens) == len(set(tokens)) == 4
    assert len(environments) == len(set(environments)) == 4


async def test_a_walk_over_the_log_goes_from_new_to_old_and_meets_each_once(world: World) -> None:
    calls = [(await world.http.get("/proxy/x")).headers["x-request-id"] for _ in range(5)]
    await world.parts.calls.write()

    ids = await _walk(world, "/log", 2)
    listed = (await world.http.get("/log")).json()["result"]

    assert len(ids) == len(set(ids)) == 5
    assert [item["request_id"] for item in listed] == calls[::-1]


async def test_a_cursor_of_one_list_is_refused_by_every_other(world: World) -> None:
    for _ in range(2):
        await world.erpnext(NOWHERE)
        await world.http.get("/proxy/x")
    await world.parts.calls.write()
    await world.new_token()
    stranger = {"Authorization": f"Bearer {await world.new_token(await world.environment())}"}

    async def cursor_of(path: str, **asked: str) -> str:
        body = (await world.http.get(path, params={"limit": 1, **asked})).json()
        return str(body["next_cursor"])

    accounts, tokens, log = [await cursor_of(path) for path in ("/integrated-account", "/api-token", "/log")]
    filtered = await cursor_of("/integrated-account", integration="erpnext")

    refused = [
        ("/integrated-account", {"next_cursor": tokens}, {}),
        ("/integrated-account", {"next_cursor": log}, {}),
        ("/api-token", {"next_cursor": accounts}, {}),
        ("/log", {"next_cursor": accounts}, {}),
        ("/log", {"next_cursor": log, "status": "400"}, {}),
        ("/integrated-account", {"next_cursor": accounts, "tenant_id": "tenant"}, {}),
        ("/integrated-account", {"next_cursor": filtered}, {}),
        ("/integrated-account", {"next_cursor": filtered, "tenant_id": "erpnext"}, {}),
        ("/integrated-account", {"next_cursor": accounts}, stranger),
        ("/api-token", {"next_cursor": tokens}, stranger),
        ("/log", {"next_cursor": log}, stranger),
    ]
    for path, params, headers in refused:
        problem_of(await world.http.get(path, params=params, headers=headers), 400, "invalid_cursor")


@pytest.fixture
async def timed(settings: Settings) -> AsyncIterator[tuple[VirtualClock, World]]:
    clock = VirtualClock()
    async with gateway(settings, clock) as world:
        yield clock, world


async def test_a_cursor_is_refused_after_thirty_days(timed: tuple[VirtualClock, World]) -> None:
    clock, world = timed
    await world.new_token()
    cursor = (await world.http.get("/api-token", params={"limit": 1})).json()["next_cursor"]

    clock.advance(30 * 86_400)
    last = await world.http.get("/api-token", params={"next_cursor": cursor})
    clock.advance(1)
    late = await world.http.get("/api-token", params={"next_cursor": cursor})

    assert last.status_code == 200
    problem_of(late, 400, "invalid_cursor")


@pytest.mark.parametrize("path", ["/integrated-account", "/api-token", "/log", "/webhook", "/event"])
async def test_limits_and_cursors_that_make_no_sense_are_refused(light: World, path: str) -> None:
    for limit in ("0", "-1", "501", "1.5", "ten", "", "9" * 5_000, "1e2", "NaN"):
        problem = problem_of(await light.http.get(path, params={"limit": limit}), 400, "invalid_request")
        assert [error["field"] for error in problem["errors"]] == ["limit"]
    for cursor in ("x", "\0", "a" * 4_000, "%ff", "ü", "=" * 8):
        problem_of(await light.http.get(path, params={"next_cursor": cursor}), 400, "invalid_cursor")
