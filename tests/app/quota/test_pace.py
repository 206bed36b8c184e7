"""A line in front of an allowance: who waits, who goes first, who is told at once that it is no use."""

from __future__ import annotations

import asyncio

import pytest

from providers.kit.errors import RateLimited
from tests.app.quota.paces import Caller, Paced, brightpearl, paced, settle, told

WINDOW_MS = 60_000


async def _known(count: int, left: int, ends_in_ms: int = 10_000, caller: Caller | None = None) -> Paced:
    """A pace that has heard how much is left, and for how long."""
    account = paced(brightpearl(count))
    await account.call(told(left, ends_in_ms), caller)
    return account


async def _through(account: Paced, caller: Caller, count: int, left: int, ends_in_ms: int) -> None:
    """So many calls, each answered as the provider would."""
    for number in range(count):
        await account.call(told(left - number - 1, ends_in_ms), caller)


async def test_before_an_answer_has_told_what_is_left_only_two_calls_go() -> None:
    account = paced(brightpearl(200))
    calls = [account.begin() for _ in range(5)]
    await settle()

    went = sum(call.done() for call in calls)

    assert went == 2
    await _cancelled(calls)


async def test_a_call_that_finds_the_window_used_up_waits_for_the_next_one() -> None:
    account = await _known(200, 0)
    waiting = account.begin()
    await settle()

    account.clock.advance(9.9)
    await settle()
    assert not waiting.done()
    account.clock.advance(0.2)
    await settle()

    assert waiting.done()


async def test_a_call_that_cannot_have_its_turn_in_time_is_told_so_at_once() -> None:
    account = await _known(200, 0, 30_000)

    with pytest.raises(RateLimited) as caught:
        await account.enter(Caller(wait_seconds=20))

    assert caught.value.retry_after_seconds == pytest.approx(30, abs=0.1)
    assert "200 calls in 60 s" in caught.value.detail
    assert account.pace.waiting_count == 0


async def test_a_call_that_may_wait_long_enough_does() -> None:
    account = await _known(200, 0, 30_000)
    waiting = account.begin(Caller(wait_seconds=31))
    await settle()

    account.clock.advance(30.1)
    await settle()

    assert waiting.done()


async def test_who_comes_behind_more_than_a_window_can_take_is_told_of_the_one_after() -> None:
    account = paced(brightpearl(5))
    await account.call(told(0, 1_000))
    before = [account.begin(Caller(f"caller {number}", wait_seconds=60)) for number in range(5)]
    await settle()

    with pytest.raises(RateLimited) as caught:
        await account.enter(Caller("late", wait_seconds=20))

    assert caught.value.retry_after_seconds == pytest.approx(61, abs=0.1)
    await _cancelled(before)


async def test_no_wait_at_all_can_be_asked_for() -> None:
    account = await _known(200, 0)

    with pytest.raises(RateLimited):
        await account.enter(Caller(wait_seconds=0))


async def test_a_throttle_of_the_provider_closes_the_window() -> None:
    account = await _known(200, 150)

    await account.call(told(0, 8_000), status=503)
    waiting = account.begin()
    await settle()
    account.clock.advance(7.9)
    await settle()
    early = waiting.done()
    account.clock.advance(0.2)
    await settle()

    assert (early, waiting.done()) == (False, True)


async def test_an_outage_that_is_no_throttle_closes_nothing() -> None:
    account = await _known(200, 150)

    await account.call(told(149, 9_000), status=503)

    assert account.begin() is not None
    await settle()
    assert (await account.store.uses())[0][1].remaining == 148


async def test_background_work_leaves_a_part_of_the_window_to_others() -> None:
    account = await _known(200, 9, 60_000)
    walk, person = Caller("walk", is_background=True), Caller("person")

    await account.call(told(8, 60_000), walk)
    waiting = account.begin(walk)
    await settle()
    await account.call(told(7, 60_000), person)

    assert not waiting.done()
    await _cancelled([waiting])


async def test_what_was_left_for_others_goes_to_background_work_at_the_end() -> None:
    account = await _known(200, 3, 60_000)
    waiting = account.begin(Caller("walk", is_background=True, wait_seconds=60))
    await settle()

    account.clock.advance(50)
    await settle()

    assert waiting.done()


async def test_a_caller_gets_no_more_than_its_share_while_another_asks() -> None:
    greedy, modest = Caller("greedy"), Caller("modest")
    account = await _known(40, 39, 60_000, modest)
    await _through(account, greedy, 20, 39, 60_000)

    waiting = account.begin(greedy)
    await settle()
    await account.call(told(18, 60_000), modest)

    assert not waiting.done()
    await _cancelled([waiting])


async def test_what_nobody_else_asks_for_any_more_is_the_greedy_ones() -> None:
    greedy, modest = Caller("greedy"), Caller("modest")
    account = await _known(40, 39, 60_000, modest)
    await _through(account, greedy, 20, 39, 60_000)
    waiting = account.begin(greedy)
    await settle()

    account.clock.advance(2)
    await settle()

    assert waiting.done()


async def test_a_caller_who_leaves_the_line_leaves_nothing_behind() -> None:
    account = await _known(200, 0)
    waiting = [account.begin() for _ in range(3)]
    await settle()

    await _cancelled(waiting)
    account.clock.advance(10.1)
    await account.call(told(199, 60_000))

    assert account.pace.waiting_count == 0
    assert account.store.ledger.inside == 0
    assert (await account.store.uses())[0][1].remaining == 199


async def _cancelled(tasks: list[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
