"""A lease lasts as long as its renewal, and no longer; who loses it costs nobody the account."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from app.connections.lease import BEAT_SECONDS, LEASE, LOOK_AGAIN_SECONDS
from app.connections.lease_store import LeaseStore
from app.connections.renewal import SAVE_AGAIN_SECONDS
from app.connections.store import AccountStore
from tests.app.connections.conftest import Pair


async def test_a_lease_is_kept_while_a_slow_endpoint_is_asked(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.wait_seconds = 15.0
    first = asyncio.create_task(pair.call(pair.first))
    await pair.site.asked.wait()

    second = asyncio.create_task(pair.call(pair.second))
    for _ in range(14):
        await pair.clock.until_asleep(LOOK_AGAIN_SECONDS)
        await pair.clock.until_asleep(BEAT_SECONDS)
        pair.clock.advance(1)
    during = pair.site.token_calls
    pair.clock.advance(2)
    await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
    pair.clock.advance(LOOK_AGAIN_SECONDS)
    answers = await asyncio.gather(first, second)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (during, pair.site.token_calls) == (1, 1)


async def test_a_waiting_process_writes_nothing(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.hold = asyncio.Event()
    first = asyncio.create_task(pair.call(pair.first))
    await pair.site.asked.wait()
    claims: list[str] = []
    claim = LeaseStore.claim

    async def counted(self: LeaseStore, *given: Any, **more: Any) -> Any:
        claims.append("")
        return await claim(self, *given, **more)

    monkeypatch.setattr(LeaseStore, "claim", counted)
    second = asyncio.create_task(pair.call(pair.second))
    for _ in range(10):
        await pair.clock.until_asleep(LOOK_AGAIN_SECONDS)
        pair.clock.advance(LOOK_AGAIN_SECONDS)
    pair.site.hold.set()
    await first
    pair.clock.advance(LOOK_AGAIN_SECONDS)
    await second

    assert len(claims) == 2  # Before it waits, and after; the tokens are there then.


async def stands_still(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> asyncio.Task[Any]:
    """The first gateway asks for tokens, and loses its lease while it waits for the answer."""
    await pair.connect()
    pair.site.expire()
    pair.site.hold = asyncio.Event()

    async def lost(*_: object) -> bool:
        return False

    async def none(*_: object) -> list[Any]:
        return []

    monkeypatch.setattr(LeaseStore, "extend", lost)
    monkeypatch.setattr(LeaseStore, "abandoned", none)  # The other's call takes over, not its next turn.
    call = asyncio.create_task(pair.call(pair.first))
    await pair.site.asked.wait()
    await pair.clock.until_asleep(BEAT_SECONDS)
    pair.site.asked.clear()
    pair.clock.advance(LEASE.total_seconds() + 1)
    return call


async def test_of_two_answers_the_one_that_was_asked_for_last_is_kept(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.site.grace_seconds = 30.0
    first = await stands_still(pair, monkeypatch)
    second = asyncio.create_task(pair.call(pair.second))
    await pair.site.asked.wait()

    assert pair.site.hold is not None
    pair.site.hold.set()
    await asyncio.gather(first, second)
    again = await pair.call(pair.first)

    assert again.status_code == 200
    assert (await pair.stored())["refresh_token"] == pair.site.refresh_token == "refresh-3"


async def test_tokens_that_come_after_the_lease_was_lost_are_saved_all_the_same(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await stands_still(pair, monkeypatch)
    second = asyncio.create_task(pair.call(pair.second))  # Too late at a provider without grace.
    await pair.site.asked.wait()

    assert pair.site.hold is not None
    pair.site.hold.set()
    await asyncio.gather(first, second)
    again = [await pair.call(world) for world in (pair.first, pair.second)]

    assert [answer.status_code for answer in again] == [200, 200]
    assert (await pair.status(), (await pair.stored())["refresh_token"]) == ("active", "refresh-2")
    assert (await pair.row()).refresh_started_at is None


async def test_new_tokens_outlast_a_database_that_is_away(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    await pair.connect()
    pair.site.expire()
    settle = AccountStore.settle
    away = [OSError(), OSError()]

    async def unsteady(self: AccountStore, *given: Any) -> Any:
        if away:
            raise away.pop()
        return await settle(self, *given)

    monkeypatch.setattr(AccountStore, "settle", unsteady)
    call = asyncio.create_task(pair.call(pair.first))
    for _ in range(2):
        await pair.clock.until_asleep(SAVE_AGAIN_SECONDS)
        pair.clock.advance(SAVE_AGAIN_SECONDS)
    answer = await call

    assert answer.status_code == 200
    assert (pair.site.token_calls, (await pair.stored())["refresh_token"]) == (1, "refresh-2")


CHANGES: Mapping[str, dict[str, Any]] = {
    "the tenant": {"tenant_id": "renamed"},
    "what is not secret": {"context": {"company": "Acme"}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_change_during_a_renewal_does_not_cost_the_new_tokens(pair: Pair, change: dict[str, Any]) -> None:
    await pair.connect(access_token="old")
    pair.site.hold = asyncio.Event()
    call = asyncio.create_task(pair.call(pair.first))
    await pair.site.asked.wait()

    changing = asyncio.create_task(
        pair.second.http.patch(f"/integrated-account/{pair.account_id}", json=change, headers=pair.headers)
    )
    if "context" in change:  # It is tried, and waits for the renewal as every call does.
        await pair.clock.until_asleep(LOOK_AGAIN_SECONDS)
    else:
        await changing
    pair.site.hold.set()
    answer = await call
    pair.clock.advance(LOOK_AGAIN_SECONDS)

    assert (answer.status_code, (await changing).status_code) == (200, 200)
    assert (pair.site.token_calls, (await pair.stored())["refresh_token"]) == (1, "refresh-2")
    assert await pair.status() == "active"
