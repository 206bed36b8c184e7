"""Processes that share a store serve an endpoint one at a time, and what one leaves undone another does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db.tables import webhook
from app.events.outbox import LEASE
from app.parts import Parts, build_parts
from tests.app.events.house import House
from tests.app.events.receiver import Receiver, takes


@pytest.fixture
async def other(house: House) -> AsyncIterator[Parts]:
    """Another process on the same store."""
    parts = await build_parts(house.world.parts.settings, house.clock)
    yield parts
    await parts.close()


class _Stalling:
    """Answers nothing until it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def __call__(self, event: dict[str, Any]) -> int:
        await self.may_answer.wait()
        return 200


async def _lease(house: House) -> str | None:
    async with house.world.parts.database.engine.connect() as connection:
        owner: str | None = (await connection.execute(select(webhook.c.lease_owner))).scalar_one()
    return owner


async def test_two_processes_send_each_event_once(house: House, other: Parts, receiver: Receiver) -> None:
    await house.webhook(receiver.url)
    for _ in range(10):
        await house.account()

    await asyncio.gather(house.deliver(), other.courier.deliver())
    await other.courier.settle()

    assert sorted(event["number"] for event in receiver.accepted) == list(range(1, 21))


async def test_while_one_process_serves_an_endpoint_another_leaves_it_alone(
    house: House, other: Parts, receiver: Receiver
) -> None:
    receiver.says = stalling = _Stalling()
    await house.webhook(receiver.url)
    await house.account()
    delivering = asyncio.create_task(house.deliver())
    await receiver.until(lambda: len(receiver.seen) == 1)

    await other.courier.deliver()
    await other.courier.settle()
    sent_meanwhile = len(receiver.seen)
    stalling.may_answer.set()
    await delivering

    assert sent_meanwhile == 1
    assert len(receiver.accepted) == 2
    assert await _lease(house) is None


async def test_what_a_dead_process_had_begun_is_taken_over_when_its_lease_runs_out(
    house: House, other: Parts, receiver: Receiver
) -> None:
    await house.webhook(receiver.url)
    await house.account()
    # As a process leaves it that was killed with its request on the way.
    assert len(await _claimed(other, house)) == 1

    await house.deliver()
    early = len(receiver.seen)
    await house.deliver(LEASE.total_seconds() + 1)

    assert early == 0
    assert len(receiver.accepted) == 2


async def _claimed(parts: Parts, house: House) -> list[str]:
    ids = list(await parts.courier._outbox.with_work("dead", house.clock.now(), 10))
    for webhook_id in ids:
        assert await parts.courier._outbox.claim(webhook_id, "dead", house.clock.now()) is not None
    return ids


async def test_a_process_that_lost_its_lease_writes_nothing_more(
    house: House, other: Parts, receiver: Receiver
) -> None:
    receiver.says = stalling = _Stalling()
    made = await house.webhook(receiver.url)
    await house.account()
    delivering = asyncio.create_task(house.deliver())
    await receiver.until(lambda: len(receiver.seen) == 1)
    async with house.world.parts.database.transaction() as connection:
        await connection.execute(update(webhook).values(lease_owner="another"))

    stalling.may_answer.set()
    await delivering

    assert await house.states(made["id"]) == ["waiting", "queued"]
    assert await _lease(house) == "another"


async def test_a_process_that_closes_gives_its_lease_back_and_the_next_sends_again(
    house: House, other: Parts, receiver: Receiver
) -> None:
    receiver.says = _Stalling()
    made = await house.webhook(receiver.url)
    await house.account()
    await other.courier.deliver()
    await receiver.until(lambda: len(receiver.seen) == 1)

    await other.courier.close()
    given_back = await _lease(house)
    receiver.says = takes
    await house.deliver()

    assert given_back is None
    assert [event["number"] for event in receiver.accepted] == [1, 2]
    assert [each["attempts"] for each in await house.deliveries(made["id"])] == [1, 1]


async def test_an_endpoint_that_is_deleted_while_it_is_served_is_no_failure(
    house: House, receiver: Receiver
) -> None:
    receiver.says = stalling = _Stalling()
    made = await house.webhook(receiver.url)
    await house.account()
    delivering = asyncio.create_task(house.deliver())
    await receiver.until(lambda: len(receiver.seen) == 1)

    deleted = await house.world.http.delete(f"/webhook/{made['id']}")
    stalling.may_answer.set()
    await delivering

    assert deleted.status_code == 200
    assert len(receiver.seen) == 1


async def test_what_a_turn_stumbles_over_does_not_end_the_service(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await house.webhook(receiver.url)
    await house.account()

    def fails(event: Any) -> str:
        raise RuntimeError("private")

    with monkeypatch.context() as patch:
        patch.setattr(house.world.parts.events, "shown", fails)
        await house.deliver()
    told = (await house.deliveries(made["id"]))[0]["last_error"]
    with monkeypatch.context() as patch:
        patch.setattr(house.world.parts.courier._outbox, "due", fails)
        await house.deliver(10)
    await house.deliver(10)

    assert told == "it could not be sent, by our fault"
    assert len(receiver.accepted) == 2
