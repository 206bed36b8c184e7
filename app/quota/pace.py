"""One account's way to its provider: a call goes at once where it may, else it waits in line, and not for ever."""

from __future__ import annotations

import asyncio

from app import metrics
from app.quota.asking import Asker
from app.quota.ledger import Ask, Permit, Refusal
from app.quota.line import Line, Waiting
from app.quota.store import Header, Store, Uses
from app.quota.words import refused, turned_away
from providers.kit.clock import Clock
from providers.kit.provider import Provider

SLEEP_SECONDS_MIN = 0.001
ASKS_MAX = 16
WAITED_SHARE_MAX = 0.95
"""How much of its time a call may wait: with none left for the answer it would be a time-out, and no throttle."""
_THROTTLES = frozenset({429, 503})
"""Statuses that providers throttle with, and mean other things by, too."""


class Pace:
    """The line of one account, in front of the store that counts its calls."""

    __slots__ = ("_at_work", "_clock", "_line", "_provider", "_store", "_wake")

    def __init__(self, provider: Provider, store: Store, clock: Clock) -> None:
        self._provider = provider
        self._store = store
        self._clock = clock
        self._line = Line()
        self._wake: asyncio.Future[None] | None = None
        self._at_work: asyncio.Task[None] | None = None

    @property
    def waiting_count(self) -> int:
        """How many calls stand in line."""
        return self._line.count

    def try_enter(self, asker: Asker) -> Permit | None:
        """A permit for a call that need not wait; None for any other."""
        if self._line.count:
            return None
        permit = self._store.take_unasked()
        if permit is not None:
            return permit
        found = self._store.take_now(Ask(asker.caller_id, asker.wishes().is_background))
        return found if isinstance(found, Permit) else None

    async def enter(self, asker: Asker, seconds_max: float) -> Permit:
        """A permit, once there is one. `RateLimited` for a call that cannot have one in the time it has."""
        wishes = asker.wishes()
        now = self._clock.monotonic()
        ask = Ask(asker.caller_id, wishes.is_background)
        if not self._line.has_room(ask):
            metrics.count_throttle(self._provider.slug, "ours")
            raise turned_away(self._provider.name)
        patience = min(wishes.wait_seconds - asker.waited_seconds, seconds_max * WAITED_SHARE_MAX)
        place: asyncio.Future[Permit] = asyncio.get_running_loop().create_future()
        waiting = Waiting(ask, now, now + max(patience, 0.0), place)
        self._line.join(waiting)
        self._look()
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self.leave(place.result(), was_sent=False)  # It came in the very moment the caller gave up.
            raise
        finally:
            self._line.leave(waiting, is_served=False)
            waited_seconds = self._clock.monotonic() - now
            asker.waited_seconds += waited_seconds
            metrics.count_wait(self._provider.slug, waited_seconds)
            # A refusal in it would hold this frame, and so the whole call, until the collector comes by.
            del place, waiting

    def heard(self, permit: Permit, status: int, header: Header) -> None:
        """The provider has answered: what it tells of its quota counts from now on."""
        self._store.heard(permit, status, header)
        if status in _THROTTLES and any(
            told.is_throttled for told in self._provider.limits.read_quota(status, header)
        ):
            metrics.count_throttle(self._provider.slug, "provider")
        if self._line.count:
            self._look()

    def leave(self, permit: Permit, *, was_sent: bool = True) -> None:
        """The call is over, and its place free."""
        self._store.left(permit, was_sent=was_sent)
        if self._line.count:
            self._look()

    async def uses(self) -> Uses:
        """How each allowance of the account stands."""
        return await self._store.uses()

    def _look(self) -> None:
        """Serve the line, soon."""
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._serve())
        elif self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def _serve(self) -> None:
        """Give permits to the line until nobody is left in it."""
        loop = asyncio.get_running_loop()
        while self._line.count:
            wake = self._wake = loop.create_future()  # What happens from here on is looked at in the next turn.
            asked = self._line.first(ASKS_MAX)
            answers = await self._store.take([waiting.ask for waiting in asked])
            refusals: list[Refusal] = []
            for waiting, answer in zip(asked, answers, strict=True):
                if isinstance(answer, Refusal):
                    refusals.append(answer)
                else:
                    self._serve_one(waiting, answer)
            self._turn_away(refusals)
            if len(refusals) == len(asked) and self._line.count:
                until_give_up = self._line.next_give_up() - self._clock.monotonic()
                wait_seconds = min(until_give_up, *(refusal.wait_seconds for refusal in refusals))
                await self._pause(wake, max(wait_seconds, SLEEP_SECONDS_MIN))

    def _serve_one(self, waiting: Waiting, permit: Permit) -> None:
        self._line.leave(waiting, is_served=True)
        if waiting.place.done():
            self._store.left(permit, was_sent=False)
        else:
            waiting.place.set_result(permit)

    def _turn_away(self, refusals: list[Refusal]) -> None:
        """Whoever cannot have a call in the time it has is told at once where that is sure, else in the end."""
        now = self._clock.monotonic()
        sure = next((refusal for refusal in refusals if refusal.is_sure), None)
        for rank, waiting in enumerate(self._line.first(self._line.count)):
            due = sure.due_seconds(rank) if sure is not None else 0.0
            if waiting.give_up_at <= now or waiting.give_up_at < now + due:
                self._line.leave(waiting, is_served=False)
                if not waiting.place.done():
                    reason = sure if sure is not None else refusals[0] if refusals else None
                    metrics.count_throttle(self._provider.slug, "ours")
                    waiting.place.set_exception(refused(self._provider.name, reason, due))

    async def _pause(self, wake: asyncio.Future[None], seconds: float) -> None:
        """That long, or until something has happened."""
        sleep = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait((sleep, wake), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
