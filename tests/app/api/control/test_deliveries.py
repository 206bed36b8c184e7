"""`/webhook/{id}/delivery`, `/replay` and `/test`: what became of events, and sending them again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from app.events import deliveries
from tests.app.api.control.asking import problem_of
from tests.app.events.house import House
from tests.app.events.receiver import Receiver, refuses, takes, types


async def test_an_event_is_sent_again_by_its_id_whatever_its_type(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url, events=["integrated_account.created"])
    await house.account()
    await house.deliver()
    created, active = await house.events()

    for event in (created, active):
        answer = await house.world.http.post(f"/webhook/{webhook['id']}/replay", json={"event_id": event["id"]})
        assert (answer.status_code, answer.json()["result"]) == (202, {"count": 1})
    await house.deliver()

    assert types(receiver.accepted) == ["created", "created", "active"]
    assert len({each.headers["webhook-id"] for each in receiver.arrived}) == 2
    assert Webhook(webhook["secret"]).verify(receiver.arrived[1].body, receiver.arrived[1].headers) == created


async def test_events_are_sent_again_by_time_and_from_before_the_endpoint_was(
    house: House, receiver: Receiver
) -> None:
    await house.account()
    house.clock.advance(100)
    since = house.clock.now()
    account = await house.account()
    house.clock.advance(100)
    until = house.clock.now()
    webhook = await house.webhook(receiver.url, events=["integrated_account.created", "integrated_account.deleted"])
    house.clock.advance(1)
    await house.world.http.delete(f"/integrated-account/{account}")
    await house.deliver()
    body = {"since": since.isoformat(), "until": until.isoformat()}

    between = await house.world.http.post(f"/webhook/{webhook['id']}/replay", json=body)
    await house.deliver()
    on = await house.world.http.post(f"/webhook/{webhook['id']}/replay", json={"since": since.isoformat()})
    await house.deliver()

    assert (between.json()["result"], on.json()["result"]) == ({"count": 1}, {"count": 2})
    assert types(receiver.accepted) == ["deleted", "created", "created", "deleted"]


async def test_only_the_dead_are_sent_again_where_that_is_asked(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    await house.account()
    await house.deliver()
    receiver.says = refuses(500)
    await house.account()
    for _ in range(75):
        await house.deliver(3_600)
    states = await house.states(webhook["id"])
    receiver.says = takes
    since = (house.clock.now() - timedelta(days=10)).isoformat()

    replayed = await house.world.http.post(
        f"/webhook/{webhook['id']}/replay", json={"since": since, "state": "dead"}
    )
    await house.deliver()

    assert states == ["delivered", "delivered", "dead", "dead"]
    assert replayed.json()["result"] == {"count": 2}
    assert [event["number"] for event in receiver.accepted] == [1, 2, 3, 4]
    assert set(await house.states(webhook["id"])) == {"delivered"}


async def test_a_replay_that_cannot_be_is_refused(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = await house.webhook(receiver.url)
    await house.account()
    path = f"/webhook/{webhook['id']}/replay"
    now = house.clock.now().isoformat()
    stranger = {"Authorization": f"Bearer {await house.world.new_token(await house.world.environment())}"}
    theirs = (await house.world.http.post("/webhook", json={"url": receiver.url}, headers=stranger)).json()[
        "result"
    ]
    mine = (await house.events())[0]["id"]

    for body in ({}, {"event_id": "e", "since": now}, {"since": "2026-01-01"}, {"event_id": "e", "state": "dead"}):
        problem_of(await house.world.http.post(path, json=body), 422, "validation_failed")
    problem_of(await house.world.http.post(path, json={"event_id": "none"}), 404, "not_found")
    foreign = await house.world.http.post(
        f"/webhook/{theirs['id']}/replay", json={"event_id": mine}, headers=stranger
    )
    problem_of(foreign, 404, "not_found")
    monkeypatch.setattr(deliveries, "REPLAYED_MAX", 1)
    problem_of(await house.world.http.post(path, json={"since": "2020-01-01T00:00:00Z"}), 422, "validation_failed")
    await house.world.http.patch(f"/webhook/{webhook['id']}", json={"is_enabled": False})
    problem_of(await house.world.http.post(path, json={"event_id": mine}), 409, "conflict")


async def test_a_test_event_tells_what_the_receiver_made_of_it(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)

    good = await house.world.http.post(f"/webhook/{webhook['id']}/test")
    receiver.says = refuses(500)
    bad = await house.world.http.post(f"/webhook/{webhook['id']}/test")

    assert good.json()["result"] == {"is_delivered": True, "status": 200, "error": None}
    assert bad.json()["result"] == {"is_delivered": False, "status": 500, "error": "the receiver answered 500"}
    assert Webhook(webhook["secret"]).verify(receiver.arrived[0].body, receiver.arrived[0].headers)["type"] == (
        "webhook.test"
    )
    assert await house.events() == []


async def test_the_deliveries_are_paged_from_new_to_old(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    for _ in range(3):
        await house.account()
    await house.deliver()
    numbers: list[int] = []
    cursor: dict[str, str] = {}

    for _ in range(4):
        page = (
            await house.world.http.get(f"/webhook/{webhook['id']}/delivery", params={"limit": 2, **cursor})
        ).json()
        numbers += [each["number"] for each in page["result"]]
        if page["next_cursor"] is None:
            break
        cursor = {"next_cursor": page["next_cursor"]}

    assert numbers == [6, 5, 4, 3, 2, 1]
    problem_of(
        await house.world.http.get(f"/webhook/{webhook['id']}/delivery", params={"state": "gone"}),
        400,
        "invalid_request",
    )
