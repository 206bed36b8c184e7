"""Why an account is lost is told by its own name, and what is no verdict loses none."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.connections.lease import LEASE
from app.connections.lease_store import LeaseStore
from app.events.log import EventType
from tests.app.connections.conftest import Pair
from tests.app.connections.test_refresh_recovery import left_behind
from tests.app.site import Torn

VERDICTS: dict[str, tuple[Response, str]] = {
    "OAuth's own": (JSONResponse({"error": "invalid_grant"}, 400), "revoked"),
    "ERPNext 15's": (JSONResponse({"exc_type": "PermissionError"}, 403), "revoked"),
    "another ERPNext's": (JSONResponse({"exc_type": "DoesNotExistError"}, 404), "revoked"),
    "an unknown client": (JSONResponse({"error": "invalid_client"}, 401), "wrong_client"),
    "a client without the right": (JSONResponse({"error": "unauthorized_client"}, 400), "wrong_client"),
}
NO_VERDICTS: dict[str, Response] = {
    "no request of ours": JSONResponse({"error": "invalid_request"}, 400),
    "down for a while": JSONResponse({"error": "temporarily_unavailable"}, 400),
    "a server's error": JSONResponse({"error": "server_error"}, 400),
    "a firewall": HTMLResponse("<h1>Forbidden</h1>", 403),
    "a gateway": HTMLResponse("<h1>Bad gateway</h1>", 502),
    "too many": HTMLResponse("<h1>Slow down</h1>", 429),
    "no JSON at all": HTMLResponse("<h1>Welcome</h1>", 200),
    "torn": Torn(),
}


@pytest.mark.parametrize(("refusal", "reason"), VERDICTS.values(), ids=VERDICTS.keys())
async def test_a_verdict_of_the_token_endpoint_is_told_by_its_name(
    pair: Pair, refusal: Response, reason: str
) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.trouble = refusal

    answer = await pair.call(pair.first)

    row = await pair.row()
    assert (answer.status_code, answer.json()["code"]) == (409, "needs_reauth")
    assert (row.status, row.reason_code, row.refresh_started_at) == ("needs_reauth", reason, None)
    assert row.status_reason
    shown = await pair.second.http.get(f"/integrated-account/{pair.account_id}", headers=pair.headers)
    assert shown.json()["result"]["reason_code"] == reason


@pytest.mark.parametrize("trouble", NO_VERDICTS.values(), ids=NO_VERDICTS.keys())
async def test_what_is_no_verdict_loses_no_account(pair: Pair, trouble: Response) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.trouble = trouble

    during = [await pair.call(world) for world in (pair.first, pair.second)]
    status = await pair.status()
    pair.site.trouble = None
    after = await pair.call(pair.first)

    assert [answer.status_code for answer in during] == [502, 502]
    assert (status, after.status_code) == ("active", 200)


async def test_a_token_that_was_replaced_unseen_is_told_apart_from_one_taken_back(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.lost_answer = Torn()

    first = await pair.call(pair.first)
    pair.clock.advance(1)
    second = await pair.call(pair.second)

    row = await pair.row()
    assert (first.status_code, second.status_code) == (502, 409)
    assert (row.status, row.reason_code) == ("needs_reauth", "rotated_away")


async def test_background_work_tells_the_same(pair: Pair) -> None:
    await pair.connect()
    await left_behind(pair)
    pair.site.refuses_grant = True
    pair.clock.advance(LEASE.total_seconds() + 1)

    await pair.recover(pair.first)

    row = await pair.row()
    assert (row.status, row.reason_code, row.refresh_started_at) == ("needs_reauth", "rotated_away", None)


async def test_a_client_that_is_no_longer_here_is_the_wrong_one(pair: Pair) -> None:
    context = pair.site.context(pair.site_url)
    del context["oauth"]["client_id"], context["oauth"]["client_secret"]
    pair.account_id = await pair.first.account("erpnext", context)
    pair.site.expire()

    await pair.call(pair.first)

    assert (await pair.row()).reason_code == "wrong_client"
    assert pair.site.token_calls == 0


async def test_keys_that_are_refused_are_refused(pair: Pair) -> None:
    pair.account_id = await pair.first.erpnext(pair.site_url)

    called = await pair.call(pair.first)

    assert called.status_code == 409
    assert (await pair.row()).reason_code == "refused"


async def test_a_trial_of_keys_that_are_refused_tells_the_same(pair: Pair) -> None:
    pair.account_id = await pair.first.erpnext(pair.site_url)

    path = f"/integrated-account/{pair.account_id}/validate"
    tried = await pair.second.http.post(path, headers=pair.headers)

    told = tried.json()["result"]
    assert (told["status"], told["reason_code"]) == ("needs_reauth", "refused")


async def test_an_account_that_renews_after_all_is_well_again_and_this_is_told(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.refuses_grant = True
    await pair.call(pair.first)
    pair.site.refuses_grant = False

    path = f"/integrated-account/{pair.account_id}/validate"
    tried = await pair.second.http.post(path, headers=pair.headers)

    told = tried.json()["result"]
    assert (told["status"], told["status_reason"], told["reason_code"]) == ("active", None, None)
    assert await _events(pair) == [
        "integrated_account.created",
        "integrated_account.active",
        "integrated_account.needs_reauth",
        "integrated_account.reactivated",
    ]


async def test_a_lost_account_is_not_asked_for_again(pair: Pair) -> None:
    await pair.connect()
    pair.site.expire()
    pair.site.refuses_grant = True
    await pair.call(pair.first)

    for _ in range(5):
        pair.clock.advance(3_600 * 24 * 2)
        await pair.recover(pair.first)
        await pair.first.parts.recovery.keep_alive()
        await pair.rest()

    assert pair.site.token_calls == 1
    leases = LeaseStore(pair.first.parts.database)
    assert await leases.abandoned(["erpnext"], pair.clock.now(), 10) == []


async def _events(pair: Pair) -> list[EventType]:
    from sqlalchemy import select

    from app.db.tables import event

    query: Any = select(event.c.type).where(event.c.account_id == pair.account_id).order_by(event.c.number)
    async with pair.first.parts.database.engine.connect() as connection:
        return list((await connection.execute(query)).scalars())
