"""Whatever a provider does wrong, a caller is told what to do next, and nothing that is secret."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.settings import Settings
from tests.app.faults import AT_ONCE, DRIP, IN_TIME, Fault, Hasty
from tests.app.wire import Seen, Wire, answer, wired
from tests.world import World, gateway, settings_in

SECRETS = ("sandbox-key", "sandbox-secret", "sandbox-staff-token")
PROVIDERS = {
    "erpnext": ("items", b"/api/resource/Item", "/proxy/api/resource/Item"),
    "brightpearl": ("contacts", b"/contact-service/contact", "/proxy/contact-service/contact-search"),
}
MEMBERS = {"title", "type", "status", "code", "detail", "request_id", "retryable"}
MORE = {"errors", "provider", "retry_after", "reconnect_url"}


@pytest.fixture
async def clock() -> Hasty:
    return Hasty()


@pytest.fixture
async def world(tmp_path: Path, clock: Hasty) -> AsyncIterator[World]:
    async with gateway(settings_in(tmp_path), clock) as running:
        yield running


def _only(target: bytes, fault: Fault) -> Callable[[Seen], Awaitable[None]]:
    """Misbehave where the record is, and know nothing of the rest."""

    async def script(seen: Seen) -> None:
        if target not in seen.line and fault.status != 409:
            await seen.body()
            await seen.write(answer(b'{"exc_type": "DoesNotExistError"}', "404 Not Found"))
        elif isinstance(fault.script, bytes):
            await seen.body()
            await seen.write(fault.script)
        else:
            await fault.script(seen)

    return script


def _asked(wire: Wire, target: bytes) -> int:
    return len([line for line in wire.lines if target in line])


def _assert_problem(got: httpx2.Response, status: int, code: str, integration: str) -> dict[str, Any]:
    problem: dict[str, Any] = got.json()
    assert (got.status_code, problem["code"]) == (status, code)
    assert got.headers["content-type"] == "application/problem+json"
    assert problem.keys() >= MEMBERS
    assert problem.keys() <= MEMBERS | MORE
    assert problem["status"] == status
    assert problem["type"].endswith(code)
    assert problem["request_id"] == got.headers["x-request-id"]
    assert not any(secret in got.text + str(got.headers) for secret in SECRETS)
    if code != "needs_reauth":
        assert problem["provider"]["name"] == integration
    return problem


async def _assert_told(world: World, wire: Wire, clock: Hasty, integration: str, fault: Fault) -> None:
    resource, target, proxied = PROVIDERS[integration]
    wire.script = _only(target, fault)
    for path in (resource, f"{resource}/7"):
        # Each its own, for a provider that fails again and again is left alone.
        account = await getattr(world, integration)(wire.url)
        before = _asked(wire, target)
        clock.waits.clear()

        got = await world.unified(path, account)

        problem = _assert_problem(got, fault.status, fault.code, integration)
        assert got.headers.get("retry-after") == fault.retry_after
        assert problem.get("retry_after") == (int(fault.retry_after) if fault.retry_after else None)
        assert _asked(wire, target) - before == fault.attempts
        if fault.code != "rate_limited":  # Else the account's pace waits, too, for as long as the provider asked.
            assert len(clock.waits) == len(fault.waits)
            assert all(told <= wait <= told + 0.8 for wait, told in zip(clock.waits, fault.waits, strict=True))
    account = await getattr(world, integration)(wire.url)
    before = len(wire.lines)
    async with world.http.stream("GET", proxied, headers={"X-Integrated-Account-Id": account}) as got:
        if fault.proxied is None:
            await got.aread()
            _assert_problem(got, fault.status, fault.code, integration)
        else:
            assert got.status_code == fault.proxied
            assert got.headers.get("content-type") != "application/problem+json"
    assert len(wire.lines) - before == 1, "the proxy repeats nothing"


@pytest.mark.parametrize("fault", AT_ONCE, ids=lambda fault: fault.name)
async def test_a_fault_is_told_by_list_get_and_proxy(world: World, clock: Hasty, fault: Fault) -> None:
    async with wired(b"") as wire:
        for integration in fault.providers:
            await _assert_told(world, wire, clock, integration, fault)


@pytest.mark.parametrize("fault", IN_TIME, ids=lambda fault: fault.name)
async def test_a_provider_that_is_late_is_not_waited_for(tmp_path: Path, clock: Hasty, fault: Fault) -> None:
    async with gateway(_hurried(tmp_path), clock) as world, wired(b"") as wire:
        for integration in fault.providers:
            await _assert_told(world, wire, clock, integration, fault)


async def test_an_answer_that_comes_a_byte_at_a_time_does_not_outlast_the_call(
    tmp_path: Path, clock: Hasty
) -> None:
    async with gateway(_hurried(tmp_path), clock) as world, wired(b"") as wire:
        for integration, (resource, target, _) in PROVIDERS.items():
            wire.script = _only(target, DRIP)
            account = await getattr(world, integration)(wire.url)
            for path in (resource, f"{resource}/7"):
                got = await world.unified(path, account)

                _assert_problem(got, DRIP.status, DRIP.code, integration)


def _hurried(folder: Path) -> Settings:
    return settings_in(folder, call_deadline_seconds=0.4, proxy_idle_seconds=0.3)


async def test_refused_credentials_ask_for_the_customer_everywhere(world: World) -> None:
    body = b'{"response": "Invalid instance token: sandbox-staff-token sandbox-secret"}'
    async with wired(answer(body, "401 Unauthorized", b"X-Said: sandbox-secret")) as wire:
        for integration, (resource, _, proxied) in PROVIDERS.items():
            for call in (f"/unified/accounting/{resource}", f"/unified/accounting/{resource}/7", proxied):
                account = await getattr(world, integration)(wire.url)

                got = await world.http.get(call, headers={"X-Integrated-Account-Id": account})

                _assert_problem(got, 409, "needs_reauth", integration)


async def test_a_provider_that_repeats_its_headers_in_words_tells_no_secret(world: World) -> None:
    async def repeat(seen: Seen) -> None:
        said = b" ".join(name + b": " + value for name, value in seen.lines).decode()
        body = '{"exception": "x.Error: %s", "exc_type": "%s", "errors": [{"code": "X", "message": "%s"}]}'
        await seen.write(answer((body % (said, said, said)).encode(), "417 Expectation Failed"))

    async with wired(repeat) as wire:
        for integration, (resource, _, _) in PROVIDERS.items():
            account = await getattr(world, integration)(wire.url)

            got = await world.unified(f"{resource}/7", account)

            assert got.status_code in (422, 502)
            assert "[hidden]" in got.text
            assert not any(secret in got.text for secret in SECRETS)
