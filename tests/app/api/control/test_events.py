"""`GET /event`: what happened, pulled by a cursor that leaves nothing out and says so where it must."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from tests.app.api.control.asking import problem_of
from tests.app.clock import VirtualClock
from tests.app.events.house import House
from tests.app.events.receiver import types
from tests.world import gateway

DAY = 86_400.0


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    clock = VirtualClock()
    async with gateway(settings, clock) as world:
        yield House(world, clock)


async def test_an_event_tells_of_the_account_as_it_was_then(house: House) -> None:
    account = await house.account()
    await house.turn(account, "needs_reauth")
    await house.world.http.delete(f"/integrated-account/{account}")

    events = await house.events()
    one = await house.world.http.get(f"/event/{events[2]['id']}")

    assert types(events) == ["created", "active", "needs_reauth", "deleted"]
    assert [event["number"] for event in events] == [1, 2, 3, 4]
    assert one.json()["result"] == events[2]
    link = events[2]["data"].pop("reconnect_url")
    assert link.startswith(house.world.parts.settings.public_url)
    assert [event["data"].get("reconnect_url") for event in events] == [None] * 4
    assert events[2] == {
        "id": events[2]["id"],
        "type": "integrated_account.needs_reauth",
        "timestamp": "2026-03-01T12:00:00Z",
        "number": 3,
        "data": {
            "id": account,
            "tenant_id": "tenant",
            "integration": "erpnext",
            "status": "needs_reauth",
            "status_reason": None,
            "reason_code": None,
            "environment_id": house.world.environment_id,
        },
    }


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
async def test_a_walk_meets_each_event_once_and_goes_on_later(house: House, limit: int) -> None:
    for _ in range(3):
        await house.account()
    first = await house.events(limit=limit)
    cursor = (await house.world.http.get("/event", params={"after": 6, "limit": limit})).json()["next_cursor"]
    empty = (await house.world.http.get("/event", params={"after": cursor})).json()
    await house.account()

    later = (await house.world.http.get("/event", params={"next_cursor": empty["next_cursor"]})).json()

    assert [event["number"] for event in first] == [1, 2, 3, 4, 5, 6]
    assert (empty["result"], empty["result_count"]) == ([], 0)
    assert [event["number"] for event in later["result"]] == [7, 8]


async def test_conditions_leave_out_others_and_still_go_on(house: House) -> None:
    one, other = await house.account(), await house.account()
    await house.turn(one, "needs_reauth")

    of_one = await house.events(account_id=one, limit=1)
    created = await house.events(type="integrated_account.created", limit=1)
    cursor = (await house.world.http.get("/event", params={"account_id": "none"})).json()["next_cursor"]
    await house.turn(other, "needs_reauth")
    later = await house.world.http.get("/event", params={"account_id": "none", "after": cursor})
    of_others = await house.world.http.get("/event", params={"after": cursor})

    assert types(of_one) == ["created", "active", "needs_reauth"]
    assert [event["data"]["id"] for event in created] == [one, other]
    assert later.json()["result"] == []
    problem_of(of_others, 400, "invalid_cursor")


async def test_a_cursor_whose_events_were_pruned_is_refused_and_not_answered_with_a_gap(house: House) -> None:
    account = await house.account()
    early = (await house.world.http.get("/event", params={"limit": 1})).json()["next_cursor"]
    house.clock.advance(20 * DAY)
    await house.turn(account, "needs_reauth")
    house.clock.advance(11 * DAY - 1)
    await house.world.parts.courier.prune()
    sealed_late = (await house.world.http.get("/event", params={"after": 2})).json()

    for params in ({"after": 0}, {"after": 1}, {"after": "0001"}):
        problem = problem_of(await house.world.http.get("/event", params=params), 400, "invalid_cursor")
        assert "pruned" in problem["detail"]
    problem_of(await house.world.http.get("/event", params={"after": early}), 400, "invalid_cursor")
    kept = (await house.world.http.get("/event")).json()["result"]
    house.clock.advance(20 * DAY)
    await house.world.parts.courier.prune()
    none_left = (await house.world.http.get("/event", params={"after": sealed_late["next_cursor"]})).json()
    nothing_missed = await house.world.http.get("/event", params={"after": 2})

    assert [event["number"] for event in sealed_late["result"]] == [3]
    assert [event["number"] for event in kept] == [3]
    assert none_left["result"] == []
    problem_of(nothing_missed, 400, "invalid_cursor")


async def test_a_cursor_with_conditions_does_not_grow_old_while_nothing_fits(house: House) -> None:
    account = await house.account()
    params = {"type": "integrated_account.deleted"}
    house.clock.advance(29 * DAY)
    await house.turn(account, "needs_reauth")
    cursor = (await house.world.http.get("/event", params=params)).json()["next_cursor"]
    house.clock.advance(2 * DAY)
    await house.world.parts.courier.prune()

    answer = await house.world.http.get("/event", params={**params, "after": cursor})

    assert answer.status_code == 200


async def test_what_makes_no_sense_is_refused(house: House) -> None:
    await house.account()
    cursor = (await house.world.http.get("/event")).json()["next_cursor"]
    tokens = (await house.world.http.get("/api-token", params={"limit": 1})).json()["next_cursor"] or "x"
    stranger = {"Authorization": f"Bearer {await house.world.new_token(await house.world.environment())}"}

    for after in ("x", "-1", "1.5", "\0", "9" * 19, "٣", "a" * 4_000, cursor[:-1], tokens):
        problem_of(await house.world.http.get("/event", params={"after": after}), 400, "invalid_cursor")
    problem_of(await house.world.http.get("/event", params={"after": 3}), 400, "invalid_cursor")
    problem_of(await house.world.http.get("/event", params={"after": "9" * 18}), 400, "invalid_cursor")
    problem_of(
        await house.world.http.get("/event", params={"after": cursor}, headers=stranger), 400, "invalid_cursor"
    )
    for params in ({"type": "nothing"}, {"account_id": "\0"}, {"limit": 0}, {"limit": 501}):
        problem_of(await house.world.http.get("/event", params=params), 400, "invalid_request")
    both = await house.world.http.get("/event", params={"after": 1, "next_cursor": cursor})
    problem_of(both, 400, "invalid_request")
    for event_id in ("none", "evt_", "%00", "\ud7ff", "e" * 5_000):
        problem_of(await house.world.http.get(f"/event/{event_id}"), 404, "not_found")


async def test_pruned_deliveries_do_not_hold_up_those_behind_them(house: House) -> None:
    webhook = await house.webhook("http://127.0.0.1:9")
    account = await house.account()
    await house.deliver()
    await house.world.http.patch(f"/webhook/{webhook['id']}", json={"is_enabled": False})
    house.clock.advance(20 * DAY)
    await house.turn(account, "needs_reauth")
    await house.world.http.patch(f"/webhook/{webhook['id']}", json={"is_enabled": True})
    await house.deliver()
    states = await house.states(webhook["id"])
    await house.world.http.patch(f"/webhook/{webhook['id']}", json={"is_enabled": False})
    house.clock.advance(11 * DAY)

    await house.world.parts.courier.prune()

    assert states == ["waiting", "queued", "queued"]
    assert await house.states(webhook["id"]) == ["waiting"]
