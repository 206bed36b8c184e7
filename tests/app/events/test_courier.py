"""Events reach their endpoints: signed, as the pull side shows them, and in order for each account."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.events import sending
from app.settings import Settings
from tests.app.clock import VirtualClock
from tests.app.events.house import NOWHERE, House
from tests.app.events.receiver import Receiver, refuses, takes, types
from tests.world import gateway


async def test_an_event_arrives_signed_and_as_the_pull_side_shows_it(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    await house.account()

    await house.deliver()

    for arrived in receiver.arrived:
        assert Webhook(webhook["secret"]).verify(arrived.body, arrived.headers) == arrived.event
        assert arrived.headers["webhook-id"] == arrived.event["id"]
        assert arrived.headers["content-type"] == "application/json"
        with pytest.raises(WebhookVerificationError):
            Webhook(webhook["secret"]).verify(arrived.body + b" ", arrived.headers)
    assert receiver.accepted == await house.events()
    assert types(receiver.accepted) == ["created", "active"]
    assert await house.states(webhook["id"]) == ["delivered", "delivered"]


async def test_what_happened_before_an_endpoint_was_made_is_not_sent(house: House, receiver: Receiver) -> None:
    account = await house.account()
    await house.webhook(receiver.url)
    await house.turn(account, "needs_reauth")

    await house.deliver()

    assert types(receiver.accepted) == ["needs_reauth"]


async def test_only_the_types_that_were_asked_for_are_sent(house: House, receiver: Receiver) -> None:
    await house.webhook(receiver.url, events=["integrated_account.needs_reauth", "integrated_account.reactivated"])
    account = await house.account()
    for status in ("needs_reauth", "active", "validation_error"):
        await house.turn(account, status)

    await house.deliver()

    assert types(receiver.accepted) == ["needs_reauth", "reactivated"]


async def test_an_account_waits_for_its_first_event_and_the_others_go_on(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    stuck, other = await house.account(), await house.account()

    async def refuses_one(event: dict[str, Any]) -> int:
        return 500 if event["data"]["id"] == stuck else 200

    receiver.says = refuses_one
    await house.deliver()

    assert [each.event["data"]["id"] for each in receiver.arrived].count(stuck) == 1
    assert [(event["data"]["id"], event["number"]) for event in receiver.accepted] == [(other, 3), (other, 4)]
    assert await house.states(webhook["id"]) == ["waiting", "queued", "delivered", "delivered"]

    receiver.says = takes
    await house.deliver(7)

    assert [event["number"] for event in receiver.accepted] == [3, 4, 1, 2]
    first, second = [each for each in receiver.arrived if each.event["number"] == 1]
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert set(await house.states(webhook["id"])) == {"delivered"}


async def test_what_comes_later_or_is_replayed_waits_behind_what_is_waiting(
    house: House, receiver: Receiver
) -> None:
    webhook = await house.webhook(receiver.url)
    account = await house.account()
    await house.deliver()
    receiver.says = refuses(500)
    await house.turn(account, "needs_reauth")
    await house.deliver()
    await house.turn(account, "active")
    event_id = (await house.events())[0]["id"]
    await house.world.http.post(f"/webhook/{webhook['id']}/replay", json={"event_id": event_id})
    waiting = await house.states(webhook["id"])

    await house.deliver()
    receiver.says = takes
    await house.deliver(10)

    assert waiting == ["queued", "delivered", "waiting", "queued"]
    assert [event["number"] for event in receiver.accepted] == [1, 2, 3, 1, 4]


async def test_a_slow_answer_holds_up_only_its_account(house: House, receiver: Receiver) -> None:
    await house.webhook(receiver.url)
    slow, other = await house.account(), await house.account()
    may_answer = asyncio.Event()

    async def waits(event: dict[str, Any]) -> int:
        if event["data"]["id"] == slow:
            await may_answer.wait()
        return 200

    receiver.says = waits
    delivering = asyncio.create_task(house.deliver())
    await receiver.until(lambda: len(receiver.accepted) == 2)
    # What happens during the turn is sent in it.
    await house.turn(other, "needs_reauth")
    await house.world.parts.courier.deliver()
    await receiver.until(lambda: len(receiver.accepted) == 3)
    may_answer.set()
    await delivering

    assert [event["data"]["id"] for event in receiver.accepted] == [other, other, other, slow, slow]


async def test_an_answer_without_end_is_an_answer(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "READ_SECONDS", 0.05)
    webhook = await house.webhook(receiver.url)
    await house.account()
    receiver.says = refuses(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 100_000)

    await house.deliver()

    assert await house.states(webhook["id"]) == ["delivered", "delivered"]


async def test_a_reconnect_link_is_made_when_it_is_sent(house: House, receiver: Receiver) -> None:
    house.world.parts.events._reconnect_url = lambda *of: f"https://link.example/{of[1]}"
    await house.webhook(receiver.url)
    account = await house.account()
    await house.turn(account, "needs_reauth")

    await house.deliver()

    links = [event["data"]["reconnect_url"] for event in receiver.accepted]
    assert links == [None, None, f"https://link.example/{account}"]
    assert receiver.accepted == await house.events()
    assert json.loads(receiver.arrived[0].body).keys() == {"id", "type", "timestamp", "number", "data"}


async def test_an_event_is_on_its_way_without_waiting_for_the_next_tick(
    settings: Settings, receiver: Receiver
) -> None:
    # Time stands still: no tick comes.
    async with gateway(settings, VirtualClock()) as world:
        await world.http.post("/webhook", json={"url": receiver.url})

        await world.erpnext(NOWHERE)

        async with asyncio.timeout(10):
            while len(receiver.accepted) < 2:  # noqa: ASYNC110 - it is told over the network
                await asyncio.sleep(0.01)
