"""So many calls of an account pass at once, the others in the order they came, and none waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from app.quota import line
from providers.kit.errors import RateLimited
from tests.app.quota.paces import Caller, only_places, paced, settle

TURNS_MAX = 20


async def test_no_more_pass_at_once_than_there_are_places() -> None:
    account, inside, most = paced(only_places(3)), 0, 0

    async def call() -> None:
        nonlocal inside, most
        permit = await account.enter()
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        account.pace.leave(permit)

    await asyncio.gather(*(call() for _ in range(50)))

    assert (most, inside) == (3, 0)


async def test_who_came_first_passes_first() -> None:
    account, order = paced(only_places(1)), list[int]()
    first = await account.enter()

    async def call(number: int) -> None:
        permit = await account.enter()
        order.append(number)
        account.pace.leave(permit)

    tasks = [asyncio.create_task(call(number)) for number in range(10)]
    await settle()
    account.pace.leave(first)
    await asyncio.gather(*tasks)

    assert order == list(range(10))


async def test_a_newcomer_does_not_pass_those_who_wait() -> None:
    account = paced(only_places(1))
    first = await account.enter()
    waiting = account.begin()
    await settle()

    account.pace.leave(first)
    newcomer = account.begin()
    await settle()

    assert waiting.done()
    assert not newcomer.done()
    account.pace.leave(await waiting)
    account.pace.leave(await newcomer)


async def test_a_waiter_who_gives_up_takes_no_place() -> None:
    account = paced(only_places(1))
    first = await account.enter()
    leaving, staying = account.begin(), account.begin()
    await settle()

    leaving.cancel()
    await settle()
    account.pace.leave(first)
    account.pace.leave(await staying)

    account.pace.leave(await asyncio.wait_for(account.enter(), 1))
    assert account.store.ledger.inside == 0


async def test_a_waiter_cancelled_in_the_moment_of_its_turn_passes_the_place_on() -> None:
    account = paced(only_places(1))
    first = await account.enter()
    leaving, staying = account.begin(), account.begin()
    await settle()

    account.pace.leave(first)
    for _ in range(TURNS_MAX):
        if account.store.ledger.inside:
            break
        await asyncio.sleep(0)
    leaving.cancel()

    account.pace.leave(await asyncio.wait_for(staying, 1))
    assert leaving.cancelled()
    assert account.store.ledger.inside == 0


async def test_a_wait_that_lasts_too_long_ends_in_429() -> None:
    account = paced(only_places(1))
    first = await account.enter()
    waiting = account.begin(Caller(wait_seconds=7))
    await settle()

    account.clock.advance(6.9)
    await settle()
    assert not waiting.done()
    account.clock.advance(0.2)
    await settle()

    with pytest.raises(RateLimited) as caught:
        await waiting
    assert caught.value.retry_after_seconds == 1
    account.pace.leave(first)
    account.pace.leave(await account.enter())


async def test_a_call_waits_no_longer_than_its_own_time() -> None:
    account = paced(only_places(1))
    await account.enter()

    waiting = asyncio.create_task(account.enter(Caller(), seconds_max=2))
    await settle()
    account.clock.advance(2.1)
    await settle()

    with pytest.raises(RateLimited):
        await waiting


async def test_what_a_call_has_waited_before_counts() -> None:
    account = paced(only_places(1))
    first = await account.enter()
    caller = Caller(wait_seconds=10)
    waiting = account.begin(caller)
    await settle()
    account.clock.advance(8)
    await settle()
    account.pace.leave(first)
    await waiting

    again = account.begin(caller)
    await settle()
    account.clock.advance(2.1)
    await settle()

    assert isinstance(again.exception(), RateLimited)


async def test_a_line_that_is_full_turns_the_next_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "WAITING_MAX", 2)
    account = paced(only_places(1))
    permit = await account.enter()
    waiting = [account.begin() for _ in range(2)]
    await settle()

    with pytest.raises(RateLimited):
        await account.enter()

    for task in waiting:
        account.pace.leave(permit)
        permit = await task


async def test_one_caller_cannot_fill_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "WAITING_OF_ONE_MAX", 2)
    account = paced(only_places(1))
    await account.enter()
    waiting = [account.begin(Caller("greedy")) for _ in range(2)]
    await settle()

    with pytest.raises(RateLimited):
        await account.enter(Caller("greedy"))
    other = account.begin(Caller("other"))
    await settle()

    assert account.pace.waiting_count == 3
    for task in (*waiting, other):
        task.cancel()
    await asyncio.gather(*waiting, other, return_exceptions=True)
    assert account.pace.waiting_count == 0


async def test_callers_pass_in_turn_however_many_calls_each_has_waiting() -> None:
    account, order = paced(only_places(1)), list[str]()
    first = await account.enter()

    async def call(name: str) -> None:
        permit = await account.enter(Caller(name))
        order.append(name)
        account.pace.leave(permit)

    tasks = [asyncio.create_task(call(name)) for name in "aaaabbc"]
    await settle()
    account.pace.leave(first)
    await asyncio.gather(*tasks)

    assert "".join(order) == "abcabaa"


async def test_background_work_lets_every_other_call_pass() -> None:
    account, order = paced(only_places(1)), list[str]()
    first = await account.enter()

    async def call(name: str, *, is_background: bool) -> None:
        permit = await account.enter(Caller(name, is_background))
        order.append(name)
        account.pace.leave(permit)

    tasks = [asyncio.create_task(call("walk", is_background=True)) for _ in range(3)]
    await settle()
    tasks.append(asyncio.create_task(call("person", is_background=False)))
    await settle()
    account.pace.leave(first)
    await asyncio.gather(*tasks)

    assert order == ["person", "walk", "walk", "walk"]


async def test_background_work_leaves_a_place_free() -> None:
    account = paced(only_places(10))
    walks = [account.begin(Caller("walk", is_background=True)) for _ in range(20)]
    await settle()

    permit = account.pace.try_enter(Caller("person"))

    assert sum(walk.done() for walk in walks) == 8
    assert permit is None  # Others stand in line; but it is the first to be served.
    assert isinstance(await account.enter(Caller("person")), object)
    for walk in walks:
        walk.cancel()
    await asyncio.gather(*walks, return_exceptions=True)
