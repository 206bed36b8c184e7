"""`/log?after=…` follows the log: each call once, in the order they were written, whoever writes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.engine import Database
from tests.app.api.control.asking import problem_of
from tests.app.connections.conftest import Pair, pair
from tests.conftest import on_shared
from tests.world import World

__all__ = ["pair"]


async def _after(world: World, after: int, **asked: Any) -> list[dict[str, Any]]:
    answer = await world.http.get("/log", params={"after": after, **asked})
    assert answer.status_code == 200, answer.text
    assert answer.json()["next_cursor"] is None
    return list(answer.json()["result"])


async def test_what_came_after_a_call_is_told_oldest_first(world: World) -> None:
    ids = [(await world.http.get("/proxy/x")).headers["x-request-id"] for _ in range(5)]
    await world.parts.calls.write()

    first, second = await _after(world, 0, limit=2)
    rest = await _after(world, int(second["id"]))
    none = await _after(world, int(rest[-1]["id"]))

    assert [entry["request_id"] for entry in (first, second, *rest)] == ids
    assert none == []


async def test_following_tells_only_what_was_asked_for_and_nothing_of_others(world: World) -> None:
    stranger = await world.new_token(await world.environment())
    await world.http.get("/proxy/x", headers={"Authorization": f"Bearer {stranger}"})
    await world.http.get("/proxy/x")
    refused = await world.http.get("/unified/accounting/no-such-thing")
    await world.parts.calls.write()

    followed = await _after(world, 0, code="not_found")

    assert [entry["request_id"] for entry in followed] == [refused.headers["x-request-id"]]
    assert len(await _after(world, 0)) == 2


async def test_two_gateways_that_write_at_once_leave_no_gap_behind_a_reader(pair: Pair) -> None:
    followed: list[str] = []
    made: list[str] = []
    last = 0
    headers = {"Authorization": f"Bearer {pair.first.token}"}
    for _ in range(8):
        for world in (pair.first, pair.second):
            answers = [await world.http.get("/proxy/x", headers=headers) for _ in range(3)]
            made += [answer.headers["x-request-id"] for answer in answers]
        _, _, new = await asyncio.gather(
            pair.first.parts.calls.write(), pair.second.parts.calls.write(), _after(pair.first, last)
        )
        followed += [entry["request_id"] for entry in new]
        last = int(new[-1]["id"]) if new else last
    followed += [entry["request_id"] for entry in await _after(pair.first, last)]

    assert sorted(followed) == sorted(made)


# SQLite has one writer at a time by itself.
@on_shared
async def test_a_lower_id_is_never_committed_after_a_higher_one(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair.first.parts, pair.second.parts
    headers = {"Authorization": f"Bearer {pair.first.token}"}
    ids = [
        (await world.http.get("/proxy/x", headers=headers)).headers["x-request-id"]
        for world in (pair.first, pair.second)
    ]
    is_inserted, may_commit = asyncio.Event(), asyncio.Event()
    transaction = first.database.transaction

    @asynccontextmanager
    async def slow() -> AsyncIterator[AsyncConnection]:
        async with transaction() as connection:
            yield connection
            is_inserted.set()
            await may_commit.wait()

    monkeypatch.setattr(first.database, "transaction", slow)
    writes = [asyncio.create_task(first.calls.write())]
    await is_inserted.wait()
    writes.append(asyncio.create_task(second.calls.write()))
    async with asyncio.timeout(20):
        while not await _stand_in_line(second.database):
            assert not writes[1].done()
    may_commit.set()
    await asyncio.gather(*writes)

    assert [entry["request_id"] for entry in await _after(pair.first, 0)] == ids


async def _stand_in_line(database: Database) -> bool:
    """Whether somebody waits for another to write the call log."""
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with database.engine.connect() as connection:
        return bool((await connection.execute(query)).scalar_one())


async def test_a_cursor_and_an_id_to_follow_from_are_not_mixed(world: World) -> None:
    for _ in range(2):
        await world.http.get("/proxy/x")
    await world.parts.calls.write()
    cursor = (await world.http.get("/log", params={"limit": 1})).json()["next_cursor"]

    answer = await world.http.get("/log", params={"limit": 1, "after": 0, "next_cursor": cursor})

    problem_of(answer, 400, "invalid_request")
