"""Budgets: above the soft one only interactive calls pass, above the hard one none, until the day ends."""

from __future__ import annotations

from typing import Any

import pytest

from app.quota.asking import Wishes
from app.settings import Settings
from tests.app.api.control.asking import problem_of
from tests.app.usage.conftest import Customer
from tests.app.wire import Wire
from tests.world import gateway

BACKGROUND = {"Priority": "u=7"}
HALF_A_DAY_SECONDS = 12 * 3_600


async def test_above_the_hard_budget_no_call_passes_until_the_day_ends(customer: Customer, wire: Wire) -> None:
    await customer.limit(hard=3)

    assert await customer.statuses(3) == [200, 200, 200]
    problem = problem_of(await customer.call(), 429, "rate_limited")
    assert problem["retry_after"] == HALF_A_DAY_SECONDS
    assert "budget of 3" in problem["detail"]
    problem_of(await customer.world.unified("invoices", customer.account_id), 429, "rate_limited")
    assert len(wire.seen) == 3

    customer.clock.advance(HALF_A_DAY_SECONDS)
    assert await customer.statuses(4) == [200, 200, 200, 429]


async def test_above_the_soft_budget_background_calls_are_refused_and_interactive_ones_pass(
    customer: Customer,
) -> None:
    await customer.limit(soft=2, hard=4)

    assert await customer.statuses(2, **BACKGROUND) == [200, 200]
    problem = problem_of(await customer.call(**BACKGROUND), 429, "rate_limited")
    assert problem["retry_after"] == HALF_A_DAY_SECONDS
    assert await customer.statuses(3) == [200, 200, 429]


async def test_each_budget_that_is_reached_is_told_once_a_day(customer: Customer) -> None:
    await customer.limit(soft=1, hard=2)

    for _ in range(2):
        await customer.statuses(1)
        await customer.usage()
    await customer.statuses(2)
    told = await customer.usage()
    assert await customer.events() == ["budget_soft_reached", "budget_hard_reached"]
    assert told["daily_budget"] == {
        "soft": 1,
        "hard": 2,
        "used": 2,
        "remaining": 0,
        "resets_at": "2026-03-02T00:00:00Z",
        "soft_reached_at": "2026-03-01T12:00:00Z",
        "hard_reached_at": "2026-03-01T12:00:00Z",
    }

    customer.clock.advance(HALF_A_DAY_SECONDS)
    await customer.statuses(1)
    await customer.usage()
    assert (await customer.events())[2:] == ["budget_soft_reached"]


async def test_the_event_names_the_account_the_budget_and_the_day(customer: Customer) -> None:
    await customer.limit(hard=1)
    await customer.statuses(1)
    await customer.usage()

    event = (await customer.world.http.get("/event", params={"limit": 500})).json()["result"][-1]

    assert event["type"] == "integrated_account.budget_hard_reached"
    assert event["data"]["id"] == customer.account_id
    assert event["data"]["daily_budget"] == {"soft": None, "hard": 1}
    assert (event["data"]["day"], event["data"]["calls"]) == ("2026-03-01", 1)


async def test_a_process_that_starts_knows_what_the_day_has_seen(customer: Customer, settings: Settings) -> None:
    await customer.limit(hard=2)
    await customer.statuses(2)
    await customer.usage()

    async with gateway(settings, customer.clock) as other:
        assert await customer.statuses(1, via=other) == [429]


async def test_two_processes_keep_one_budget_but_for_what_they_send_between_two_batches(
    customer: Customer, settings: Settings
) -> None:
    await customer.limit(hard=5)
    async with gateway(settings, customer.clock) as other:
        both = (customer.world, other)
        for world in both:
            assert await customer.statuses(4, via=world) == [200] * 4
        for world in both:
            await world.parts.usage.spendings.write()

        # The second has read both sums, the first only its own; its next batch tells it.
        assert await customer.statuses(1, via=other) == [429]
        assert await customer.statuses(1) == [200]
        await customer.usage()
        assert await customer.statuses(1) == [429]


async def test_a_call_that_was_not_sent_after_all_takes_nothing_from_the_budget(
    customer: Customer, wire: Wire
) -> None:
    await customer.limit(hard=2)
    await customer.statuses(1)
    spending = await customer.world.parts.usage.spendings.open(await _account(customer))

    spending.take(customer.clock.monotonic(), Wishes)
    spending.give_back()

    assert await customer.statuses(2) == [200, 429]


async def _account(customer: Customer) -> Any:
    found = await customer.world.parts.account_store.find(customer.world.environment_id, customer.account_id)
    assert found is not None
    return found


async def test_a_budget_can_be_given_with_the_account_changed_and_taken_away(customer: Customer) -> None:
    http = customer.world.http
    made = await http.post(
        "/integrated-account",
        json={
            "tenant_id": "t",
            "integration": "erpnext",
            "context": {"site_url": customer.url, "api_key": "k", "api_secret": "s"},
            "daily_budget": {"soft": 1, "hard": 2},
            "validate": False,
        },
    )
    assert made.json()["result"]["daily_budget"] == {"soft": 1, "hard": 2}
    path = f"/integrated-account/{made.json()['result']['id']}"

    renamed = await http.patch(path, json={"tenant_id": "other"})
    assert renamed.json()["result"]["daily_budget"] == {"soft": 1, "hard": 2}
    changed = await http.patch(path, json={"daily_budget": {"hard": 9}})
    assert changed.json()["result"]["daily_budget"] == {"soft": None, "hard": 9}
    taken = await http.patch(path, json={"daily_budget": None})
    assert taken.json()["result"]["daily_budget"] is None


@pytest.mark.parametrize(
    "budget", [{"soft": 3, "hard": 2}, {"hard": 0}, {"soft": -1}, {"hard": "many"}, {"most": 1}]
)
async def test_a_budget_of_no_sense_is_refused(customer: Customer, budget: dict[str, Any]) -> None:
    refused = await customer.world.http.patch(
        f"/integrated-account/{customer.account_id}", json={"daily_budget": budget}
    )

    problem_of(refused, 422, "validation_failed")


async def test_a_budget_that_was_lowered_below_what_is_spent_is_told_by_the_call_it_refuses(
    customer: Customer,
) -> None:
    await customer.statuses(3)
    await customer.usage()
    await customer.limit(hard=2)

    assert await customer.statuses(1) == [429]
    await customer.usage()

    assert await customer.events() == ["budget_hard_reached"]
