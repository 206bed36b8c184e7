"""The console's call log: found by what is asked, followed as it grows, and explained."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from app.error_catalogue import explanations
from providers.erpnext.sandbox import create_sandbox
from tests.app.clock import START, VirtualClock
from tests.app.console.conftest import Owner, owner_of
from tests.world import World, gateway, served, settings_in

Timed = tuple[VirtualClock, World, Owner]


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[Timed]:
    clock = VirtualClock()
    async with gateway(settings_in(tmp_path), clock) as world, owner_of(world) as owner:
        await owner.sign_in()
        yield clock, world, owner


def shown(owner: Owner) -> int:
    """How many calls the page lists."""
    return owner.text.count("data-id=")


async def called(world: World, **asked: Any) -> str:
    """A call that fails at once; its request id."""
    answer = await world.http.get("/proxy/x", params=asked)
    await world.parts.calls.write()
    return str(answer.headers["x-request-id"])


async def open_first(owner: Owner) -> None:
    """To the newest call's own page."""
    await owner.go("/console/calls")
    await owner.press(next(words for words, to in owner.page.links if "/console/calls/" in to))


async def test_a_call_is_told_with_its_account_and_what_it_cost(owner: Owner, light: World) -> None:
    async with served(create_sandbox().app) as site:
        account_id = await light.erpnext(site)
        answer = await light.unified("invoices", account_id, limit=2)
    await light.parts.calls.write()

    await open_first(owner)

    assert owner.url.endswith(f"/console/calls/{answer.headers['x-request-id']}")
    for told in ("/unified/accounting/invoices", "tenant", "ERPNext", "Provider calls", "Waited for quota"):
        assert told in owner.text
    assert f'href="/console/accounts/{account_id}"' in owner.text


async def test_each_code_is_explained(owner: Owner, light: World) -> None:
    request_id = await called(light)
    for told in explanations():
        async with light.parts.database.transaction() as connection:
            await connection.exec_driver_sql(f"UPDATE call_log SET code = '{told.code}'")  # noqa: S608

        await owner.go(f"/console/calls/{request_id}")

        page = owner.text.replace("&#39;", "'").replace("<code>", "`").replace("</code>", "`")
        assert told.title in page
        assert told.next_step in page
        assert all(text in page for text in told.happened)


async def test_calls_are_found_by_account_tenant_status_code_time_and_request(timed: Timed) -> None:
    clock, world, owner = timed
    account_id = await world.erpnext("http://127.0.0.1:9")
    first = await called(world)
    clock.advance(3_000)
    await called(world, integrated_account_id=account_id)
    middle = (START + timedelta(seconds=1_500)).isoformat()[:19]

    async def found(query: str) -> int:
        await owner.go(f"/console/calls?{query}")
        assert owner.status == 200, query
        return shown(owner)

    assert await found("") == 2
    assert await found(f"account={account_id}") == await found("account=tenant") == 1
    assert await found("account=nobody") == 0
    assert (await found("status=400"), await found("status=5xx"), await found("status=errors")) == (1, 1, 2)
    assert (await found("status=2xx"), await found("status=499")) == (0, 0)
    assert (await found("code=invalid_request"), await found("code=internal")) == (1, 0)
    assert (await found("within=15m"), await found("within=1h")) == (1, 2)
    assert (await found(f"since={middle}"), await found(f"until={middle}")) == (1, 1)
    assert await found(f"since={quote('2026-03-01T12:00+00:00')}&until=2026-03-01T12:00") == 1
    assert await found(f"request_id={first}") == 1
    assert "No call is like that" not in owner.text


async def test_what_cannot_be_asked_is_said_beside_its_field(owner: Owner) -> None:
    for query, field in (
        ("since=yesterday", "since"),
        ("until=0001-01-01T00:00%2B14:00", "until"),
        ("status=999", "status"),
        ("code=none", "code"),
        ("within=1y", "within"),
        ("account=a%00", "account"),
        (f"request_id={'x' * 501}", "request_id"),
    ):
        await owner.go(f"/console/calls?{query}")
        assert (owner.status, owner.screen) == (400, "calls"), query
        assert owner.text.count('class="error"') == 1
        assert f'aria-describedby="error-{field}"' in owner.text
        assert "data-tail=" not in owner.text


async def test_older_calls_are_a_page_away_with_the_same_filters(owner: Owner, light: World) -> None:
    for _ in range(51):
        await light.http.get("/proxy/x")
    await called(light)

    await owner.go("/console/calls?status=4xx")
    first = (shown(owner), "data-tail=" in owner.text)
    await owner.press("Older")
    second = (shown(owner), "data-tail=" in owner.text)
    await owner.press("Newest")

    assert (first, second) == ((50, True), (2, False))
    assert owner.url.endswith("/console/calls?status=4xx")


async def _tail(owner: Owner, query: str) -> httpx2.Response:
    return await owner.http.get(
        f"{owner.world.base_url}/console/calls/new?{query}", headers={"X-CSRF-Token": owner.csrf}
    )


async def test_the_tail_tells_what_came_since_and_only_what_was_asked_for(owner: Owner, light: World) -> None:
    await called(light)
    await owner.go("/console/calls?status=4xx")
    after = owner.text.partition('data-after="')[2].partition('"')[0]
    nothing = await _tail(owner, f"status=4xx&after={after}")
    newest = await called(light)

    news = await _tail(owner, f"status=4xx&after={after}")
    again = await _tail(owner, f"status=4xx&after={news.headers['x-after']}")
    other = await _tail(owner, f"status=5xx&after={after}")

    assert (nothing.text.strip(), nothing.headers["x-after"]) == ("", after)
    assert news.text.count("<tr") == 1
    assert f"/console/calls/{newest}" in news.text
    assert (again.text.strip(), other.text.strip()) == ("", "")
    assert int(news.headers["x-after"]) > int(after)


async def test_a_tail_that_cannot_keep_up_goes_on_with_the_newest(owner: Owner, light: World) -> None:
    for _ in range(60):
        await light.http.get("/proxy/x")
    newest = await called(light)

    news = await _tail(owner, "after=0")
    again = await _tail(owner, f"after={news.headers['x-after']}")

    assert (news.text.count("<tr"), news.headers["x-more"]) == (50, "1")
    assert newest in news.text.partition("</tr>")[0]
    assert (again.text.strip(), again.headers["x-more"]) == ("", "0")


async def test_a_tail_from_nowhere_is_refused(owner: Owner) -> None:
    for query in ("", "after=", "after=-1", "after=x", f"after={2**63}", "after=0&status=x", "after=%C2%B2"):
        assert (await _tail(owner, query)).status_code == 400, query


async def test_an_empty_log_says_how_it_fills(owner: Owner) -> None:
    await owner.go("/console/calls")
    assert "No call was made yet" in owner.text
    await owner.go("/console/calls?status=4xx")
    assert "No call is like that" in owner.text
