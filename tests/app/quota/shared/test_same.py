"""What one process counts and what Redis counts for all is the same, whatever happens in whatever order."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest
from redis import Redis

from app.quota.ledger import Ask, Ledger, Permit
from app.quota.shared.link import PROCESSES, _script
from app.quota.store import new_window
from providers.kit.limits import Allowance, Told
from tests.app.quota.model import Minutes, draws

ALIGNED = Allowance(name="minute", limit=12, window_seconds=4, kind="aligned")
ROLLING = Allowance(name="span", limit=5, window_seconds=2, kind="rolling")
DAY = Allowance(name="day", limit=60, window_seconds=86_400, kind="rolling")
AT_ONCE_MAX = 5
START = 1_000_000.0
STEPS = 300


@dataclass(slots=True)
class InRedis:
    """The account in Redis, whose time is told to it."""

    run: Any
    key: str
    allowances: Sequence[Allowance]

    def trip(self, now: float, events: Sequence[Any] = (), asks: Sequence[Any] = ()) -> tuple[Any, Any]:
        request = {
            "process": "this",
            "at_once_max": AT_ONCE_MAX,
            "allowances": [
                {
                    "name": allowance.name,
                    "kind": allowance.kind,
                    "limit": allowance.limit,
                    "window_seconds": allowance.window_seconds,
                    "key": 1,
                }
                for allowance in self.allowances
            ],
            "events": events,
            "asks": asks,
        }
        packed = self.run([PROCESSES, self.key], [msgspec.msgpack.encode(request), repr(now)])
        answers, uses, _ = msgspec.msgpack.decode(packed)
        return answers, uses


@pytest.fixture(scope="module")
def run() -> Iterator[Any]:
    from tests.conftest import REDIS

    if REDIS is None:
        pytest.skip("there is no Redis here")
    script = _script("aligned", "rolling", "acquire").replace("redis.call('TIME')", "{ ARGV[2], '0' }")
    with Redis.from_url(REDIS) as client:
        yield client.register_script(script)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "allowances",
    [[ALIGNED], [ROLLING], [ALIGNED, ROLLING], [DAY]],
    ids=("aligned", "rolling", "both", "day"),
)
def test_both_give_and_refuse_alike(run: Any, allowances: Sequence[Allowance], seed: int) -> None:
    ledger = Ledger(AT_ONCE_MAX, tuple(new_window(allowance) for allowance in allowances))
    there = InRedis(run, f"ledgerway:quota:test:{uuid.uuid4()}", allowances)
    history = History(draws(seed))
    for _ in range(STEPS):
        now = history.later()
        if history.wants_to_ask():
            _ask(ledger, there, history, now)
        elif history.under_way:
            _end(ledger, there, history, now)
        _assert_same(ledger, there, now)


@dataclass(slots=True)
class History:
    """What happens at random at a provider that counts, now and then tells nothing, and seldom something odd."""

    draw: random.Random
    now: float = START
    under_way: list[tuple[Permit, Told]] = field(default_factory=list)
    provider: Minutes = field(init=False)

    def __post_init__(self) -> None:
        granted = self.draw.choice([9, 12, 15])
        self.provider = Minutes("minute", granted, 4.0, self.draw.uniform(0, 4), self.draw.choice([0, 0, 3]))

    def later(self) -> float:
        """Some time passes, seldom much."""
        self.now += self.draw.expovariate(1 / self.draw.choice([0.02, 0.02, 0.1, 0.1, 0.1, 3.0]))
        return self.now

    def wants_to_ask(self) -> bool:
        """More often than calls end."""
        return self.draw.random() < 0.6

    def begin(self, permit: Permit, caller: str) -> None:
        """The call reaches the provider."""
        told = self.provider.arrive(self.now)
        odd = Told(name="minute", remaining=self.draw.randint(0, 15), ends_in_seconds=self.draw.uniform(0, 9))
        self.under_way.append((replace(permit, caller=caller), odd if self.draw.random() < 0.02 else told))

    def end(self) -> tuple[Permit, Told, str]:
        """One of them, and how it ends: what was told when it arrived is no longer quite so when it is answered."""
        permit, told = self.under_way.pop(self.draw.randrange(len(self.under_way)))
        return permit, told, self.draw.choices(["told", "silent", "lost", "unsent"], [90, 4, 3, 3])[0]


def _ask(ledger: Ledger, there: InRedis, history: History, now: float) -> None:
    caller, is_background = history.draw.choice("aaab"), history.draw.random() < 0.3
    here = ledger.take(Ask(caller, is_background), now)
    (answer,), _ = there.trip(now, asks=[(caller, is_background)])
    if isinstance(here, Permit):
        assert answer == 0
        history.begin(here, caller)
        return
    assert answer != 0
    assert (answer[0], answer[3]) == (here.why, here.is_sure)
    assert answer[1] == pytest.approx(here.wait_seconds, abs=1e-6)


def _end(ledger: Ledger, there: InRedis, history: History, now: float) -> None:
    permit, what, kind = history.end()
    times = {"sent": permit.sent, "at": now}
    left = {"kind": "left", "caller": permit.caller, **times}
    if kind in ("told", "silent"):
        told = {what.name: what} if kind == "told" else {}
        ledger.heard(permit, now, tuple(told.values()))
        ledger.left(permit, now, was_sent=True)
        there.trip(now, [{"kind": "heard", "told": told, **times}, left])
    else:
        ledger.left(permit, now, was_sent=kind == "lost")
        there.trip(now, [{"kind": kind, **times}, left])


def _assert_same(ledger: Ledger, there: InRedis, now: float) -> None:
    _, uses = there.trip(now)
    for window, told in zip(ledger.windows, uses, strict=True):
        window.roll(now)
        use = window.use(now)
        ends = -1 if use.ends_in_seconds is None else use.ends_in_seconds
        assert told == pytest.approx(
            [use.limit, use.used, use.foreign, use.remaining, ends, use.window_seconds], abs=1e-4
        )
