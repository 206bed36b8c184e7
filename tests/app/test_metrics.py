"""`/metrics` counts what happens to calls and at providers, under labels that stay few."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from app import VERSION, metrics
from app.parts import WRITE_LOG_SECONDS
from app.upstream.sender import CONNECTIONS_MAX
from tests.app.api.control.asking import problem_of
from tests.app.clock import VirtualClock
from tests.app.readings import Sample, read, readings, summed
from tests.app.site import Site
from tests.app.wire import Seen, Wire, answer
from tests.world import World, gateway, served, settings_in

LAST_SUCCESS = "ledgerway_background_last_success_timestamp_seconds"


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


@pytest.mark.parametrize("path", ["/proxy/api/resource/Item", "/unified/accounting/items"])
async def test_a_provider_that_throttles_is_counted(light: World, wire: Wire, account: str, path: str) -> None:
    counts = await readings(light.http)
    wire.script = answer(b"{}", "429 Too Many Requests", b"Retry-After: 100")

    got = await light.http.get(path, headers={"X-Integrated-Account-Id": account})

    assert got.status_code == 429
    assert await counts.grown("ledgerway_throttles_total", integration="erpnext", whose="provider") == 1
    assert await counts.grown("ledgerway_throttles_total", whose="ours") == 0


async def test_a_call_that_our_own_pacing_turns_away_is_counted(light: World, wire: Wire, account: str) -> None:
    counts = await readings(light.http)
    named = {"X-Integrated-Account-Id": account, "Prefer": "wait=0"}
    wire.script = answer(b"{}", "429 Too Many Requests", b"Retry-After: 100")
    await light.http.get("/proxy/x", headers=named)

    got = await light.http.get("/proxy/x", headers=named)

    assert got.json()["code"] == "rate_limited"
    assert len(wire.seen) == 1
    assert await counts.grown("ledgerway_throttles_total", integration="erpnext", whose="provider") == 1
    assert await counts.grown("ledgerway_throttles_total", integration="erpnext", whose="ours") == 1
    assert await counts.grown("ledgerway_quota_wait_seconds_count", integration="erpnext") == 1


async def test_breakers_that_are_open_are_told_until_they_close(light: World) -> None:
    name, labels = "ledgerway_breakers_open", frozenset({("integration", "xero"), ("reach", "account")})

    metrics.breaker_opened("xero", "account")
    opened = (await read(light.http))[name, labels]
    metrics.breaker_closed("xero", "account")

    assert opened == 1
    assert (await read(light.http))[name, labels] == 0
    assert (await read(light.http))["ledgerway_breakers_opened_total", labels] >= 1


async def test_pools_tasks_and_background_work_are_told_as_they_are(light: World, wire: Wire, account: str) -> None:
    counts = await readings(light.http)
    hold = asyncio.Event()

    async def held(seen: Seen) -> None:
        await seen.body()
        await hold.wait()
        await seen.write(answer(b"ok"))

    wire.script = held
    call = asyncio.create_task(light.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account}))
    await wire.until(lambda: bool(wire.seen))
    during = await read(light.http)
    hold.set()
    await call
    after = await read(light.http)
    await light.parts.vitals.count_backlog()

    def connections(samples: dict[Sample, float], state: str) -> float:
        return summed(samples, "ledgerway_upstream_connections", {"pool": "private", "state": state})

    assert (connections(during, "in_use"), connections(during, "idle")) == (1, 0)
    assert (connections(after, "in_use"), connections(after, "idle")) == (0, 1)
    assert summed(after, "ledgerway_upstream_connections_max", {"pool": "private"}) == CONNECTIONS_MAX
    assert summed(after, "ledgerway_database_connections_max", {}) >= 5
    assert summed(after, "ledgerway_tasks", {}) > 5
    assert summed(after, "ledgerway_build_info", {"version": VERSION}) == 1
    assert summed(after, "ledgerway_webhook_backlog", {}) == 0
    assert await counts.grown("ledgerway_background_failures_total") == 0


async def test_background_work_tells_when_it_was_last_done_and_how_often_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = VirtualClock()
    async with gateway(settings_in(tmp_path), clock) as world:
        counts = await readings(world.http)
        await clock.let_pass(WRITE_LOG_SECONDS)
        done = summed(await read(world.http), LAST_SUCCESS, {"work": "CallLog.write"})
        monkeypatch.setattr(world.parts.database, "transaction", None)
        await world.http.get("/proxy/x")
        await clock.let_pass(WRITE_LOG_SECONDS)
        monkeypatch.undo()

        assert done == clock.now().timestamp() - WRITE_LOG_SECONDS
        assert await counts.grown("ledgerway_background_failures_total", work="CallLog.write") == 1
        assert summed(await read(world.http), LAST_SUCCESS, {"work": "CallLog.write"}) == done


async def test_metrics_are_open_unless_the_owner_has_set_a_token(tmp_path: Path) -> None:
    async with gateway(settings_in(tmp_path, metrics_token="scrapers")) as world:
        ways = {
            "ours": await world.http.get("/metrics"),
            "none": await world.http.get("/metrics", headers={"Authorization": ""}),
            "odd": await world.http.get("/metrics", headers={"Authorization": "Bearer scraperz"}),
            "right": await world.http.get("/metrics", headers={"Authorization": "Bearer scrapers"}),
        }

    for name in ("ours", "none", "odd"):
        problem_of(ways[name], 401, "unauthenticated")
    assert ways["right"].status_code == 200
    assert "ledgerway_calls_total" in ways["right"].text


def test_no_series_is_named_by_an_account_an_environment_or_a_path() -> None:
    of_calls = {"route", "integration", "status", "code", "whose", "outcome", "reach"}
    of_the_process = {"origin", "pool", "state", "work", "version", "python"}
    labels = {
        label
        for family in REGISTRY.collect()
        if family.name.startswith("ledgerway_")
        for sample in family.samples
        for label in sample.labels
    }

    assert labels <= of_calls | of_the_process | {"le"}


async def test_every_series_is_explained_and_no_other_is(light: World) -> None:
    page = (Path(__file__).parents[2] / "docs/observability.md").read_text(encoding="utf-8")
    section = page.partition("\n## `/metrics`\n")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| `(ledgerway_\w+)`", section, re.MULTILINE)
    told = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in REGISTRY.collect()
        if family.name.startswith("ledgerway_")
    }

    assert sorted(explained) == sorted(told)
