"""A webhook's receiver is dead for a day while events happen: all arrive, in order for each account."""

from __future__ import annotations

import random
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prometheus_client import REGISTRY
from standardwebhooks import Webhook

from app.parts import Parts, build_parts
from tests.app.clock import VirtualClock
from tests.app.events.house import House
from tests.app.events.receiver import Arrived, Receiver, receiving, refuses, takes
from tests.proofs.store import store_in
from tests.proofs.webhook_kills import kill_senders
from tests.world import gateway

DESCRIPTION = "a receiver dead for a virtual day, rotated secrets, dead letters and their replay, killed senders"

DAY_SECONDS = 86_400
ACCOUNTS = 60
KILLS = 6
STATUSES = ("active", "needs_reauth", "validation_error")

Figures = dict[str, float | int | str]
Events = list[dict[str, Any]]


async def prove(scale: float) -> Figures:
    """At full scale 60 accounts and a tick a minute, and six senders killed in the middle of their work."""
    accounts, step_seconds = max(4, round(ACCOUNTS * scale)), 60 if scale >= 0.5 else 600
    async with _house() as house, receiving() as receiver:
        figures = await _Day(house, receiver, accounts, step_seconds).prove()
    async with _house() as house, receiving() as receiver:
        figures |= await _dead_letters(house, receiver)
    if scale >= 0.5:
        killed, accepted, events = await kill_senders(round(KILLS * scale))
        _assert_arrived(accepted, events)
        figures |= killed
    return figures


@asynccontextmanager
async def _house() -> AsyncIterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        clock = VirtualClock(datetime.now(UTC))
        async with store_in(Path(folder)) as settings, gateway(settings, clock) as world:
            yield House(world, clock)


class _Day:
    """A day on which nothing is taken, and the hours after it."""

    def __init__(self, house: House, receiver: Receiver, accounts: int, step_seconds: int) -> None:
        self._house = house
        self._receiver = receiver
        self._accounts = accounts
        self._step_seconds = step_seconds
        self._draw = random.Random(4)  # noqa: S311 - repeatable
        self._processes: list[Parts] = [house.world.parts]

    async def prove(self) -> Figures:
        house, receiver = self._house, self._receiver
        # Another process on the same store; they tick in turn.
        self._processes.append(await build_parts(house.world.parts.settings, house.clock))
        made = await house.webhook(receiver.url)
        names = [await house.account() for _ in range(self._accounts)]
        await self._tick()
        taken, failed = len(receiver.accepted), _failed_attempts()
        new_secret = await self._pass_the_day(names, made["id"])
        assert len(receiver.accepted) == taken, "it was not dead"
        dead_attempts = _failed_attempts() - failed
        # Once it is known to be dead there is one attempt a minute at most, however much is waiting.
        assert dead_attempts <= DAY_SECONDS / 60 + 16, f"{dead_attempts} attempts at a dead receiver"
        came_back = len(receiver.arrived)
        minutes = await self._come_back()
        events = await house.events(limit=500)
        _assert_arrived(receiver.accepted, events)
        for arrived in receiver.arrived[came_back:]:
            _assert_signed(arrived, [new_secret, made["secret"]])
        await self._tick(DAY_SECONDS)
        arrived = len(receiver.arrived)
        await house.account()
        for _ in range(60):  # The other process may hold the endpoint for a while.
            if len(receiver.arrived) > arrived:
                break
            await self._tick(1)
        _assert_signed(receiver.arrived[arrived], [new_secret])
        await self._processes[1].close()
        return {
            "accounts": self._accounts,
            "events": len(events),
            "attempts_in_the_dead_day": dead_attempts,
            "minutes_until_all_arrived": minutes,
        }

    async def _pass_the_day(self, names: Sequence[str], webhook_id: str) -> str:
        """The secret that is rotated in at noon."""
        secret = ""
        for second in range(0, DAY_SECONDS, self._step_seconds):
            if second % 3_600 == 0:
                await self._die(second // 3_600)
            if second == DAY_SECONDS // 2:
                answer = await self._house.world.http.post(f"/webhook/{webhook_id}/rotate-secret")
                secret = answer.json()["result"]["secret"]
            if second % 600 == 0:
                for name in self._draw.sample(names, max(1, self._accounts // 4)):
                    await self._house.turn(name, self._draw.choice(STATUSES))
            await self._tick(self._step_seconds)
        return secret

    async def _die(self, hour: int) -> None:
        """In turn: it does not listen, it fails, it answers what is no HTTP."""
        self._receiver.close()
        if hour % 3:
            await self._receiver.open()
            self._receiver.says = refuses(503 if hour % 3 == 1 else b"mad\r\n\r\n")

    async def _come_back(self) -> int:
        """The minutes until every event was taken."""
        self._receiver.close()
        await self._receiver.open()
        self._receiver.says = takes
        wanted = {event["id"] for event in await self._house.events(limit=500)}
        for minutes in range(4 * 60):
            if {event["id"] for event in self._receiver.accepted} >= wanted:
                return minutes
            await self._tick(60)
        raise AssertionError("events did not arrive within the longest wait between two attempts")

    async def _tick(self, seconds: float = 0.0) -> None:
        self._house.clock.advance(seconds)
        courier = self._draw.choice(self._processes).courier
        await courier.deliver()
        await courier.settle()


async def _dead_letters(house: House, receiver: Receiver) -> Figures:
    """Three days without an answer make dead letters; a replay brings them."""
    made = await house.webhook(receiver.url)
    receiver.close()
    accounts = [await house.account() for _ in range(3)]
    before = await house.events()
    hours = 0
    while set(await house.states(made["id"])) != {"dead"}:
        await house.deliver(3_600)
        hours += 1
        assert hours <= 80, "nothing was given up"
    assert hours >= 72, "it was given up before three days were over"
    await receiver.open()
    await house.deliver(DAY_SECONDS)
    assert receiver.arrived == [], "a dead letter was sent by itself"
    await house.turn(accounts[0], "needs_reauth")
    await house.deliver(DAY_SECONDS)
    assert [event["number"] for event in receiver.accepted] == [7], "what happens later waits for dead letters"
    since = (house.clock.now() - timedelta(days=20)).isoformat()
    replay = {"since": since, "state": "dead"}
    answer = await house.world.http.post(f"/webhook/{made['id']}/replay", json=replay)
    assert answer.json()["result"] == {"count": len(before)}, answer.text
    await house.deliver()
    _assert_arrived(receiver.accepted[1:], before)
    return {"hours_until_dead": hours, "dead_letters": len(before), "replayed": len(receiver.accepted) - 1}


def _assert_arrived(accepted: Events, events: Events) -> None:
    """Every event of the log came as the log shows it, and no account's came before an earlier one."""
    # A link to connect again is made when it is told.
    for event in (*accepted, *events):
        event["data"].pop("reconnect_url", None)
    by_id = {event["id"]: event for event in events}
    assert {event["id"] for event in accepted} == by_id.keys(), "what arrived is not what the log holds"
    assert all(by_id[event["id"]] == event for event in accepted), "an event arrived changed"
    newest: dict[str, int] = {}
    for event in _first_arrivals(accepted):
        account = event["data"]["id"]
        assert event["number"] > newest.get(account, 0), "an account's events arrived out of order"
        newest[account] = event["number"]
    numbers = [event["number"] for event in events]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "the pull cursor left a gap"


def _first_arrivals(accepted: Events) -> Events:
    return list({event["id"]: event for event in reversed(accepted)}.values())[::-1]


def _assert_signed(arrived: Arrived, secrets: Sequence[str]) -> None:
    """Signed by exactly these, as the library of Standard Webhooks signs."""
    headers = arrived.headers
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    wanted = [Webhook(secret).sign(headers["webhook-id"], at, arrived.body.decode()) for secret in secrets]
    assert headers["webhook-signature"].split(" ") == wanted, "it is not signed by the secrets that are live"


def _failed_attempts() -> int:
    return int(REGISTRY.get_sample_value("ledgerway_webhook_attempts_total", {"outcome": "failed"}) or 0)
