"""OAuth tokens are renewed once however many ask, saved before they are used, and an outage loses no account."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.connections.lease import LEASE, LOOK_AGAIN_SECONDS
from app.connections.lease_store import LeaseStore
from app.connections.refresh import WAIT_SECONDS_MAX
from providers.kit.upstream import Request
from tests.app.connections.conftest import Pair
from tests.app.site import LASTS_SECONDS


async def test_two_gateways_that_race_renew_once(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.hold = asyncio.Event()

    calls = [asyncio.create_task(pair.call(world)) for world in (pair.first, pair.second)]
    await pair.site.asked.wait()
    await pair.clock.until_asleep(LOOK_AGAIN_SECONDS)
    pair.site.hold.set()
    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    pair.clock.advance(LOOK_AGAIN_SECONDS)
    answers = await asyncio.gather(*calls)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert pair.site.token_calls == 1
    assert pair.site.seen[-2:] == [f"Bearer {pair.site.access_token}"] * 2


async def test_all_calls_of_one_gateway_share_one_renewal(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()

    answers = await asyncio.gather(*(pair.call(pair.first) for _ in range(12)))

    assert {answer.status_code for answer in answers} == {200}
    assert pair.site.token_calls == 1


async def test_a_token_about_to_expire_is_renewed_before_it_is_sent(pair: Pair) -> None:
    await pair.connect(expires_in=LASTS_SECONDS)
    pair.clock.advance(LASTS_SECONDS - 30)

    answer = await pair.call(pair.first)

    assert answer.status_code == 200
    assert pair.site.seen == ["Bearer access-2"]
    assert (await pair.row()).token_expires_at == pair.clock.now() + timedelta(seconds=LASTS_SECONDS)


async def test_a_rotated_refresh_token_is_saved_before_the_new_access_token_is_used(pair: Pair) -> None:
    await pair.connect(expires_in=0)
    found: list[dict[str, str]] = []

    async def look() -> None:
        found.append(dict(await pair.stored()))

    pair.site.during = look
    await pair.call(pair.first)

    assert pair.site.seen == ["Bearer access-2"]
    assert (found[0]["access_token"], found[0]["refresh_token"]) == ("access-2", "refresh-2")
    assert (await pair.stored("previous_secrets"))["refresh_token"] == "refresh-1"


async def test_the_other_gateway_takes_the_renewed_token_from_the_store(pair: Pair) -> None:
    await pair.connect()
    await pair.call(pair.second)
    pair.site.expire()
    await pair.call(pair.first)

    answer = await pair.call(pair.second)

    assert answer.status_code == 200
    assert pair.site.token_calls == 1


async def test_a_dead_grant_needs_the_customer_on_both_gateways(pair: Pair) -> None:
    await pair.connect()
    await pair.call(pair.second)
    pair.site.expire()
    pair.site.refuses_grant = True

    refused = await pair.call(pair.first)
    await pair.second.parts.notice_changes()
    calls = len(pair.site.seen)
    elsewhere = await pair.call(pair.second)

    assert (refused.status_code, refused.json()["code"]) == (409, "needs_reauth")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "needs_reauth")
    assert await pair.status() == "needs_reauth"
    assert (pair.site.token_calls, len(pair.site.seen)) == (1, calls)


OUTAGES = {
    "500": JSONResponse({"exc_type": "OperationalError"}, 500),
    "a page of HTML": HTMLResponse("<h1>Down</h1>", 503),
    "a firewall's 403": HTMLResponse("<h1>No</h1>", 403),
    "429": JSONResponse({"exc_type": "TooManyRequestsError"}, 429),
    "torn JSON": Response(b'{"access_to', media_type="application/json"),
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES.keys())
async def test_an_outage_of_the_token_endpoint_loses_no_account(pair: Pair, outage: Response) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.trouble = outage

    during = await pair.call(pair.first)
    pair.site.trouble = None
    after = await pair.call(pair.second)

    assert during.status_code == 502
    assert after.status_code == 200
    assert await pair.status() == "active"
    assert (await pair.stored())["refresh_token"] == "refresh-2"


async def test_the_lease_of_a_gateway_that_died_is_taken_over_when_it_ends(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    now = pair.clock.now()
    assert await LeaseStore(pair.first.parts.database).claim(await pair.row(), "the dead", now, now + LEASE)

    call = asyncio.create_task(pair.call(pair.second))
    await pair.clock.until_asleep(LOOK_AGAIN_SECONDS)
    pair.clock.advance(LEASE.total_seconds() + 1)
    answer = await pair.ended(call)

    assert answer.status_code == 200
    assert pair.site.token_calls == 1


async def test_a_call_does_not_wait_for_ever_on_anothers_renewal(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    now = pair.clock.now()
    until = now + timedelta(days=1)
    assert await LeaseStore(pair.first.parts.database).claim(await pair.row(), "the slow", now, until)

    call = asyncio.create_task(pair.call(pair.second))
    await pair.clock.until_asleep(LOOK_AGAIN_SECONDS)
    pair.clock.advance(WAIT_SECONDS_MAX + 1)
    answer = await call

    assert (answer.status_code, answer.json()["code"]) == (504, "provider_timeout")
    assert pair.site.token_calls == 0
    assert await pair.status() == "active"


async def test_a_caller_who_leaves_does_not_stop_the_renewal(pair: Pair) -> None:
    await pair.connect()
    caller = await pair.first.parts.tokens.check(pair.first.token)
    connection = await pair.first.parts.connections.open(caller, pair.account_id)
    pair.site.expire()
    pair.site.hold = asyncio.Event()
    leaving = asyncio.create_task(connection.send(Request(method="GET", url=f"{pair.site_url}/api/x")))
    await pair.site.asked.wait()

    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    waiting = asyncio.create_task(pair.call(pair.first))
    pair.site.hold.set()
    answer = await waiting

    assert answer.status_code == 200
    assert pair.site.token_calls == 1


async def test_two_openings_of_one_account_both_get_the_renewed_token(pair: Pair) -> None:
    await pair.connect()
    await pair.call(pair.first)
    pair.site.expire()
    pair.site.hold = asyncio.Event()
    first = asyncio.create_task(pair.call(pair.first))
    await pair.site.asked.wait()

    pair.first.parts.connections.clear()
    refused = asyncio.Event()

    async def note() -> None:
        refused.set()

    pair.site.during = note
    second = asyncio.create_task(pair.call(pair.first))
    await refused.wait()
    pair.site.hold.set()
    answers = await asyncio.gather(first, second)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert pair.site.token_calls == 1


async def test_an_account_renamed_during_a_renewal_keeps_the_rotated_token(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.hold = asyncio.Event()
    call = asyncio.create_task(pair.call(pair.first))
    await pair.site.asked.wait()

    renamed = await pair.second.http.patch(
        f"/integrated-account/{pair.account_id}", json={"tenant_id": "renamed"}, headers=pair.headers
    )
    pair.site.hold.set()
    answer = await call

    assert (renamed.status_code, answer.status_code) == (200, 200)
    assert (await pair.stored())["refresh_token"] == "refresh-2"
    assert (await pair.row()).tenant_id == "renamed"


async def test_an_account_renamed_elsewhere_is_renewed_rather_than_lost(pair: Pair) -> None:
    await pair.connect()
    await pair.call(pair.first)
    await pair.second.http.patch(
        f"/integrated-account/{pair.account_id}", json={"tenant_id": "renamed"}, headers=pair.headers
    )
    pair.site.expire()

    answer = await pair.call(pair.first)

    assert answer.status_code == 200
    assert (await pair.status(), pair.site.token_calls) == ("active", 1)


async def test_credentials_given_during_a_renewal_are_not_overwritten_by_it(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.hold = asyncio.Event()
    call = asyncio.create_task(pair.call(pair.first))
    await pair.site.asked.wait()

    given = await pair.second.http.patch(
        f"/integrated-account/{pair.account_id}",
        json={"context": {"api_key": "new-key", "api_secret": "new-secret"}},
        headers=pair.headers,
    )
    pair.site.hold.set()
    await call

    assert given.status_code == 200
    assert await pair.stored() == {"api_key": "new-key", "api_secret": "new-secret"}
