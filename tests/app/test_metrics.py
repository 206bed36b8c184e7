"""`/metrics` counts what happens to calls and at providers, under labels that stay few."""

from __future__ import annotations

from app import metrics
from tests.app.readings import read, readings
from tests.app.site import Site
from tests.app.wire import Wire, answer
from tests.world import World, served


async def test_calls_are_counted_by_route_integration_and_status(light: World) -> None:
    counts = await readings(light.http)
    site = Site()
    async with served(site) as url:
        account_id = await light.account("erpnext", site.context(url))
        for _ in range(3):
            await light.http.get("/proxy/api/resource/x", headers={"X-Integrated-Account-Id": account_id})

    proxied = {"route": "proxy", "integration": "erpnext"}
    assert await counts.grown("ledgerway_calls_total", status="200", **proxied) == 3
    assert await counts.grown("ledgerway_call_seconds_count", **proxied) == 3
    assert await counts.grown("ledgerway_added_seconds_count", **proxied) == 3
    assert await counts.grown("ledgerway_provider_calls_total", integration="erpnext") == 3
    assert await counts.grown("ledgerway_sql_statements_total", origin="call") > 0


async def test_what_a_call_was_refused_for_is_counted_by_its_code(light: World) -> None:
    counts = await readings(light.http)

    await light.unified("no-such-thing", "x")
    await light.http.get("/proxy/x", headers={"Authorization": "Bearer lw_unknown"})

    assert await counts.grown("ledgerway_refusals_total", route="unified", code="not_found") == 1
    assert await counts.grown("ledgerway_refusals_total", route="proxy", code="unauthenticated") == 1
    assert await counts.grown("ledgerway_added_seconds_count") == 0


async def test_a_provider_that_throttles_is_counted(light: World, wire: Wire, account: str) -> None:
    counts = await readings(light.http)
    wire.script = answer(b"{}", "429 Too Many Requests\r\nRetry-After: 100")

    got = await light.unified("items", account)

    assert got.json()["code"] == "rate_limited"
    assert await counts.grown("ledgerway_throttles_total", integration="erpnext", whose="provider") >= 1
    assert await counts.grown("ledgerway_throttles_total", whose="ours") == 0


async def test_breakers_that_are_open_are_told_until_they_close(light: World) -> None:
    name, labels = "ledgerway_breakers_open", frozenset({("integration", "xero"), ("reach", "account")})

    metrics.breaker_opened("xero", "account")
    opened = (await read(light.http))[name, labels]
    metrics.breaker_closed("xero", "account")

    assert opened == 1
    assert (await read(light.http))[name, labels] == 0
    assert (await read(light.http))["ledgerway_breakers_opened_total", labels] >= 1
