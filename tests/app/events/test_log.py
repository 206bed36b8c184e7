"""Events are numbered without a gap, whoever writes at once, and only with the change that they tell of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.db.engine import Database
from app.events.log import record
from app.events.reading import EventLog
from app.settings import Settings
from tests.app.clock import START, VirtualClock
from tests.world import World, gateway


@pytest.fixture
async def writers(world: World) -> AsyncIterator[list[Database]]:
    """As many processes would, each with an engine of its own."""
    databases = [Database(world.parts.settings.database) for _ in range(4)]
    yield databases
    for database in databases:
        await database.close()


async def _record(database: Database, environment_id: str, account_id: str, *, fails: bool = False) -> None:
    async with database.transaction() as connection:
        await record(
            connection,
            "integrated_account.active",
            environment_id=environment_id,
            account_id=account_id,
            at=START,
            body={"id": account_id},
        )
        # The others have their turn while the number is taken and not yet committed.
        await asyncio.sleep(0)
        if fails:
            raise RuntimeError


async def _numbers(world: World, environment_id: str) -> list[int]:
    events, _ = await world.parts.events.page(environment_id, None, {}, 1_000)
    return [event.number for event in events]


async def test_writers_at_once_leave_no_gap_and_no_number_twice(world: World, writers: list[Database]) -> None:
    environments = [await world.environment() for _ in range(3)]

    results = await asyncio.gather(
        *(
            _record(database, environment_id, f"a{turn}", fails=turn % 3 == 0)
            for turn in range(6)
            for database in writers
            for environment_id in environments
        ),
        return_exceptions=True,
    )

    assert {type(result) for result in results if result is not None} == {RuntimeError}
    for environment_id in environments:
        assert await _numbers(world, environment_id) == list(range(1, 17))


async def test_a_reader_meanwhile_never_passes_over_an_event(world: World, writers: list[Database]) -> None:
    environment_id = await world.environment()
    seen: list[int] = []
    writing = asyncio.gather(*(_record(database, environment_id, "a") for _ in range(20) for database in writers))

    position: int | None = None
    while len(seen) < 80:
        events, position = await world.parts.events.page(environment_id, position, {}, 7)
        seen += [event.number for event in events]
    await writing

    assert seen == list(range(1, 81))


async def test_an_event_is_there_with_its_change_or_not_at_all(world: World) -> None:
    with pytest.raises(RuntimeError):
        await _record(world.parts.database, world.environment_id, "a", fails=True)

    assert await _numbers(world, world.environment_id) == []


async def test_old_events_are_pruned_from_the_front_only(settings: Settings) -> None:
    clock = VirtualClock()
    async with gateway(settings, clock) as world:
        events: EventLog = world.parts.events
        for _ in range(3):
            await _record(world.parts.database, world.environment_id, "a")
        clock.advance(30 * 86_400 - 1)
        await events.prune()
        kept = await _numbers(world, world.environment_id)
        # A machine whose clock is behind wrote the last one: it has an old instant, but is not old.
        await world.erpnext("http://127.0.0.1:9")
        await _record(world.parts.database, world.environment_id, "a")
        clock.advance(2)

        await events.prune()

        assert kept == [1, 2, 3]
        assert await _numbers(world, world.environment_id) == [4, 5, 6]
