"""Tokens that were replaced stay until the new ones have worked, and are tried before an account is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.responses import JSONResponse

from app.connections.connection import EARLY
from app.connections.lease import LEASE
from app.connections.lease_store import LeaseStore
from app.db.engine import _STATEMENTS
from tests.app.connections.conftest import Pair


async def renewed(pair: Pair) -> None:
    """The account is renewed in the background: nobody has used its new tokens yet."""
    await pair.connect()
    store = LeaseStore(pair.first.parts.database)
    now = pair.clock.now()
    assert await store.claim(await pair.row(), "the dead", now, now + LEASE)
    pair.clock.advance(LEASE.total_seconds() + 0.1)
    await pair.recover(pair.first)
    assert (await pair.stored())["refresh_token"] == "refresh-2"


def statements(origin: str) -> float:
    return float(_STATEMENTS.labels(origin)._value.get())


async def test_previous_tokens_stay_until_the_new_ones_have_worked(pair: Pair) -> None:
    await renewed(pair)

    await pair.recover(pair.first)
    before = await pair.stored("previous_secrets")
    await pair.call(pair.second)
    during = await pair.stored("previous_secrets")
    await pair.recover(pair.second)

    assert before["refresh_token"] == during["refresh_token"] == "refresh-1"
    assert (await pair.row()).previous_secrets is None


async def test_tokens_that_a_call_had_renewed_and_used_leave_nothing_behind(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()

    await pair.call(pair.first)
    await pair.recover(pair.first)

    assert (await pair.row()).previous_secrets is None


async def test_a_refused_call_does_not_prove_new_tokens(pair: Pair) -> None:
    await renewed(pair)
    pair.site.expire()
    pair.site.trouble = JSONResponse({}, 500)

    await pair.call(pair.first)
    await pair.recover(pair.first)

    assert (await pair.row()).previous_secrets is not None


async def test_forgetting_previous_tokens_costs_no_call_a_statement(pair: Pair) -> None:
    await renewed(pair)
    pair.first.parts.connections.clear()
    connection = await pair.first.parts.connections.open(
        await pair.first.parts.tokens.check(pair.first.token), pair.account_id
    )
    client = connection.client(60)
    before = statements("call")

    for _ in range(3):
        await client.get("api/resource/Customer")

    assert statements("call") == before
    assert (await pair.row()).previous_secrets is not None
    await pair.recover(pair.first)
    assert (await pair.row()).previous_secrets is None


async def test_a_provider_that_has_gone_back_is_given_the_token_before(pair: Pair) -> None:
    await renewed(pair)
    pair.site.refresh_number = 1  # Restored from a copy of an hour ago.
    pair.site.expire()

    answer = await pair.call(pair.first)

    assert answer.status_code == 200
    assert await pair.status() == "active"
    assert pair.site.token_calls == 3


async def test_without_a_token_before_a_refusal_is_asked_for_once(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.refuses_grant = True

    await pair.call(pair.first)

    assert (await pair.status(), pair.site.token_calls) == ("needs_reauth", 1)


async def test_new_credentials_leave_nothing_of_the_old(pair: Pair) -> None:
    await renewed(pair)

    await pair.second.http.patch(
        f"/integrated-account/{pair.account_id}",
        json={"context": {"api_key": "key", "api_secret": "secret"}},
        headers=pair.headers,
    )

    row = await pair.row()
    assert (row.previous_secrets, row.refresh_started_at, row.renewed_at) == (None, None, None)


async def test_the_rest_of_a_life_does_not_make_every_call_renew(pair: Pair) -> None:
    await pair.connect(expires_in=0)
    pair.site.lasts_seconds = EARLY.total_seconds() / 2

    answers = [await pair.call(pair.first) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert pair.site.token_calls == 1


@pytest.mark.parametrize("seconds_left", [30, -1])
async def test_an_outage_ahead_of_expiry_fails_no_call(pair: Pair, seconds_left: int) -> None:
    await pair.connect(expires_in=600)
    pair.site.trouble = JSONResponse({}, 503)
    pair.clock.advance(600 - seconds_left)

    answers = [await pair.call(pair.first) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200 if seconds_left > 0 else 502}
    assert pair.site.token_calls == (1 if seconds_left > 0 else 3)
    assert await pair.status() == "active"
    assert (await pair.row()).token_expires_at == pair.clock.now() + timedelta(seconds=seconds_left)
