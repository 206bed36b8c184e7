"""The site's rate limit, as it was recorded: seconds of work per window, and a refusal before any work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from providers.erpnext.sandbox import create_sandbox
from tests.providers.erpnext.sandbox.asking import Asking

PING = "/api/method/ping"
CUSTOMER = "/api/resource/Customer"


@pytest.fixture
def clock() -> list[datetime]:
    """The moment, which stands still until a test moves it."""
    return [datetime(2026, 11, 21, 9, 56, 32, tzinfo=UTC)]


@pytest.fixture
def site(clock: list[datetime]) -> Asking:
    return Asking(create_sandbox(clock=lambda: clock[0]))


async def limited(site: Asking, **given: Any) -> dict[str, Any]:
    answer = await site.send("POST", "/__sandbox/limits", json=given)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _told(answer: httpx2.Response) -> tuple[str | None, ...]:
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")
    return tuple(answer.headers.get(name) for name in names)


async def test_a_site_has_no_limit_and_tells_of_none_unless_it_is_set(site: Asking) -> None:
    assert _told(await site.send("GET", PING)) == (None, None, None, None)


async def test_work_is_counted_after_the_call_and_what_is_over_is_refused_before_it(
    site: Asking, clock: list[datetime]
) -> None:
    await limited(site, limit_seconds=2, window_seconds=60, call_seconds=1.2)

    first, second, third = [await site.send("GET", PING) for _ in range(3)]
    clock[0] += timedelta(seconds=28)
    fourth = await site.send("GET", PING)

    assert [answer.status_code for answer in (first, second, third, fourth)] == [200, 200, 429, 200]
    assert _told(first) == ("2000000", "2000000", "28", None)
    assert _told(second) == ("2000000", "1000000", "28", None)
    assert _told(third) == ("2000000", "0", "28", "28")
    assert _told(fourth) == ("2000000", "2000000", "60", None)


async def test_a_refused_write_is_not_done_and_the_tally_says_so(site: Asking) -> None:
    before = len(site.box.store.documents["Customer"])
    await limited(site, limit_seconds=1, call_seconds=1.5)
    await site.send("GET", PING)

    answer = await site.send("POST", CUSTOMER, json={"customer_name": "Late Ltd", "customer_type": "Company"})

    assert answer.status_code == 429
    assert answer.json()["exc_type"] == "TooManyRequestsError"
    assert answer.json()["exception"] == "frappe.exceptions.TooManyRequestsError"
    assert len(site.box.store.documents["Customer"]) == before
    tally = (await limited(site))["windows"]
    assert [(each["spent"], each["served"], each["throttled"]) for each in tally] == [(1_500_000, 1, 1)]


async def test_who_prefers_text_is_refused_in_a_text(site: Asking) -> None:
    await limited(site, limit_seconds=1, call_seconds=1.5)
    await site.send("GET", PING)

    answer = await site.send("GET", PING, headers={"Accept": "text/html"})

    assert (answer.status_code, answer.text) == (429, "Too Many Requests")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_real_work_counts_where_no_cost_is_set(site: Asking) -> None:
    await limited(site, limit_seconds=100)
    await site.send("GET", CUSTOMER)

    tally = (await limited(site))["windows"]

    assert 0 < tally[0]["spent"] < 60_000_000


async def test_a_throttled_answer_on_request_needs_no_limit(site: Asking) -> None:
    await site.send("POST", "/__sandbox/hardship", json={"kind": "throttled"})

    refused, answered = await site.send("GET", PING), await site.send("GET", PING)

    assert (refused.status_code, answered.status_code) == (429, 200)
    assert refused.headers["Retry-After"] == "28"
