"""What a receiver does not take comes again, further and further apart, until it is taken or given up."""

from __future__ import annotations

import asyncio
import socket
from itertools import pairwise
from typing import Any

import pytest

from app.events import sending
from tests.app.events.house import NOWHERE, House
from tests.app.events.receiver import Receiver, refuses, takes, types
from tests.app.wire import answer

DAY = 86_400.0


async def test_failed_attempts_are_further_and_further_apart_and_end_after_three_days(
    house: House, receiver: Receiver
) -> None:
    webhook = await house.webhook(receiver.url)
    await house.account()
    receiver.says = refuses(503)
    started = house.clock.now()
    apart: list[float] = []

    while (delivery := (await house.deliveries(webhook["id"]) or [None])[0]) is None or delivery["state"] != "dead":
        if delivery is None:
            await house.deliver()
            continue
        last = house.clock.now()
        while len(receiver.arrived) == delivery["attempts"]:
            await house.deliver(2 if delivery["attempts"] < 4 else 600)
        apart.append((house.clock.now() - last).total_seconds())

    assert apart[0] <= 8
    assert all(earlier < later for earlier, later in pairwise(apart[:6])), apart
    assert 3 * DAY <= (house.clock.now() - started).total_seconds() <= 3.1 * DAY
    assert 24 <= len(receiver.arrived) <= 36
    (dead, follower) = await house.deliveries(webhook["id"])
    assert (dead["last_status"], dead["last_error"], dead["next_attempt_at"]) == (
        503,
        "the receiver answered 503",
        None,
    )
    # The one behind it waited just as long at a receiver that took nothing.
    assert follower["state"] == "dead"
    assert [each["event_id"] for each in await house.deliveries(webhook["id"], state="dead")] == [
        dead["event_id"],
        follower["event_id"],
    ]


async def test_a_receiver_that_does_not_follow_the_rules_is_told_in_words(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SEND_SECONDS", 0.2)
    webhook = await house.webhook(receiver.url)
    never = asyncio.Event()

    async def stalls(event: dict[str, Any]) -> int:
        await never.wait()
        return 200

    await house.account()
    told: list[tuple[int | None, str]] = []
    for says in (
        refuses(answer(b"", "302 Found", b"Location: /elsewhere")),
        stalls,
        refuses(b"nonsense\r\n\r\n"),
        refuses(404),
    ):
        receiver.says = says
        # Which tries at once what waits.
        await house.world.http.patch(f"/webhook/{webhook['id']}", json={"is_enabled": True})
        await house.deliver()
        last, _ = await house.deliveries(webhook["id"])
        told.append((last["last_status"], last["last_error"]))
    never.set()

    assert told == [
        (302, "the receiver answered 302; redirects are not followed"),
        (None, "no answer within 0 seconds"),
        (None, "the answer is not HTTP"),
        (404, "the receiver answered 404"),
    ]
    assert all(line.startswith(b"POST / ") for line in receiver.lines)


async def test_gone_disables_the_endpoint_and_enabling_it_goes_on_where_it_stopped(
    house: House, receiver: Receiver
) -> None:
    webhook = await house.webhook(receiver.url)
    account = await house.account()
    receiver.says = refuses(410)
    await house.deliver()
    disabled = await house.endpoint(webhook["id"])
    await house.turn(account, "needs_reauth")
    await house.deliver(DAY)
    count = len(receiver.arrived)

    receiver.says = takes
    await house.world.http.patch(f"/webhook/{webhook['id']}", json={"is_enabled": True})
    await house.deliver()

    assert (disabled["is_enabled"], disabled["disabled_reason"]) == (False, "the receiver answered 410: gone")
    assert count == 1
    assert types(receiver.accepted) == ["created", "active", "needs_reauth"]
    assert (await house.endpoint(webhook["id"]))["disabled_reason"] is None


async def test_retry_after_leaves_the_whole_endpoint_alone_within_bounds(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    await house.account()
    receiver.says = refuses(answer(b"", "429 Slow", b"Retry-After: 120"))
    await house.deliver()
    await house.account()
    await house.deliver(119)
    alone = len(receiver.arrived)
    receiver.says = refuses(answer(b"", "503 Slow", b"Retry-After: 999999"))
    await house.deliver(2)
    asked = len(receiver.arrived)
    receiver.says = takes

    await house.deliver(3_601)

    assert (alone, asked) == (1, 3)
    assert set(await house.states(webhook["id"])) == {"delivered"}


async def test_a_dead_receiver_is_probed_and_not_hammered(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    for _ in range(30):
        await house.account()
    receiver.says = refuses(500)
    await house.deliver()
    at_first = len(receiver.arrived)

    for _ in range(120):
        await house.deliver(1)

    assert at_first <= 8
    assert len(receiver.arrived) - at_first <= 3
    assert (await house.endpoint(webhook["id"]))["failing_since"] is not None

    receiver.says = takes
    await house.deliver(60)

    assert len(receiver.accepted) == 60
    assert (await house.endpoint(webhook["id"]))["failing_since"] is None


async def test_a_receiver_that_comes_back_gets_at_once_all_that_was_put_off(
    house: House, receiver: Receiver
) -> None:
    await house.webhook(receiver.url)
    accounts = [await house.account() for _ in range(4)]
    receiver.says = refuses(500)
    for _ in range(24 * 6):
        await house.deliver(600)
    receiver.says = takes
    await house.turn(accounts[0], "needs_reauth")

    for _ in range(6 * 4):
        await house.deliver(600)
        if receiver.accepted:
            break

    assert len(receiver.accepted) == 9
    for account in accounts:
        numbers = [event["number"] for event in receiver.accepted if event["data"]["id"] == account]
        assert numbers == sorted(numbers)


async def test_an_event_that_is_always_refused_does_not_keep_others_back(house: House, receiver: Receiver) -> None:
    await house.webhook(receiver.url)
    poison = await house.account()

    async def refuses_one(event: dict[str, Any]) -> int:
        return 500 if event["data"]["id"] == poison else 200

    receiver.says = refuses_one
    for _ in range(20):
        await house.deliver(3_600)
    account = await house.account()

    # One probe may be the poison's.
    await house.deliver(60)
    await house.deliver(60)

    assert [event["data"]["id"] for event in receiver.accepted] == [account, account]


async def test_a_name_that_leads_inside_is_dead_at_once(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def getaddrinfo(_: object, host: str, port: int, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    token = await house.world.new_token(await house.world.environment(allow_private_hosts=False))
    house.world.http.headers["Authorization"] = f"Bearer {token}"
    webhook = await house.webhook(f"https://hooks.example.com:{receiver.port}/")
    await house.world.account("erpnext", {"site_url": NOWHERE, "api_key": "k", "api_secret": "s"}, token=token)
    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)

    await house.deliver()
    await house.deliver(60)

    deliveries = await house.deliveries(webhook["id"])
    assert [(each["state"], each["attempts"]) for each in deliveries] == [("dead", 1), ("dead", 1)]
    assert {each["last_error"] for each in deliveries} == {"the address points inside this network"}
    assert receiver.opened == 0
