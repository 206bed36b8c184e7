"""The console's accounts: how they are, what they lack, and what can be done about it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from providers.erpnext import sandbox as erpnext
from providers.kit.registry import all_providers
from tests.app.clock import VirtualClock
from tests.app.console.conftest import Owner, owner_of
from tests.app.site import Site
from tests.world import World, gateway, served, settings_in


def text(owner: Owner) -> str:
    """What a person reads of the page, words one space apart."""
    plain = re.sub(r"<[^>]+>", " ", owner.text.partition("<main")[2])
    return " ".join(plain.replace("&#39;", "'").split())


@pytest.fixture
async def site() -> AsyncIterator[str]:
    async with served(erpnext.create_sandbox().app) as url:
        yield url


async def test_an_account_is_shown_with_what_its_validation_found(owner: Owner, light: World, site: str) -> None:
    account_id = await light.account("erpnext", erpnext.context(site), validate=True)
    await light.unified("invoices", account_id, limit=1)
    await light.unified("invoices/no-such", account_id)
    await light.parts.calls.write()

    await owner.go("/console/accounts")
    listed = text(owner)
    await owner.press("tenant")
    told = text(owner)

    assert re.search(r"tenant ERPNext Active .* 2 .* 50 % .* 50 % .* s ago", listed)
    assert "Active 2 calls in 24 hours, 50 % failed" in told
    assert "Connected as gateway@acme.example" in told
    assert f"Site URL {site}" in told
    assert "Companies Acme" in told
    assert told.count("/unified/accounting/invoices") == 2
    assert erpnext.API_SECRET not in owner.text
    assert erpnext.API_KEY not in owner.text


async def test_a_lost_account_says_why_and_where_its_customer_goes(owner: Owner, light: World) -> None:
    site = Site()
    async with served(site) as url:
        account_id = await light.account("erpnext", site.context(url))
        store = light.parts.account_store
        account = await store.find(light.environment_id, account_id)
        assert account is not None
        lost = {"status": "needs_reauth", "status_reason": "the grant was revoked", "reason_code": "revoked"}
        await store.change(account, light.parts.clock.now(), lost)
    answer = (await light.http.get(f"/integrated-account/{account_id}")).json()["result"]

    await owner.go("/console")
    first = text(owner)
    await owner.press("tenant")

    assert "Accounts that need somebody All 1 tenant ERPNext Needs its customer the grant was revoked" in first
    assert "The grant was revoked. revoked" in text(owner)
    assert f'value="{answer["reconnect_url"]}"' in owner.text
    await owner.go("/console/accounts?status=attention")
    assert "the grant was revoked" in text(owner)
    await owner.go("/console/accounts?status=active")
    assert "No account is like that." in text(owner)


async def test_a_validation_by_hand_tells_what_came_of_it(owner: Owner, light: World, site: str) -> None:
    good = await light.erpnext(site)
    bad = await light.erpnext(site, api_secret="wrong")
    away = await light.erpnext("http://127.0.0.1:9")
    told: dict[str, str] = {}
    for account_id in (good, bad, away):
        await owner.go(f"/console/accounts/{account_id}")
        await owner.send(number=-2)
        told[account_id] = text(owner)

    assert "tried by real calls, and they work" in told[good]
    assert "did not pass" in told[bad]
    assert "could not be validated" in told[away]
    statuses = {row["id"]: row["status"] for row in (await light.http.get("/integrated-account")).json()["result"]}
    # An outage says nothing of the account.
    assert statuses == {good: "active", bad: "needs_reauth", away: "active"}


async def test_a_provider_that_is_left_alone_is_told_of(owner: Owner, light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")
    await owner.go(f"/console/accounts/{account_id}")
    before = text(owner)
    for _ in range(6):
        await light.http.get("/proxy/x", params={"integrated_account_id": account_id})

    await owner.go(f"/console/accounts/{account_id}")

    assert "leaves it alone" not in before
    assert re.search(r"leaves it alone: the next call goes to see in [\d.]+ m?s\.", text(owner))


async def test_a_re_connect_link_is_shown_once_and_leads_to_the_hosted_page(
    owner: Owner, light: World, site: str
) -> None:
    account_id = await light.erpnext(site)
    await owner.go(f"/console/accounts/{account_id}")

    await owner.send()

    link = owner.text.partition('id="link" type="text" readonly value="')[2].partition('"')[0]
    assert owner.screen == "reconnect-link"
    await owner.go(link.removeprefix(light.parts.settings.public_url))
    assert (owner.status, owner.screen) == (200, "form")


async def test_accounts_are_paged_by_tenant_and_found_by_name(owner: Owner, light: World) -> None:
    context = {"site_url": "http://127.0.0.1:9", "api_key": "k", "api_secret": "s"}
    for number in range(52):
        body = {"tenant_id": f"t{number:03}", "integration": "erpnext", "context": context, "validate": False}
        assert (await light.http.post("/integrated-account", json=body)).status_code == 201

    await owner.go("/console/accounts")
    first = re.findall(r">(t\d{3})<", owner.text)
    await owner.press("Next")
    rest = re.findall(r">(t\d{3})<", owner.text)
    await owner.go("/console/accounts?named=t051&integration=erpnext")
    one = re.findall(r">(t\d{3})<", owner.text)

    assert first + rest == [f"t{number:03}" for number in range(52)]
    assert (len(rest), one) == (2, ["t051"])


async def test_the_overview_counts_the_day_in_utc(tmp_path: Path) -> None:
    clock = VirtualClock()  # Noon.
    async with gateway(settings_in(tmp_path), clock) as world, owner_of(world) as owner:
        await world.http.get("/proxy/x")
        clock.advance(11.5 * 3_600)
        await world.http.get("/proxy/x")
        await world.parts.calls.write()
        await owner.sign_in()
        evening = text(owner)
        clock.advance(3_600)
        await owner.go("/console")
        night = text(owner)

    assert "Calls today 2 1 in the last hour Failed today 2 100 % of calls; 1 in the last hour" in evening
    assert "Calls today 0 1 in the last hour Failed today 0 – of calls; 1 in the last hour" in night


async def test_an_empty_environment_says_how_to_begin(owner: Owner) -> None:
    for path in ("/console", "/console/accounts"):
        await owner.go(path)
        assert "No account is connected yet. POST /link-token gives a link" in text(owner)


async def test_an_account_that_is_not_there_is_not_found(owner: Owner) -> None:
    for name in ("no-such", "a%00b", "%ED%A0%80"):
        await owner.go(f"/console/accounts/{name}")
        assert (owner.status, owner.screen) == (404, "notice"), name


async def test_the_matrix_tells_each_operation_filter_and_field(owner: Owner) -> None:
    await owner.go("/console/capabilities")
    cells = set(re.findall(r'href="(/console/capabilities/[^"]+)"', owner.text))

    assert cells == {
        f"/console/capabilities/{provider.slug}/{segment}"
        for provider in all_providers().values()
        for segment in provider.resources
    }
    for path in sorted(cells):
        _, _, _, slug, segment = path.split("/")
        row = all_providers()[slug].resources[segment]
        await owner.go(path)
        assert (owner.status, owner.screen) == (200, "capability"), path
        assert all(f"<code>{name}</code>" in owner.text for name in row.list_rules.filters)
        assert all(f"<code>{name}</code>" in owner.text for name in row.sources)
    await owner.go("/console/capabilities/erpnext/nothing")
    assert owner.status == 404
