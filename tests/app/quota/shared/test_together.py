"""Several processes and one Redis: what one takes the others have not, and what one leaves behind is found."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.quota.ledger import Ask, Permit
from app.quota.shared import link as links
from app.quota.shared.link import PREFIX, PROCESSES, READY_AT, Link
from app.quota.shared.store import SharedStore
from providers.brightpearl.quota import LIMITS
from providers.kit.clock import SystemClock
from tests.app.quota.paces import brightpearl, told
from tests.app.wire import answer, then_reset, wired
from tests.world import gateway, settings_in

ASK = Ask("caller", is_background=False)
pytestmark = pytest.mark.usefixtures("ready")


@pytest.fixture
async def ready(redis_url: str) -> None:
    """A Redis that knows what was used before: nothing."""
    async with Redis.from_url(redis_url) as client:
        await client.set(READY_AT, "0")


@asynccontextmanager
async def _linked(url: str) -> AsyncIterator[Link]:
    link = Link(url, SystemClock())
    await link.beat()
    assert link.is_up
    try:
        yield link
    finally:
        await link.close()


def _store(link: Link, account: str, count: int = 200) -> SharedStore:
    return SharedStore(brightpearl(count), [f"account:{account}"], link, SystemClock())


async def _taken(store: SharedStore, asks: int = 1) -> list[Permit]:
    return [answer for answer in await store.take([ASK] * asks) if isinstance(answer, Permit)]


async def _learn(store: SharedStore, *, remaining: int) -> None:
    """A call is answered, and its answer tells all processes what is left."""
    (first,) = await _taken(store)
    store.heard(first, 200, told(remaining, 60_000).get)
    store.left(first, was_sent=True)
    await store.uses()


async def test_what_one_process_has_taken_another_has_not(redis_url: str) -> None:
    account = str(uuid.uuid4())
    async with _linked(redis_url) as one, _linked(redis_url) as other:
        here, there = _store(one, account), _store(other, account)
        await _learn(here, remaining=4)

        taken = [*await _taken(there), *await _taken(here), *await _taken(there)]

    # With four left one call is under way at a time: nobody else knows what it will find.
    assert len(taken) == 1


async def test_no_more_calls_are_under_way_than_there_are_places_for_all(redis_url: str) -> None:
    account = str(uuid.uuid4())
    async with _linked(redis_url) as one, _linked(redis_url) as other:
        here, there = _store(one, account), _store(other, account)
        await _learn(here, remaining=199)

        taken = [len(await _taken(here, 7)), len(await _taken(there, 7))]

    assert taken == [7, LIMITS.at_once_max - 7]


async def test_a_process_that_is_gone_leaves_its_places_and_its_calls_count(redis_url: str) -> None:
    account = str(uuid.uuid4())
    async with _linked(redis_url) as other:
        there = _store(other, account)
        (first,) = await _taken(there)
        there.heard(first, 200, told(100, 60_000).get)
        there.left(first, was_sent=True)
        await there.uses()
        async with _linked(redis_url) as one:
            assert len(await _taken(_store(one, account), 10)) == 10

        taken = await _taken(there, 10)
        ((_, use),) = await there.uses()

    assert len(taken) == 10
    assert use.remaining == 100 - 10 - 10


async def test_what_was_sent_while_redis_was_late_is_counted_when_it_is_heard_of(redis_url: str) -> None:
    account = str(uuid.uuid4())
    async with _linked(redis_url) as one, _linked(redis_url) as other:
        here, there = _store(one, account), _store(other, account)
        await _learn(here, remaining=199)
        one._tell_gone(TimeoutError())
        await one._drop()
        while await _taken(here):
            pass

        await one.beat()
        await here.come_back()
        ((_, use),) = await there.uses()

    # By its own count, before an answer told what there is, it sent one.
    assert (use.used, use.remaining) == (2, 198)


async def test_every_process_knows_how_many_there_are(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        await client.delete(PROCESSES)
    async with _linked(redis_url) as one, _linked(redis_url):
        await one.beat()

        assert one.processes == 2


async def test_an_account_without_declared_limits_is_not_known_to_redis(redis_url: str, tmp_path: Path) -> None:
    async with (
        gateway(settings_in(tmp_path, redis_url=redis_url)) as world,
        wired(then_reset) as wire,
        Redis.from_url(redis_url) as client,
    ):
        erpnext, brightpearl = await world.erpnext(wire.url), await world.brightpearl(wire.url)
        for account in (erpnext, brightpearl):
            await world.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account})
        keys = [key.decode() async for key in client.scan_iter(f"{PREFIX}account:*")]
        kept = await client.get(f"{PREFIX}account:{brightpearl}")

    assert f"{PREFIX}account:{brightpearl}" in keys
    assert f"{PREFIX}account:{erpnext}" not in keys
    assert world.token.encode() not in kept


async def test_a_redis_that_never_answers_costs_no_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "CONNECT_SECONDS_MAX", 0.05)
    monkeypatch.setattr(links, "ANSWER_SECONDS_MAX", 0.05)
    async with wired(answer()) as silent, wired(then_reset) as wire:
        url = silent.url.replace("http://", "redis://")
        async with gateway(settings_in(tmp_path, redis_url=url)) as world:
            account = await world.brightpearl(wire.url)
            answered = await world.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account})

    assert answered.status_code == 502  # What the provider's side came to: it was asked.
    assert len(wire.seen) == 1
