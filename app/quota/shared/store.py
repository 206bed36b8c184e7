"""One account's quota, counted in Redis for all processes; while Redis is gone, this process's part of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from app.quota.aligned import AlignedWindow
from app.quota.ledger import PLACES, TURN, Ask, Permit, Refusal
from app.quota.shared.fallback import closed_seconds, fallback, sent_count
from app.quota.shared.link import Link, LinkDown
from app.quota.store import Header, LocalStore, Uses
from app.quota.windows import Use
from providers.kit.clock import Clock
from providers.kit.limits import Allowance, Limits

TELL_SECONDS = 0.01
"""How soon answers are told to Redis that no call takes along."""
SETTLING_SECONDS_MAX = 0.25

Event = dict[str, Any]


class SharedStore:
    """Counts an account's calls in Redis. `keys` are the account's and then those of what its app counts."""

    def __init__(self, limits: Limits, keys: Sequence[str], link: Link, clock: Clock) -> None:
        self._limits = limits
        self._keys = keys
        self._link = link
        self._clock = clock
        self._allowances = [allowance for allowance in limits.allowances if allowance.limit < float("inf")]
        self._events: list[tuple[float, float, Event]] = []
        self._fallen: LocalStore | None = None
        self._seen: dict[str, Use] = {}
        self._seen_at = 0.0
        self._telling: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def has_fallen(self) -> bool:
        """Whether calls are counted in this process for now."""
        return self._fallen is not None

    def take_unasked(self) -> Permit | None:
        """Nothing is given unasked here."""
        return None

    def take_now(self, ask: Ask) -> Permit | Refusal | None:
        """Only while Redis is gone."""
        return self._fallen.take_now(ask) if self._fallen is not None and not self._link.is_up else None

    async def take(self, asks: Sequence[Ask]) -> Sequence[Permit | Refusal]:
        """An answer for each of them, in their order, in one trip."""
        if self._link.is_up:
            self._fallen = None
            try:
                return await self._ask(asks)
            except LinkDown:
                pass
        elif self._link.is_there and self._fallen is None:
            wait_seconds = min(self._link.ready_in_seconds, SETTLING_SECONDS_MAX)
            return [Refusal("places", wait_seconds)] * len(asks)
        return await self._fall().take(asks)

    def heard(self, permit: Permit, status: int, header: Header) -> None:
        """The provider has answered the call."""
        if permit.era == 0 and self._fallen is not None:
            self._fallen.heard(permit, status, header)
            return
        permit.is_heard = True
        told = {each.name: each for each in self._limits.read_quota(status, header)}
        self._tell(permit, {"kind": "heard", "told": told})

    def left(self, permit: Permit, *, was_sent: bool) -> None:
        """The call is over."""
        if permit.era == 0 and self._fallen is not None:
            self._fallen.left(permit, was_sent=was_sent)
            return
        if not permit.is_heard:
            permit.is_heard = True
            self._tell(permit, {"kind": "lost" if was_sent else "unsent"})
        self._tell(permit, {"kind": "left", "caller": permit.caller})

    async def uses(self) -> Uses:
        """How each allowance stands."""
        if self._link.is_up:
            try:
                await self._ask(())
            except LinkDown:
                self._fall()
        if self._fallen is not None:
            return await self._fallen.uses()
        return [(each, self._seen[each.name]) for each in self._allowances if each.name in self._seen]

    async def come_back(self) -> None:
        """Redis is there again, but not yet used: tell it what this process may use of the window by then."""
        if self._fallen is None:
            return
        now = self._clock.monotonic()
        counts, closed = {}, {}
        for window in self._fallen.ledger.windows:
            if isinstance(window, AlignedWindow) and not self._link.has_kept_all:
                closed[window.allowance.name] = closed_seconds(window, now, self._link.ready_in_seconds)
            else:
                counts[window.allowance.name] = sent_count(window, now)
        self._events = [(now, now, {"kind": "elsewhere", "counts": counts, "closed": closed})]
        await self._flush()

    def _fall(self) -> LocalStore:
        if self._fallen is None:
            self._events.clear()
            self._fallen = fallback(self._limits, self._clock, self._link.processes, self._seen, self._seen_at)
        return self._fallen

    async def _ask(self, asks: Sequence[Ask]) -> list[Permit | Refusal]:
        now, era = self._clock.monotonic(), self._link.era
        reply = await self._link.run(self._keys, self._request(asks))
        answers, uses, there = _decode(reply)
        self._link.offset.learn(now, self._clock.monotonic(), there)
        # Rather too late than too early: it is counted from here when a window ends.
        self._seen_at = self._clock.monotonic()
        for allowance, use in zip(self._allowances, uses, strict=True):
            self._seen[allowance.name] = _use(use)
        return [
            Permit(now, era=era, caller=ask.caller) if answer == 0 else self._refusal(answer)
            for ask, answer in zip(asks, answers, strict=True)
        ]

    def _request(self, asks: Sequence[Ask]) -> bytes:
        events, self._events = self._events, []
        offset = self._link.offset
        app_key = 1
        allowances = []
        for allowance in self._allowances:
            app_key += allowance.scope == "app"
            allowances.append(
                {
                    "name": allowance.name,
                    "kind": allowance.kind,
                    "limit": allowance.limit,
                    "window_seconds": allowance.window_seconds,
                    "key": app_key if allowance.scope == "app" else 1,
                }
            )
        return msgspec.msgpack.encode(
            {
                "process": self._link.name,
                "at_once_max": self._limits.at_once_max,
                "allowances": allowances,
                # In Redis's time, as early or late as it may have been: trips can take longer than calls.
                "events": [
                    {**event, "sent": sent + offset.at_least, "at": at + offset.at_most}
                    for sent, at, event in events
                ],
                "asks": [(ask.caller, ask.is_background) for ask in asks],
            }
        )

    def _refusal(self, answer: Any) -> Refusal:
        why, wait_seconds, index, is_sure = answer
        if why != "allowance":
            return PLACES if why == "places" else TURN
        allowance: Allowance = self._allowances[index - 1]
        seen = self._seen[allowance.name]
        return Refusal("allowance", wait_seconds, is_sure, allowance, seen.limit, seen.window_seconds)

    def _tell(self, permit: Permit, event: Event) -> None:
        """Tell Redis of it with the next call, or soon without one. What belongs to another era is void."""
        if permit.era != self._link.era or not self._link.is_there:
            return
        now = self._clock.monotonic()
        self._events.append((permit.sent, now, event))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TELL_SECONDS, self._begin_to_tell)

    def _begin_to_tell(self) -> None:
        self._timer = None
        if self._events:
            task = asyncio.create_task(self._flush())
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _flush(self) -> None:
        try:
            await self._ask(())
        except LinkDown:
            self._fall()


def _use(told: Sequence[float]) -> Use:
    limit, used, foreign, remaining, ends_in_seconds, window_seconds = told
    return Use(
        limit=limit,
        used=used,
        foreign=foreign,
        remaining=remaining,
        ends_in_seconds=None if ends_in_seconds < 0 else ends_in_seconds,
        window_seconds=window_seconds,
    )


_decode = msgspec.msgpack.Decoder(tuple[list[Any], list[list[float]], float]).decode
