"""What one process counts and what Redis counts for all is the same, whatever happens in whatever order."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from app.quota.ledger import Ask, Ledger, Permit
from app.quota.shared.link import PROCESSES, _script
from app.quota.store import new_window
from providers.kit.limits import Allowance, Told

ALIGNED = Allowance(name="minute", limit=12, window_seconds=4, kind="aligned")
ROLLING = Allowance(name="span", limit=5, window_seconds=2, kind="rolling")
AT_ONCE_MAX = 5
START = 1_000_000.0

_told = st.builds(
    Told,
    name=st.just("minute"),
    remaining=st.one_of(st.none(), st.integers(0, 15).map(float)),
    ends_in_seconds=st.one_of(st.none(), st.integers(1, 60).map(lambda tenths: tenths / 10)),
    is_throttled=st.booleans(),
)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 200)),
        st.tuples(st.just("ask"), st.sampled_from("abc"), st.booleans()),
        st.tuples(st.just("answer"), st.integers(0, 4), st.one_of(st.none(), _told)),
        st.tuples(st.just("lose"), st.integers(0, 4), st.booleans()),
    ),
    max_size=60,
)


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
        answers, uses = msgspec.msgpack.decode(packed)
        return answers, uses


@pytest.fixture(scope="module")
def run() -> Iterator[Any]:
    from tests.conftest import REDIS

    if REDIS is None:
        pytest.skip("there is no Redis here")
    script = _script("aligned", "rolling", "acquire").replace("redis.call('TIME')", "{ ARGV[2], '0' }")
    with Redis.from_url(REDIS) as client:
        yield client.register_script(script)


@pytest.mark.parametrize(
    "allowances", [[ALIGNED], [ROLLING], [ALIGNED, ROLLING]], ids=["aligned", "rolling", "both"]
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_steps)
def test_both_give_and_refuse_alike(run: Any, allowances: Sequence[Allowance], steps: Any) -> None:
    ledger = Ledger(AT_ONCE_MAX, tuple(new_window(allowance) for allowance in allowances))
    there = InRedis(run, f"ledgerway:quota:test:{uuid.uuid4()}", allowances)
    now, under_way = START, list[Permit]()
    for kind, *rest in steps:
        if kind == "wait":
            now += rest[0] / 100
        elif kind == "ask":
            here = ledger.take(Ask(*rest), now)
            (answer,), _ = there.trip(now, asks=[rest])
            if isinstance(here, Permit):
                assert answer == 0
                under_way.append(replace(here, caller=rest[0]))
            else:
                assert answer != 0
                assert (answer[0], answer[3]) == (here.why, here.is_sure)
                assert answer[1] == pytest.approx(here.wait_seconds, abs=1e-6)
        elif rest[0] < len(under_way):
            _end(ledger, there, under_way.pop(rest[0]), kind, rest[1], now)
        _assert_same(ledger, there, now)


def _end(ledger: Ledger, there: InRedis, permit: Permit, kind: str, what: Any, now: float) -> None:
    ago = {"sent_ago": now - permit.sent, "ago": 0.0}
    left = {"kind": "left", "caller": permit.caller, **ago}
    if kind == "answer":
        told = {} if what is None else {what.name: what}
        ledger.heard(permit, now, tuple(told.values()))
        ledger.left(permit, now, was_sent=True)
        there.trip(now, [{"kind": "heard", "told": told, **ago}, left])
    else:
        ledger.left(permit, now, was_sent=what)
        there.trip(now, [{"kind": "lost" if what else "unsent", **ago}, left])


def _assert_same(ledger: Ledger, there: InRedis, now: float) -> None:
    _, uses = there.trip(now)
    for window, told in zip(ledger.windows, uses, strict=True):
        window.roll(now)
        use = window.use(now)
        ends = -1 if use.ends_in_seconds is None else use.ends_in_seconds
        assert told == pytest.approx(
            [use.limit, use.used, use.foreign, use.remaining, ends, use.window_seconds], abs=1e-4
        )
