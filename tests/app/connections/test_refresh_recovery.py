"""A renewal that was begun is brought to its end by whoever lives, without a call; a provider is not pestered."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from starlette.responses import JSONResponse, Response

from app.connections import oauth
from app.connections.lease import LEASE, RETRY_AT_ONCE, RETRY_MAX, retry_after
from app.connections.lease_store import LeaseStore
from app.connections.vault import Vault
from app.parts import SETTLE_RENEWALS_SECONDS
from app.settings import Settings
from tests.app.clock import START
from tests.app.connections.conftest import Pair
from tests.app.site import Torn
from tests.proofs.ports import free_port
from tests.world import gateway

GRACE_SECONDS = 30.0
LOST_ANSWERS = {
    "torn": Torn(),
    "torn JSON": Response(b'{"access_to', media_type="application/json"),
    "a proxy's 502": JSONResponse({}, 502),
}


async def left_behind(pair: Pair) -> None:
    """A process claims the renewal and dies before it asks."""
    now = pair.clock.now()
    assert await LeaseStore(pair.first.parts.database).claim(await pair.row(), "the dead", now, now + LEASE)


@pytest.mark.parametrize("lost", LOST_ANSWERS.values(), ids=LOST_ANSWERS.keys())
async def test_new_tokens_that_never_arrived_are_asked_for_again_before_the_next_call(
    pair: Pair, lost: Response
) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.grace_seconds, pair.site.lost_answer = GRACE_SECONDS, lost

    during = await pair.call(pair.first)
    intent = (await pair.row()).refresh_started_at
    pair.clock.advance(RETRY_AT_ONCE.total_seconds() + 0.1)
    await pair.recover(pair.second)
    after = await pair.call(pair.first)

    assert (during.status_code, after.status_code) == (502, 200)
    assert intent == START
    assert (await pair.row()).refresh_started_at is None
    assert (pair.site.refreshes, (await pair.stored())["refresh_token"]) == (2, "refresh-3")


async def test_a_token_call_that_timed_out_is_made_again(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.grace_seconds, pair.site.hold = GRACE_SECONDS, asyncio.Event()
    monkeypatch.setattr(oauth, "CALL_SECONDS", 0.05)

    during = await pair.call(pair.first)
    monkeypatch.undo()
    pair.site.hold.set()
    pair.clock.advance(RETRY_AT_ONCE.total_seconds() + 0.1)
    await pair.recover(pair.second)

    assert (during.status_code, during.json()["code"]) == (504, "provider_timeout")
    assert (await pair.stored())["refresh_token"] == pair.site.refresh_token
    assert (await pair.row()).refresh_started_at is None


async def test_a_dead_processs_account_is_taken_over_by_the_next_turn_after_its_lease(pair: Pair) -> None:
    await pair.connect()
    await left_behind(pair)

    pair.clock.advance(LEASE.total_seconds() - 1)
    await pair.recover(pair.second)
    before = pair.site.token_calls
    while not pair.site.asked.is_set():  # No more: the turn comes by itself.
        pair.clock.advance(SETTLE_RENEWALS_SECONDS)
        await pair.row()
    await pair.rest()

    assert (before, pair.site.token_calls) == (0, 1)
    assert (await pair.stored())["refresh_token"] == "refresh-2"


async def test_what_was_left_behind_is_taken_up_when_a_process_starts(pair: Pair, settings: Settings) -> None:
    await pair.connect()
    now = pair.clock.now()
    long_ago = now - timedelta(hours=1)
    assert await LeaseStore(pair.first.parts.database).claim(await pair.row(), "the dead", long_ago, long_ago)

    async with gateway(settings, pair.clock):
        await pair.site.asked.wait()

    assert (await pair.stored())["refresh_token"] == "refresh-2"


async def test_of_many_who_find_it_one_takes_it_over(pair: Pair) -> None:
    await pair.connect()
    await left_behind(pair)
    pair.clock.advance(LEASE.total_seconds() + 0.1)

    await asyncio.gather(*(pair.recover(world) for world in (pair.first, pair.second) * 3))

    assert pair.site.token_calls == 1


async def test_an_endpoint_that_stays_down_is_asked_ever_more_seldom(pair: Pair) -> None:
    await pair.connect()
    await left_behind(pair)
    pair.site.trouble = JSONResponse({}, 500)

    for _ in range(240):
        pair.clock.advance(1)
        await pair.recover(pair.first)
    during = pair.site.token_calls
    pair.site.trouble = None
    pair.clock.advance(RETRY_MAX.total_seconds())
    await pair.recover(pair.first)

    assert 6 <= during <= 10
    assert (await pair.status(), (await pair.stored())["refresh_token"]) == ("active", "refresh-2")


def test_within_the_grace_of_a_provider_there_are_three_more_attempts() -> None:
    moments, now = [], START + LEASE
    while now < START + timedelta(seconds=GRACE_SECONDS):
        moments.append(now)
        now += retry_after(START, now)

    assert len(moments) == 3
    assert retry_after(START, START) == RETRY_AT_ONCE
    assert retry_after(START, START + timedelta(days=1)) == RETRY_MAX


async def test_an_endpoint_that_was_not_reached_leaves_no_intent(pair: Pair) -> None:
    pair.site_url = f"http://127.0.0.1:{free_port()}"
    await pair.connect(expires_in=0)

    answer = await pair.call(pair.first)

    row = await pair.row()
    assert answer.status_code == 502
    assert (row.status, row.refresh_started_at, row.refresh_owner) == ("active", None, None)


async def test_an_endpoint_that_turns_calls_away_leaves_no_intent_either(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.trouble = JSONResponse({}, 429)

    await pair.call(pair.first)

    assert (await pair.row()).refresh_started_at is None


async def test_an_intent_of_before_outlives_an_attempt_that_was_not_made(pair: Pair) -> None:
    await pair.connect()
    await left_behind(pair)
    pair.site.trouble = JSONResponse({}, 429)
    pair.clock.advance(LEASE.total_seconds() + 1)

    await pair.recover(pair.first)

    assert (pair.site.token_calls, (await pair.row()).refresh_started_at) == (1, START)


async def test_credentials_that_do_not_open_are_left_alone_for_a_while(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pair.connect()
    await left_behind(pair)
    opened: list[str] = []

    async def broken(*_: object) -> None:
        opened.append("tried")
        raise ValueError

    monkeypatch.setattr(Vault, "open", broken)
    for _ in range(100):
        pair.clock.advance(1)
        await pair.recover(pair.first)

    assert len(opened) == 1
    assert (await pair.row()).refresh_started_at == START
