"""Two processes and one account: all of the allowance is used, and not one call more, whoever else takes part."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.connections.keys import new_key
from app.quota.shared.link import SETTLE_SECONDS
from tests.proofs.pacing_scene import Greedy, Judge, all_go_on, assert_answered, judging
from tests.proofs.postgres import empty_database, has_postgres, postgres
from tests.proofs.process import Running, running_gateways
from tests.proofs.redis import PrivateRedis, has_redis, redis
from tests.world import encoded_key

DESCRIPTION = (
    "two processes, 20 greedy callers: 98 % of the quota used, never above it, fair, with and without Redis"
)

CALLS, WINDOWS, SECONDS = 200, 30, 5.0
SMALL_WINDOWS, SMALL_SECONDS = 3, 1.0
REAL_SECONDS, REAL_MINUTES = 60.0, 2
CALLERS, SHARERS, OF_EACH = 20, 5, 4

Figures = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done, and how near to all of the allowance that must come."""

    calls: int
    windows: int
    seconds: float
    used_min: float
    rest_used_min: float
    apart_max: float
    alone_min: float

    @property
    def whole_seconds(self) -> float:
        """So many whole windows, and a part before and after."""
        return (self.windows + 1) * self.seconds


FULL = Size(CALLS, WINDOWS, SECONDS, used_min=0.98, rest_used_min=0.95, apart_max=0.10, alone_min=0.88)
# A look at short windows on a busy machine: what is used is told; nothing above the allowance must hold.
SMALL = Size(CALLS, SMALL_WINDOWS, SMALL_SECONDS, used_min=0, rest_used_min=0, apart_max=9, alone_min=0)


@dataclass(frozen=True, slots=True)
class House:
    """Two gateways and their Redis, and tokens as they are needed."""

    gateways: Sequence[Running]
    server: PrivateRedis

    async def tokens(self, count: int) -> list[str]:
        """Callers of the environment."""
        made = []
        for _ in range(count):
            body = {"scopes": ["read", "proxy"], "name": "caller"}
            answer = await self.gateways[0].http.post("/api-token", json=body)
            assert answer.status_code == 201, answer.text
            made.append(str(answer.json()["result"]["token"]))
        return made

    async def account(self, judge: Judge) -> str:
        """An account at the judge."""
        return await self.gateways[0].account("brightpearl", judge.context)


async def prove(scale: float) -> Figures:
    """All of it; only at full scale must there be a PostgreSQL and a Redis."""
    if scale < 1 and not has_redis():
        return {"redis": "not here"}
    async with _house(is_full=scale >= 1) as house:
        if scale < 1:
            return _merged(await asyncio.gather(_shares(house, SMALL), _without_redis(house, SMALL)))
        real = asyncio.create_task(_real_minutes(house))
        figures: Figures = {"store": "PostgreSQL and Redis", **await _alone(house, FULL)}
        for pattern in ("even", "bursts"):
            figures |= await _beside(house, FULL, pattern)
        figures |= await _shares(house, FULL)
        figures |= await _interactive(house, FULL)
        return figures | await real | await _without_redis(house, FULL)


@asynccontextmanager
async def _house(*, is_full: bool) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(redis())
        settings = {"LEDGERWAY_REDIS_URL": server.url, "LEDGERWAY_LOG_LEVEL": "WARNING"}
        if is_full:
            assert has_postgres(), "there is no PostgreSQL here"
            database = await stack.enter_async_context(empty_database(await stack.enter_async_context(postgres())))
            keys = encoded_key("k1", new_key())
            settings |= {"LEDGERWAY_DATABASE_URL": database, "LEDGERWAY_ENCRYPTION_KEYS": keys}
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        gateways = await stack.enter_async_context(running_gateways(Path(folder), 2, settings))
        yield House(gateways, server)


async def _alone(house: House, size: Size) -> Figures:
    """Nobody else spends from the pool: all of it is used, and nothing is refused."""
    async with judging(size.calls, size.seconds) as judge:
        callers = await _callers(house, judge)
        await all_go_on(callers, size.whole_seconds)
        windows = await judge.whole_windows()
        throttled = sum(window.throttled for window in await judge.windows())
    used = _mean([window.used_share for window in windows])
    assert throttled == 0, f"{throttled} calls above the allowance"
    assert used >= size.used_min, f"only {used:.3f} of the allowance was used: {windows}"
    assert_answered(callers)
    return {"windows": len(windows), "used": round(used, 4), "throttled": throttled}


async def _beside(house: House, size: Size, pattern: str) -> Figures:
    """Another app spends a third of the pool: the rest is used, and the provider hardly has to refuse."""
    async with judging(size.calls, size.seconds, size.calls // 3, pattern) as judge:
        callers = await _callers(house, judge)
        await all_go_on(callers, size.whole_seconds)
        windows = await judge.whole_windows()
        every = await judge.windows()
    throttled, served = sum(window.throttled for window in every), sum(window.served for window in every)
    rest_used = sum(window.served for window in windows) / (len(windows) * (size.calls - size.calls // 3))
    if pattern == "even":
        assert throttled <= 1, f"{throttled} calls throttled beside an even app"
        assert rest_used >= size.rest_used_min, f"only {rest_used:.3f} of the rest was used: {windows}"
    else:
        assert throttled <= 0.02 * served, f"{throttled} of {served} throttled beside bursts"
    return {
        f"{pattern}_rest_used": round(rest_used, 4),
        f"{pattern}_throttled": throttled,
        f"{pattern}_served": served,
    }


async def _shares(house: House, size: Size) -> Figures:
    """Five callers, four of them at one process: equal shares all the same."""
    async with judging(size.calls, size.seconds) as judge:
        account_id = await house.account(judge)
        tokens = await house.tokens(SHARERS)
        callers = [
            Greedy(house.gateways[number == 0], token, account_id)
            for number, token in enumerate(tokens)
            for _ in range(OF_EACH)
        ]
        await all_go_on(callers, max(size.whole_seconds / 3, 4 * size.seconds))
        throttled = sum(window.throttled for window in await judge.windows())
    assert throttled == 0, f"{throttled} calls above the allowance"
    counts = [sum(caller.answers.get(200, 0) for caller in callers if caller.token == token) for token in tokens]
    apart = max(counts) / max(min(counts), 1) - 1
    assert apart <= size.apart_max, f"shares are not equal: {counts}"
    return {"shares": "/".join(map(str, counts)), "shares_apart": round(apart, 4)}


async def _interactive(house: House, size: Size) -> Figures:
    """A walk runs flat out at both processes; a person's calls pass it while anything is left."""
    async with judging(size.calls, size.seconds) as judge:
        account_id = await house.account(judge)
        walk, person = await house.tokens(2)
        walkers = [
            Greedy(house.gateways[number % 2], walk, account_id, {"Priority": "u=7"}) for number in range(CALLERS)
        ]
        caller = Greedy(house.gateways[0], person, account_id)
        seconds = max(size.whole_seconds / 3, 4 * size.seconds)
        waits = asyncio.create_task(_waits(caller, judge, time.monotonic() + seconds))
        await all_go_on(walkers, seconds)
        took = await waits
        windows = await judge.whole_windows()
        throttled = sum(window.throttled for window in await judge.windows())
    used = _mean([window.used_share for window in windows])
    assert throttled == 0, f"{throttled} calls above the allowance"
    assert used >= size.used_min, f"only {used:.3f} was used by a walk and a person"
    assert took, "the person never called while anything was left"
    slowest = max(took)
    assert slowest < size.seconds / 4, f"a person's call waited {slowest:.2f} s behind a walk"
    return {
        "interactive_calls": len(took),
        "interactive_slowest_seconds": round(slowest, 3),
        "walk_used": round(used, 4),
    }


async def _waits(caller: Greedy, judge: Judge, until: float) -> list[float]:
    """How long the calls took that began while enough was left, one every now and then."""
    took = []
    while time.monotonic() < until:
        await asyncio.sleep(judge.seconds / 9)
        left = await judge.left()
        seconds = await caller.call()
        if left > 0 and await judge.left() > 0:
            took.append(seconds)
    return took


async def _without_redis(house: House, size: Size) -> Figures:
    """Redis is killed in the middle of a window, and again comes back in one: never a call above the allowance."""
    async with judging(size.calls, size.seconds) as judge:
        callers = await _callers(house, judge)
        calling = asyncio.create_task(
            all_go_on(callers, max(size.whole_seconds / 2, 9 * size.seconds + SETTLE_SECONDS))
        )
        await asyncio.sleep(2.3 * size.seconds)
        await house.server.kill()
        before = len(await judge.windows())
        await asyncio.sleep(3 * size.seconds)
        after = len(await judge.windows())
        await house.server.start()
        await calling
        windows = await judge.windows()
    throttled = sum(window.throttled for window in windows)
    assert throttled == 0, f"{throttled} calls above the allowance: {windows}"
    alone = _mean([window.used_share for window in windows[before : after - 1]])
    back = windows[-2].used_share
    assert alone >= size.alone_min, f"only {alone:.3f} was used without Redis"
    assert back >= size.alone_min, f"only {back:.3f} was used after Redis came back"
    assert_answered(callers)
    return {
        "without_redis_used": round(alone, 4),
        "redis_back_used": round(back, 4),
        "without_redis_throttled": throttled,
    }


async def _real_minutes(house: House) -> Figures:
    """The provider's own window of a minute, twice."""
    async with judging(CALLS, REAL_SECONDS) as judge:
        callers = await _callers(house, judge)
        await all_go_on(callers, (REAL_MINUTES + 1) * REAL_SECONDS)
        windows = await judge.windows()
    whole = windows[1 : REAL_MINUTES + 1]
    used = _mean([window.used_share for window in whole])
    throttled = sum(window.throttled for window in windows)
    assert throttled == 0, f"{throttled} calls above the allowance of a minute"
    assert used >= FULL.used_min, f"only {used:.3f} of a minute's allowance was used: {windows}"
    return {"minutes": len(whole), "minutes_used": round(used, 4), "minutes_throttled": throttled}


async def _callers(house: House, judge: Judge) -> list[Greedy]:
    account_id = await house.account(judge)
    tokens = await house.tokens(CALLERS)
    return [Greedy(house.gateways[number % 2], token, account_id) for number, token in enumerate(tokens)]


def _merged(each: Sequence[Figures]) -> Figures:
    return {name: value for figures in each for name, value in figures.items()}


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / max(len(shares), 1)
