"""`/log`: every call through the gateway, told truly and soon, without bodies, queries or secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.parts import WRITE_LOG_SECONDS
from providers.erpnext.sandbox import create_sandbox
from tests.app.api.control.asking import problem_of
from tests.app.clock import START, VirtualClock
from tests.app.site import Site
from tests.world import World, gateway, served, settings_in


async def _log(world: World, **asked: Any) -> list[dict[str, Any]]:
    answer = await world.http.get("/log", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["result"])


@pytest.fixture
async def sandbox() -> AsyncIterator[str]:
    async with served(create_sandbox().app) as url:
        yield url


async def test_a_unified_call_is_told_as_it_was(world: World, sandbox: str) -> None:
    account_id = await world.erpnext(sandbox)

    answer = await world.unified("invoices", account_id, limit=2)
    await world.parts.calls.write()

    (entry,) = await _log(world)
    assert entry["request_id"] == answer.headers["x-request-id"]
    assert (entry["method"], entry["path"]) == ("GET", "/unified/accounting/invoices")
    assert (entry["account_id"], entry["integration"]) == (account_id, "erpnext")
    assert (entry["status"], entry["code"]) == (200, None)
    assert entry["provider_calls"] >= 2
    assert entry["provider_ms"] > 0
    assert 0 < entry["duration_ms"] < 60_000


async def test_a_proxied_call_is_told_by_its_template_and_what_it_asked_of_the_provider(world: World) -> None:
    site = Site()
    async with served(site) as url:
        account_id = await world.account("erpnext", site.context(url))
        site.expire()
        answer = await world.http.post(
            "/proxy/api/resource/Private%20Words?private=words",
            content=b'{"private": "words"}',
            headers={"X-Integrated-Account-Id": account_id, "X-Private": "words"},
        )
    await world.parts.calls.write()

    (entry,) = await _log(world)
    assert answer.status_code == 200
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", "/proxy/{path}", 200)
    assert entry["provider_calls"] == 2  # One was refused; the other had the new token.


async def test_a_call_of_an_account_that_is_not_ready_is_told_with_its_account(world: World) -> None:
    context = {"site_url": "http://127.0.0.1:9", "api_key": "k", "api_secret": "s"}
    account_id = await world.account("erpnext", context, validate=True)

    await world.unified("invoices", account_id)
    await world.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account_id})
    await world.parts.calls.write()

    told = await _log(world)
    assert [(entry["account_id"], entry["code"]) for entry in told] == [(account_id, "account_not_ready")] * 2


async def test_refusals_are_told_with_their_code(world: World) -> None:
    await world.unified("no-such-thing", "x")
    await world.unified("invoices", "no-such-account")
    await world.http.get("/proxy/x")
    await world.parts.calls.write()

    told = [(entry["path"], entry["status"], entry["code"]) for entry in reversed(await _log(world))]
    assert told == [
        ("/unified/accounting/{resource}", 404, "not_found"),
        ("/unified/accounting/invoices", 404, "not_found"),
        ("/proxy/{path}", 400, "invalid_request"),
    ]


async def test_an_entry_holds_no_word_of_the_call(world: World, sandbox: str) -> None:
    account_id = await world.erpnext(sandbox, api_secret="private-secret")

    await world.unified("invoices/invoice:private-id", account_id, reference="private-filter")
    await world.http.post(
        "/proxy/private-path?private-query=1",
        content=b"private-body",
        headers={"X-Integrated-Account-Id": account_id, "X-Private": "private-header"},
    )
    await world.parts.calls.write()

    async with world.parts.database.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT * FROM call_log"))).all()
    assert len(rows) == 2
    assert "private" not in repr(rows) + repr(await _log(world))
    assert world.token not in repr(rows)


async def test_an_environment_sees_its_own_calls_alone(world: World) -> None:
    stranger = await world.new_token(await world.environment())
    await world.http.get("/proxy/x")
    await world.http.get("/proxy/x", headers={"Authorization": f"Bearer {stranger}"})
    await world.http.get("/proxy/x", headers={"Authorization": "Bearer lw_unknown"})
    await world.parts.calls.write()

    mine = await _log(world)
    theirs = (await world.http.get("/log", headers={"Authorization": f"Bearer {stranger}"})).json()["result"]

    assert (len(mine), len(theirs)) == (1, 1)
    assert mine[0]["id"] != theirs[0]["id"]


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[tuple[VirtualClock, World]]:
    clock = VirtualClock()
    async with gateway(settings_in(tmp_path, log_retention_days=7), clock) as world:
        yield clock, world


async def test_an_entry_is_there_within_a_second(timed: tuple[VirtualClock, World]) -> None:
    clock, world = timed
    await world.http.get("/proxy/x")
    before = await _log(world)

    await clock.let_pass(1)

    assert WRITE_LOG_SECONDS <= 1
    assert (before, len(await _log(world))) == ([], 1)


async def test_entries_are_found_by_time_account_status_and_code(timed: tuple[VirtualClock, World]) -> None:
    clock, world = timed
    account_id = await world.erpnext("http://127.0.0.1:9")
    await world.http.get("/proxy/x")
    clock.advance(60)
    await world.http.get("/proxy/x", params={"integrated_account_id": account_id})
    await world.parts.calls.write()

    async def found(**asked: Any) -> list[int]:
        return [entry["status"] for entry in await _log(world, **asked)]

    middle = (START + timedelta(seconds=30)).isoformat()
    assert await found() == [502, 400]
    assert await found(status=400) == [400]
    assert await found(code="provider_unavailable") == [502]
    assert await found(account_id=account_id) == [502]
    assert await found(since=middle) == [502]
    assert await found(until=middle) == [400]
    assert await found(since=START.isoformat(), until=START.isoformat()) == [400]
    assert await found(account_id="no-such") == []


async def test_entries_are_found_by_what_was_called_and_how(world: World) -> None:
    account_id = await world.erpnext("http://127.0.0.1:9")
    named = {"integrated_account_id": account_id}
    lost = await world.http.get("/proxy/x", params=named)
    await world.http.post("/proxy/x", params=named)
    await world.http.get("/unified/accounting/items")
    await world.parts.calls.write()

    async def found(**asked: Any) -> list[tuple[str, str]]:
        return [(entry["method"], entry["path"]) for entry in await _log(world, **asked)]

    proxied, listed = "/proxy/{path}", "/unified/accounting/items"
    assert await found(integration="erpnext") == [("POST", proxied), ("GET", proxied)]
    assert await found(integration="brightpearl") == []
    assert await found(method="POST") == [("POST", proxied)]
    assert await found(path=listed) == [("GET", listed)]
    assert await found(request_id=lost.headers["x-request-id"]) == [("GET", proxied)]
    assert await found(status="4xx") == [("GET", listed)]
    assert await found(status="5xx", method="POST") == [("POST", proxied)]
    assert await found(status="2xx") == []


async def test_what_a_call_took_is_told_by_where_it_went(world: World, sandbox: str) -> None:
    account_id = await world.erpnext(sandbox)

    await world.unified("invoices", account_id, limit=2)
    await world.parts.calls.write()

    (entry,) = await _log(world)
    assert entry["waited_ms"] >= 0
    assert 0 < entry["added_ms"] < entry["duration_ms"]
    # Calls to a provider may run side by side, so what they took together may be more than the call did.
    assert entry["duration_ms"] <= entry["added_ms"] + entry["provider_ms"] + entry["waited_ms"] + 1


async def test_a_caller_that_nobody_knows_is_told_by_where_it_knocked(world: World) -> None:
    for path in ("/proxy/private", "/unified/accounting/private"):
        await world.http.get(path, headers={"Authorization": "Bearer lw_unknown"})
    await world.parts.calls.write()

    async with world.parts.database.engine.connect() as connection:
        told = (
            await connection.execute(text("SELECT path, status, environment_id FROM call_log ORDER BY id"))
        ).all()
    assert [tuple(row) for row in told] == [
        ("/proxy/{path}", 401, None),
        ("/unified/accounting/{resource}", 401, None),
    ]


async def test_entries_are_dropped_after_their_time(timed: tuple[VirtualClock, World]) -> None:
    clock, world = timed
    await world.http.get("/proxy/x")
    await clock.let_pass(1)

    clock.advance(7 * 86_400)
    await world.http.get("/proxy/x")
    await world.parts.calls.write()
    await world.parts.calls.prune()

    assert [entry["at"] for entry in await _log(world)] == [clock.now().isoformat().replace("+00:00", "Z")]


async def test_questions_that_make_no_sense_are_refused(light: World) -> None:
    for name, value in (
        ("status", "99"),
        ("status", "600"),
        ("status", "ok"),
        ("status", "6xx"),
        ("after", "-1"),
        ("after", str(2**63)),
        ("request_id", "a\0"),
        ("since", "yesterday"),
        ("since", "2026-01-01T00:00:00"),
        ("since", "0001-01-01T00:00:00+14:00"),
        ("until", "9999-12-31T23:59:59-14:00"),
        ("code", "a\0"),
        ("account_id", "x" * 201),
    ):
        problem = problem_of(await light.http.get("/log", params={name: value}), 400, "invalid_request")
        assert [error["field"] for error in problem["errors"]] == [name], value
