"""`GET /integrated-account/{id}/usage`: what was asked of the provider, by whomever, and how the day will end."""

from __future__ import annotations

from app.settings import Settings
from app.usage.store import UsageStore
from providers.brightpearl.sandbox import create_sandbox
from tests.app.api.control.asking import problem_of
from tests.app.usage.conftest import Customer
from tests.app.wire import HangUp, Seen, Wire, answer
from tests.world import World, gateway, served

HOUR_SECONDS = 3_600.0


async def test_an_account_that_nobody_called_has_used_nothing(customer: Customer) -> None:
    told = await customer.usage()

    assert told["today"] == {"day": "2026-03-01", "calls": 0, "throttled": 0, "failed": 0, "provider_ms": 0}
    assert told["last_30_days"] == {"calls": 0, "throttled": 0, "failed": 0, "provider_ms": 0}
    assert (told["days"], told["daily_budget"]) == ([], None)
    assert told["forecast"]["at_last_hour"]["expected_calls"] == 0


async def test_calls_are_counted_by_what_came_of_them(customer: Customer, wire: Wire) -> None:
    await customer.statuses(2)
    for script in (answer(b"", "404 x"), answer(b"", "500 x"), _hung_up, answer(b"", "429 x")):
        wire.script = script
        await customer.call()

    told = await customer.usage()

    assert {name: told["today"][name] for name in ("calls", "throttled", "failed")} == {
        "calls": 6,
        "throttled": 1,
        "failed": 2,
    }


async def _hung_up(seen: Seen) -> None:
    raise HangUp


async def test_a_unified_call_counts_as_many_as_it_asks_of_the_provider(customer: Customer, wire: Wire) -> None:
    wire.script = answer(b'{"data": []}')

    await customer.world.unified("invoices", customer.account_id)

    assert (await customer.usage())["today"]["calls"] == len(wire.seen) > 0


async def test_the_providers_allowances_are_told_and_its_refusals_are_throttled_calls(light: World) -> None:
    async with served(create_sandbox().app) as url:
        account_id = await light.brightpearl(url)
        await light.http.post(f"{url}/__sandbox/limits", json={"window_seconds": 3_600})
        headers = {"X-Integrated-Account-Id": account_id}
        await light.http.get("/proxy/order-service/order-type", headers=headers)
        await light.http.post(f"{url}/__sandbox/hardship", json={"kind": "throttled"})
        refused = await light.http.get("/proxy/order-service/order-type", headers=headers)
    await light.parts.usage.spendings.write()

    told = (await light.http.get(f"/integrated-account/{account_id}/usage")).json()["result"]

    assert refused.status_code == 503
    assert (told["today"]["calls"], told["today"]["throttled"], told["today"]["failed"]) == (2, 1, 0)
    (allowance,) = told["allowances"]
    assert (allowance["name"], allowance["scope"], allowance["unit"]) == ("minute", "account", "calls")
    assert (allowance["limit"], allowance["remaining"]) == (200, 0)
    assert allowance["resets_at"] is not None


async def test_two_processes_sum_what_they_count_and_a_restart_loses_nothing(
    customer: Customer, settings: Settings
) -> None:
    async with gateway(settings, customer.clock) as other:
        await customer.statuses(3)
        await customer.statuses(2, via=other)
        await other.parts.usage.spendings.write()
        assert (await customer.usage())["today"]["calls"] == 5
        await customer.statuses(1, via=other)

    # The other one has stopped, and written what it had.
    assert (await customer.usage())["today"]["calls"] == 6


async def test_days_are_those_of_utc_and_thirty_are_told(customer: Customer) -> None:
    await customer.statuses(2)
    customer.clock.advance(12 * HOUR_SECONDS - 1)
    await customer.statuses(1)
    customer.clock.advance(1)
    await customer.statuses(4)

    told = await customer.usage()
    assert [(day["day"], day["calls"]) for day in told["days"]] == [("2026-03-02", 4), ("2026-03-01", 3)]
    assert (told["today"]["calls"], told["last_30_days"]["calls"]) == (4, 7)

    customer.clock.advance(29 * 24 * HOUR_SECONDS)
    later = await customer.usage()
    assert [(day["day"], day["calls"]) for day in later["days"]] == [("2026-03-02", 4)]
    assert (later["today"]["calls"], later["last_30_days"]["calls"]) == (0, 4)


async def test_days_are_kept_for_four_hundred_days(customer: Customer) -> None:
    store = customer.world.parts.usage.spendings
    await customer.statuses(1)
    await customer.usage()

    customer.clock.advance(400 * 24 * HOUR_SECONDS)
    await store.prune()
    assert await _days(customer) == 1
    customer.clock.advance(24 * HOUR_SECONDS)
    await store.prune()
    assert await _days(customer) == 0


async def _days(customer: Customer) -> int:
    long_ago = customer.clock.now().date().replace(year=2020)
    return len(await UsageStore(customer.world.parts.database).days_since(customer.account_id, long_ago))


async def test_the_forecast_goes_by_the_last_hour_and_by_the_last_day(customer: Customer) -> None:
    await customer.limit(soft=10, hard=20)
    customer.clock.advance(-12 * HOUR_SECONDS)  # Midnight, so that the arithmetic can be done by hand.
    await customer.statuses(2)
    customer.clock.advance(6 * HOUR_SECONDS)
    await customer.statuses(4)

    told = await customer.usage()

    assert told["forecast"]["at_last_hour"] == {
        "calls_per_hour": 4.0,
        "expected_calls": 6 + 4 * 18,
        "soft_reached_at": "2026-03-01T07:00:00Z",
        "exhausted_at": "2026-03-01T09:30:00Z",
    }
    assert told["forecast"]["at_last_day"] == {
        "calls_per_hour": 0.25,
        "expected_calls": round(6 + 0.25 * 18),
        "soft_reached_at": "2026-03-01T22:00:00Z",
        "exhausted_at": None,
    }


async def test_the_hour_before_counts_for_as_much_of_it_as_is_in_the_last_sixty_minutes(customer: Customer) -> None:
    await customer.statuses(4)
    customer.clock.advance(1.25 * HOUR_SECONDS)
    await customer.statuses(2)

    assert (await customer.usage())["forecast"]["at_last_hour"]["calls_per_hour"] == 2 + 4 * 0.75


async def test_another_environment_has_no_such_account(customer: Customer) -> None:
    stranger = await customer.world.new_token(await customer.world.environment())

    refused = await customer.world.http.get(
        f"/integrated-account/{customer.account_id}/usage", headers={"Authorization": f"Bearer {stranger}"}
    )

    problem_of(refused, 404, "not_found")


async def test_a_warm_call_asks_the_database_nothing_with_a_budget_or_without(customer: Customer) -> None:
    await customer.statuses(1)
    before = await _statements(customer)
    await customer.statuses(20)
    assert await _statements(customer) == before

    await customer.limit(hard=1_000)
    await customer.statuses(1)
    before = await _statements(customer)
    await customer.statuses(20)
    assert await _statements(customer) == before


async def _statements(customer: Customer) -> float:
    lines = (await customer.world.http.get("/metrics")).text.splitlines()
    return next(
        float(line.split()[1]) for line in lines if line.startswith('ledgerway_sql_statements_total{origin="call"')
    )
