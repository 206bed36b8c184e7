"""A provider that fails again and again is left alone for a while; nothing else is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from app.upstream.circuit import REST_SECONDS, REST_SECONDS_MAX, Circuit
from app.upstream.health import ACCOUNTS_MAX, FAILURES_MAX
from providers.kit.errors import Resting
from tests.app.clock import VirtualClock
from tests.app.wire import Script, Wire, answer, bare, then_reset, then_stall, wired
from tests.world import World, gateway, settings_in

OK = answer(b'{"data": []}')
DOWN = answer(b"<html>", "503 Down")
CALLERS_FAULT = answer(b'{"exc_type": "TypeError", "exception": "TypeError: x"}', "500 Error")
SLOW = answer(b"{}", "429 Slow", b"Retry-After: 1")
THROTTLED = answer(
    b'{"response": "You have sent too many requests."}', "503 Slow", b"brightpearl-requests-remaining: 0"
)


@pytest.fixture
async def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def world(tmp_path: Path, clock: VirtualClock) -> AsyncIterator[World]:
    async with gateway(settings_in(tmp_path), clock) as running:
        yield running


async def _proxied(world: World, account: str) -> httpx2.Response:
    return await world.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account})


async def _failed(world: World, account: str, times: int = FAILURES_MAX) -> None:
    """So many proxied calls, which repeat nothing."""
    for _ in range(times):
        await _proxied(world, account)


async def _is_refused(world: World, wire: Wire, account: str) -> bool:
    """Whether the account's calls are answered here, with the time when it is tried again."""
    before = len(wire.lines)
    got = await _proxied(world, account)
    if len(wire.lines) > before:
        return False
    problem = got.json()
    assert (got.status_code, problem["code"], problem["retryable"]) == (502, "provider_unavailable", True)
    assert 1 <= problem["retry_after"] <= REST_SECONDS_MAX
    assert got.headers["retry-after"] == str(problem["retry_after"])
    return True


@pytest.mark.parametrize("script", [DOWN, answer(b"", "520 Odd"), then_reset], ids=["503", "520", "reset"])
async def test_failures_in_a_row_are_answered_here_at_once(world: World, script: Script) -> None:
    async with wired(script) as wire:
        account = await world.erpnext(wire.url)
        await _failed(world, account, FAILURES_MAX - 1)
        assert not await _is_refused(world, wire, account)

        assert await _is_refused(world, wire, account)
        listed = await world.unified("items", account)

        assert (listed.status_code, listed.json()["code"]) == (502, "provider_unavailable")
        assert len(wire.lines) == FAILURES_MAX


async def test_silence_counts_before_an_answer_and_within_it(tmp_path: Path) -> None:
    stalled = bare("200 OK", b"Content-Length: 99", body=b"{")
    for script in (then_stall(), then_stall(stalled)):
        settings = settings_in(tmp_path, proxy_idle_seconds=0.05)
        async with gateway(settings) as world, wired(script) as wire:
            account = await world.erpnext(wire.url)
            await _failed(world, account)

            assert await _is_refused(world, wire, account)


async def test_a_unified_call_that_runs_out_of_time_counts(tmp_path: Path) -> None:
    async with gateway(settings_in(tmp_path, call_deadline_seconds=0.1)) as world, wired(then_stall()) as wire:
        account = await world.erpnext(wire.url)
        for _ in range(FAILURES_MAX):
            assert (await world.unified("items", account)).status_code == 504

        assert await _is_refused(world, wire, account)


@pytest.mark.parametrize(
    "script",
    [
        answer(b"{}", "400 No"),
        answer(b"{}", "403 No"),
        answer(b"{}", "404 No"),
        answer(b"{}", "500 Error"),
        bare("204 No Content"),
        answer(b"<html>"),
        answer(b"", "301 Moved"),
    ],
    ids=lambda script: script[9:12].decode(),
)
async def test_a_provider_that_answers_is_never_left_alone(world: World, script: bytes) -> None:
    async with wired(script) as wire:
        account = await world.erpnext(wire.url)
        await _failed(world, account, 3 * FAILURES_MAX)

        assert not await _is_refused(world, wire, account)


@pytest.mark.parametrize(("integration", "script"), [("brightpearl", THROTTLED), ("erpnext", SLOW)])
async def test_a_throttle_is_an_answer(world: World, clock: VirtualClock, integration: str, script: bytes) -> None:
    before = await _opened(world)
    async with wired(script) as wire:
        account = await getattr(world, integration)(wire.url)
        for _ in range(2 * FAILURES_MAX):
            clock.advance(61)  # What the provider has asked for is over.
            assert (await _proxied(world, account)).status_code in (429, 503)

        assert len(wire.lines) == 2 * FAILURES_MAX
    assert await _opened(world) == before


async def test_a_callers_fault_is_an_answer(world: World) -> None:
    async with wired(CALLERS_FAULT) as wire:
        account = await world.erpnext(wire.url)
        for _ in range(2 * FAILURES_MAX):
            assert (await world.unified("items/7", account)).status_code == 422

        assert not await _is_refused(world, wire, account)


async def test_after_a_rest_one_call_goes_to_see(world: World, clock: VirtualClock) -> None:
    async with wired(DOWN) as wire:
        account = await world.erpnext(wire.url)
        await _failed(world, account)
        clock.advance(REST_SECONDS)

        assert not await _is_refused(world, wire, account)
        assert await _is_refused(world, wire, account), "it has failed too"
        clock.advance(REST_SECONDS)
        assert await _is_refused(world, wire, account), "the second rest is longer"
        clock.advance(REST_SECONDS)
        wire.script = OK
        assert not await _is_refused(world, wire, account)
        assert not await _is_refused(world, wire, account), "all is well again"


async def test_a_call_that_goes_to_see_and_is_never_heard_of_does_not_hold_the_others_for_ever() -> None:
    clock = VirtualClock()
    circuit = Circuit("erpnext", "account", clock, lambda: 0.0)
    circuit.open()
    clock.advance(REST_SECONDS)
    circuit.admit()

    with pytest.raises(Resting):
        circuit.admit()
    clock.advance(REST_SECONDS)

    circuit.admit()


async def test_rests_double_up_to_a_bound_and_are_shortened_by_chance() -> None:
    def rests(chance: float) -> list[float]:
        clock, found = VirtualClock(), []
        circuit = Circuit("erpnext", "account", clock, lambda: chance)
        circuit.open()
        for _ in range(8):
            with pytest.raises(Resting) as caught:
                circuit.admit()
            found.append(caught.value.retry_after_seconds or 0.0)
            clock.advance(found[-1])
            circuit.admit()
            circuit.open()
        return found

    assert rests(0.0) == [2, 4, 8, 16, 32, 60, 60, 60]
    assert rests(1.0)[:2] == [1.5, 3]


async def test_what_was_under_way_when_the_circuit_opened_does_not_lengthen_the_rest() -> None:
    circuit = Circuit("erpnext", "account", VirtualClock(), lambda: 0.0)

    for _ in range(9):
        circuit.open()

    with pytest.raises(Resting) as caught:
        circuit.admit()
    assert caught.value.retry_after_seconds == REST_SECONDS


async def test_one_customers_dead_site_does_not_stop_another(world: World) -> None:
    async with wired(DOWN) as dead, wired(OK) as sound:
        for _ in range(ACCOUNTS_MAX):
            await _failed(world, await world.erpnext(dead.url))

        assert not await _is_refused(world, sound, await world.erpnext(sound.url))


async def test_a_host_on_which_several_accounts_fail_is_left_alone_by_all(
    world: World, clock: VirtualClock
) -> None:
    async with wired(DOWN) as wire:
        accounts = [await world.brightpearl(wire.url, account_code=f"acme{n}") for n in range(ACCOUNTS_MAX)]
        another = await world.brightpearl(wire.url, account_code="another")
        for account in accounts[:-1]:
            await _failed(world, account)
        assert not await _is_refused(world, wire, another), "two may be unlucky"
        await _failed(world, accounts[-1])

        assert await _is_refused(world, wire, another)
        clock.advance(REST_SECONDS)
        wire.script = OK
        assert not await _is_refused(world, wire, another)
        assert not await _is_refused(world, wire, another)


async def test_a_call_that_works_speaks_for_the_host(world: World) -> None:
    async with wired(DOWN) as wire:
        accounts = [await world.brightpearl(wire.url, account_code=f"acme{n}") for n in range(2 * ACCOUNTS_MAX)]
        another = await world.brightpearl(wire.url, account_code="another")
        for account in accounts:
            wire.script = DOWN
            await _failed(world, account)
            wire.script = OK
            await _proxied(world, another)

        assert not await _is_refused(world, wire, another)


async def test_a_validation_asks_a_provider_that_is_left_alone(world: World) -> None:
    async with wired(DOWN) as wire:
        account = await world.erpnext(wire.url)
        await _failed(world, account)
        before = len(wire.lines)
        wire.script = answer(b"{}", "404 No")

        await world.http.post(f"/integrated-account/{account}/validate")

        assert len(wire.lines) > before


async def _opened(world: World) -> float:
    """How often an account's breaker has opened, in all tests of this process."""
    told = (await world.http.get("/metrics")).text
    return sum(float(count) for count in re.findall(r"ledgerway_breakers_opened_total{[^}]*} (.*)", told))


def _open_count(told: str, reach: str) -> float:
    (line,) = re.findall(rf'ledgerway_breakers_open{{integration="erpnext",reach="{reach}"}} (.*)', told) or ["0"]
    return float(line)


async def test_what_is_left_alone_is_counted_until_it_works(world: World, clock: VirtualClock) -> None:
    before = (await world.http.get("/metrics")).text
    async with wired(DOWN) as wire:
        account = await world.erpnext(wire.url)
        await _failed(world, account)

        during = (await world.http.get("/metrics")).text
        wire.script = OK
        clock.advance(REST_SECONDS)
        await _proxied(world, account)
        after = (await world.http.get("/metrics")).text

    assert _open_count(during, "account") == _open_count(before, "account") + 1
    assert _open_count(after, "account") == _open_count(before, "account")
    assert _open_count(during, "provider") == _open_count(before, "provider")
