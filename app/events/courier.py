"""Brings events to their endpoints: in order for each account, again and again until they are taken or dead."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from prometheus_client import Counter

from app.connections.keys import KeyProblem
from app.connections.vault import VaultProblem
from app.errors import KeysUnavailable
from app.events import signing
from app.events.attempts import FAILURES_TO_PROBE, Outcome
from app.events.outbox import Due, Outbox
from app.events.reading import EventLog
from app.events.sending import Answered, send
from app.events.webhooks import Webhook, Webhooks
from app.logs import get_logger
from app.upstream.sender import Upstream
from providers.kit.clock import Clock

log = get_logger()

AT_ONCE_MAX = 8
ENDPOINTS_MAX = 32
# After that long the next endpoint has its turn, however much there is still to do.
TURN_SECONDS = 60.0

_ATTEMPTS = Counter("ledgerway_webhook_attempts", "Attempts to deliver an event, by what came.", ["outcome"])

Sends = dict[asyncio.Task[Outcome], int]


class Courier:
    """Serves endpoints side by side, each under a lease, so that any number of processes may share a store."""

    def __init__(
        self, outbox: Outbox, events: EventLog, webhooks: Webhooks, upstream: Upstream, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._events = events
        self._webhooks = webhooks
        self._upstream = upstream
        self._clock = clock
        self._owner = str(uuid.uuid4())
        self._turns: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}
        self._sends: set[asyncio.Task[Outcome]] = set()
        self._is_closing = False

    async def deliver(self) -> None:
        """Start a turn of each endpoint that has something to send; does not wait for what is sent."""
        for webhook_id in await self._outbox.with_work(self._owner, self._clock.now(), 2 * ENDPOINTS_MAX):
            if webhook_id in self._turns:
                self._news[webhook_id].set()
            elif len(self._turns) < ENDPOINTS_MAX and not self._is_closing:
                self._news[webhook_id] = asyncio.Event()
                self._turns[webhook_id] = asyncio.create_task(self._turn(webhook_id))

    async def backlog(self) -> int:
        """How many deliveries have not been taken yet, of all endpoints."""
        return await self._outbox.backlog()

    async def settle(self) -> None:
        """Until no turn is under way."""
        while self._turns:
            await asyncio.gather(*self._turns.values())

    async def close(self) -> None:
        """Break off what is being sent, which the next process sends again, and give every lease back."""
        self._is_closing = True
        for sending in self._sends:
            sending.cancel()
        await self.settle()

    async def prune(self) -> None:
        """Drop events past their time, and before them their deliveries."""
        await self._outbox.prune(self._events.kept_since())
        await self._events.prune()

    async def try_out(self, webhook: Webhook, *, allow_private: bool) -> Answered:
        """Send a `webhook.test` event now, once. It is in no log."""
        now = self._clock.now()
        shown = {
            "id": f"evt_{uuid.uuid4().hex}",
            "type": "webhook.test",
            "timestamp": now,
            "data": {"webhook_id": webhook.id, "environment_id": webhook.environment_id},
        }
        return await self._attempt(webhook, shown, allow_private=allow_private)

    async def _turn(self, webhook_id: str) -> None:
        try:
            webhook = await self._outbox.claim(webhook_id, self._owner, self._clock.now())
            if webhook is not None:
                try:
                    await self._serve(webhook, self._news[webhook_id])
                finally:
                    await self._outbox.release(webhook_id, self._owner, self._clock.now())
        except Exception as error:
            # It is tried again at the next tick, here or elsewhere.
            log.exception("a webhook's turn failed", webhook_id=webhook_id, kind=type(error).__name__)
        finally:
            del self._turns[webhook_id], self._news[webhook_id]

    async def _serve(self, webhook: Webhook, news: asyncio.Event) -> None:
        """Send what is due, so many at once, until nothing is or the turn is over."""
        ends_at = self._clock.monotonic() + TURN_SECONDS
        sends: Sends = {}
        news.set()
        try:
            while True:
                if news.is_set():
                    news.clear()
                    await self._outbox.take_in(webhook, self._owner, self._clock.now())
                if room := self._room(webhook, len(sends), ends_at):
                    due = await self._outbox.due(webhook, self._clock.now(), room, sends.values())
                    # Asked each time: the right to it may be taken away in the middle of a turn.
                    allow_private = bool(due) and await self._outbox.may_reach_private(webhook.environment_id)
                    sends |= {self._begin(webhook, each, allow_private): each.event.number for each in due}
                if not sends:
                    return
                outcomes = await _next(sends, news)
                if outcomes:
                    current = await self._outbox.record(webhook, self._owner, self._clock.now(), outcomes)
                    if current is None:
                        return  # Deleted, or another process took over.
                    webhook = current
        finally:
            for sending in sends:
                sending.cancel()
            await asyncio.gather(*sends, return_exceptions=True)

    def _room(self, webhook: Webhook, under_way: int, ends_at: float) -> int:
        """How many more may be sent now. An endpoint that keeps failing is only probed."""
        if self._is_closing or not webhook.is_enabled or self._clock.monotonic() >= ends_at:
            return 0
        if webhook.retry_at is not None and webhook.retry_at > self._clock.now():
            return 0
        at_once_max = 1 if webhook.failures >= FAILURES_TO_PROBE else AT_ONCE_MAX
        return max(at_once_max - under_way, 0)

    def _begin(self, webhook: Webhook, due: Due, allow_private: bool) -> asyncio.Task[Outcome]:
        sending = asyncio.create_task(self._delivered(webhook, due, allow_private))
        self._sends.add(sending)
        sending.add_done_callback(self._sends.discard)
        return sending

    async def _delivered(self, webhook: Webhook, due: Due, allow_private: bool) -> Outcome:
        try:
            answered = await self._attempt(webhook, self._events.shown(due.event), allow_private=allow_private)
        except Exception as error:
            # Like any other failure it is tried again later, and holds up nothing but its account.
            log.exception("an event could not be sent", event_id=due.event.id, kind=type(error).__name__)
            answered = Answered(error="it could not be sent, by our fault")
        _ATTEMPTS.labels("failed" if answered.error else "delivered").inc()
        return Outcome(
            number=due.event.number,
            account_id=due.event.account_id,
            attempts=due.attempts,
            queued_at=due.queued_at,
            status=answered.status,
            error=answered.error,
            is_final=answered.is_final,
            retry_after_seconds=answered.retry_after_seconds,
        )

    async def _attempt(self, webhook: Webhook, shown: dict[str, Any], *, allow_private: bool) -> Answered:
        try:
            keys = signing.live(await self._webhooks.open(webhook), self._clock.now())
        except (KeyProblem, VaultProblem):
            return Answered(error="the secret cannot be opened: rotate it")
        except KeysUnavailable:
            return Answered(error="the secret cannot be opened now: the keys cannot be reached")
        return await send(self._upstream, self._clock, webhook.url, shown, keys, allow_private=allow_private)


async def _next(sends: Sends, news: asyncio.Event) -> list[Outcome]:
    """What has come of the sends that are over, which leave; none where there are news instead."""
    told = asyncio.create_task(news.wait())
    try:
        done, _ = await asyncio.wait([*sends, told], return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
    over = [sending for sending in sends if sending in done]
    for sending in over:
        del sends[sending]
    return [sending.result() for sending in over if not sending.cancelled()]
