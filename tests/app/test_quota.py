"""Quota as callers meet it: what waits, what is refused, and in whose name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest

from providers.brightpearl.sandbox import BrightpearlSandbox, create_sandbox
from providers.erpnext import sandbox as erpnext
from providers.kit.sandbox.hardships import Hardship
from tests.providers.brightpearl.sandbox.conftest import VirtualClock
from tests.world import World, served

PATH = "/proxy/accounting-service/tax-code"


@dataclass(slots=True)
class Shop:
    """A Brightpearl account that may make so many calls a minute; its minute does not pass."""

    world: World
    box: BrightpearlSandbox
    account_id: str

    async def call(self, path: str = PATH, **headers: str) -> httpx2.Response:
        return await self.world.http.get(path, headers={"X-Integrated-Account-Id": self.account_id, **headers})


@pytest.fixture
async def shop(light: World) -> AsyncIterator[Shop]:
    box = create_sandbox(requests_per_minute=3, clock=VirtualClock())
    async with served(box.app) as url:
        yield Shop(light, box, await light.brightpearl(url))


async def test_a_call_that_need_not_wait_is_refused_where_nothing_is_left(shop: Shop) -> None:
    for _ in range(3):
        assert (await shop.call()).status_code == 200
    asked = len(shop.box.calls)

    refused = await shop.call(Prefer="wait=0")

    assert refused.status_code == 429
    problem = refused.json()
    assert problem["code"] == "rate_limited"
    assert "Brightpearl allows this account" in problem["detail"]
    assert problem["retry_after"] == int(refused.headers["Retry-After"]) == 40
    assert len(shop.box.calls) == asked


async def test_a_call_that_would_wait_too_long_for_its_patience_is_refused_at_once(shop: Shop) -> None:
    for _ in range(3):
        await shop.call()

    refused = [
        await shop.call(),
        await shop.call("/unified/accounting/tax_rates?integrated_account_id=" + shop.account_id),
    ]

    assert [answer.status_code for answer in refused] == [429, 429]  # In 40 seconds there is more; they wait 20.


async def test_a_throttle_of_the_provider_comes_through_and_holds_back_the_next_call(shop: Shop) -> None:
    await shop.call()
    shop.box.app.hardships.waiting.append(Hardship("throttled"))
    throttled = await shop.call()
    asked = len(shop.box.calls)

    refused = await shop.call(Prefer="wait=1")

    assert throttled.status_code == 503
    assert "too many requests" in throttled.text
    assert refused.status_code == 429
    assert len(shop.box.calls) == asked


async def test_one_accounts_quota_is_not_anothers(shop: Shop) -> None:
    other = create_sandbox(requests_per_minute=3, clock=VirtualClock())
    for _ in range(3):
        await shop.call()
    async with served(other.app) as url:
        account_id = await shop.world.brightpearl(url)

        answer = await shop.world.http.get(PATH, headers={"X-Integrated-Account-Id": account_id})

    assert answer.status_code == 200


async def test_a_site_that_limits_its_work_is_left_alone_once_it_has_said_so(light: World) -> None:
    box = erpnext.create_sandbox()
    async with served(box.app) as url, httpx2.AsyncClient(base_url=url) as admin:
        limits = {"limit_seconds": 2, "window_seconds": 3_600, "call_seconds": 1.2}
        (await admin.post("/__sandbox/limits", json=limits)).raise_for_status()
        account_id = await light.erpnext(url)
        headers = {"X-Integrated-Account-Id": account_id, "Prefer": "wait=0"}

        answers = [await light.http.get("/proxy/api/method/ping", headers=headers) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    theirs, ours = answers[2:]
    assert theirs.json()["exc_type"] == "TooManyRequestsError"
    assert "ERPNext allows this account 2 server seconds" in ours.json()["detail"]
    assert len(box.calls) == 3
    assert abs(int(ours.headers["Retry-After"]) - int(theirs.headers["Retry-After"])) <= 1
