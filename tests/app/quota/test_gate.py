"""The gate lets so many through at once, the others in the order they came, and none for ever."""

from __future__ import annotations

import asyncio

import pytest

from app.quota import gate as quota
from app.quota.gate import Gate
from providers.kit.errors import RateLimited


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_pass_at_once_than_the_gate_is_wide() -> None:
    gate, inside, most = Gate(3), 0, 0

    async def call() -> None:
        nonlocal inside, most
        await gate.enter()
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        gate.leave()

    await asyncio.gather(*(call() for _ in range(50)))

    assert (most, inside) == (3, 0)


async def test_who_came_first_passes_first() -> None:
    gate, order = Gate(1), list[int]()
    await gate.enter()

    async def call(number: int) -> None:
        await gate.enter()
        order.append(number)
        gate.leave()

    tasks = [asyncio.create_task(call(number)) for number in range(10)]
    await _settle()
    gate.leave()
    await asyncio.gather(*tasks)

    assert order == list(range(10))


async def test_a_newcomer_does_not_pass_those_who_wait() -> None:
    gate = Gate(1)
    await gate.enter()
    waiting = asyncio.create_task(gate.enter())
    await _settle()

    gate.leave()
    newcomer = asyncio.create_task(gate.enter())
    await _settle()

    assert waiting.done()
    assert not newcomer.done()
    gate.leave()
    await newcomer


async def test_a_waiter_who_gives_up_takes_no_place() -> None:
    gate = Gate(1)
    await gate.enter()
    leaving = asyncio.create_task(gate.enter())
    staying = asyncio.create_task(gate.enter())
    await _settle()

    leaving.cancel()
    await _settle()
    gate.leave()
    await staying

    gate.leave()
    await asyncio.wait_for(gate.enter(), 1)


async def test_a_waiter_cancelled_in_the_moment_of_its_turn_passes_the_place_on() -> None:
    gate = Gate(1)
    await gate.enter()
    leaving = asyncio.create_task(gate.enter())
    staying = asyncio.create_task(gate.enter())
    await _settle()

    gate.leave()
    leaving.cancel()

    await asyncio.wait_for(staying, 1)
    assert leaving.cancelled()


async def test_a_wait_that_lasts_too_long_ends_in_429(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "WAIT_SECONDS_MAX", 0.0)
    gate = Gate(1)
    await gate.enter()

    with pytest.raises(RateLimited) as caught:
        await gate.enter()

    assert caught.value.retry_after_seconds == 1
    gate.leave()
    await gate.enter()


async def test_a_line_that_is_full_turns_the_next_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "WAITING_MAX", 2)
    gate = Gate(1)
    await gate.enter()
    waiting = [asyncio.create_task(gate.enter()) for _ in range(2)]
    await _settle()

    with pytest.raises(RateLimited):
        await gate.enter()

    for task in waiting:
        gate.leave()
        await task


async def test_who_gave_up_no_longer_fills_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "WAITING_MAX", 2)
    gate = Gate(1)
    await gate.enter()
    gone = [asyncio.create_task(gate.enter()) for _ in range(2)]
    await _settle()
    for task in gone:
        task.cancel()
    await asyncio.gather(*gone, return_exceptions=True)

    waiting = asyncio.create_task(gate.enter())
    await _settle()
    gate.leave()

    await waiting
