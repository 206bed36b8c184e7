"""A customer connects by the provider's consent; what is lost or repeated on the way leaves no half account."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from app.connect.screens import ALL_COMPANIES
from providers.erpnext import sandbox as erpnext
from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop
from tests.app.connect.walks import approve_brightpearl, approve_erpnext, callback, to_consent

OWN_CLIENT = {"client_id": erpnext.CLIENT_ID, "client_secret": erpnext.CLIENT_SECRET}


async def test_brightpearl_is_connected_at_the_host_that_its_answer_names(shops: Shop, browser: Browser) -> None:
    url = await shops.link()

    await approve_brightpearl(shops, browser, url)

    assert browser.screen == "done", browser.text
    [account] = await shops.accounts()
    assert account["status"] == "active"
    assert account["context"]["api_domain"] == shops.brightpearl_url
    assert account["context"]["account_code"] == "acme"
    listed = await shops.world.unified("invoices", account["id"], limit=1)
    assert listed.status_code == 200
    assert (await shops.world.http.get("/event")).status_code in (200, 404)


async def test_erpnext_is_connected_with_the_customers_own_client(shops: Shop, browser: Browser) -> None:
    url = await shops.link(integrations=["erpnext"])

    await approve_erpnext(shops, browser, url, **OWN_CLIENT)

    assert browser.screen == "done", browser.text
    [account] = await shops.accounts()
    assert account["status"] == "active"
    row = await shops.world.parts.account_store.find(shops.world.environment_id, account["id"])
    assert row is not None
    secrets = await shops.world.parts.vault.open(row.secrets, row.key, row.place)
    assert secrets["client_secret"] == erpnext.CLIENT_SECRET
    assert row.token_expires_at is not None
    assert row.renewed_at is not None


async def test_the_environments_own_client_is_not_asked_for_nor_copied(shop: Shop, browser: Browser) -> None:
    await shop.world.http.put("/environment-integration/erpnext", json=OWN_CLIENT)
    url = await shop.link(integrations=["erpnext"])

    await approve_erpnext(shop, browser, url)

    assert browser.screen == "done", browser.text
    [account] = await shop.accounts()
    row = await shop.world.parts.account_store.find(shop.world.environment_id, account["id"])
    assert row is not None
    secrets = await shop.world.parts.vault.open(row.secrets, row.key, row.place)
    assert secrets.keys() == {"access_token", "refresh_token"}


async def test_the_browser_carries_state_and_the_hash_of_a_secret_that_stays_here(
    shop: Shop, browser: Browser
) -> None:
    url = await shop.link(integrations=["erpnext"])

    await browser.open(f"{url}/erpnext?way=oauth")
    await browser.send(site_url=shop.erpnext_url, **OWN_CLIENT, stops_at=f"{shop.erpnext_url}/api")

    asked = parse_qs(urlsplit(browser.url).query)
    assert asked["redirect_uri"] == [f"{shop.world.base_url}/connect/erpnext/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 43
    assert "code_verifier" not in asked
    assert erpnext.CLIENT_SECRET not in browser.url


async def test_a_consent_that_is_declined_leaves_nothing_and_may_be_tried_again(
    shop: Shop, browser: Browser
) -> None:
    url = await shop.link()
    await to_consent(shop, browser, url)

    await browser.open(browser.url)
    await browser.send(number=1)

    assert browser.screen == "failure"
    assert "did not approve" in browser.text
    assert await shop.accounts() == []
    await browser.press("Try again")
    assert browser.screen == "form"
    await approve_brightpearl(shop, browser, url)
    assert browser.screen == "done"


async def test_a_refusal_that_forgot_the_state_is_a_refusal_all_the_same(shop: Shop, browser: Browser) -> None:
    url = await shop.link()
    await to_consent(shop, browser, url)

    await browser.open(f"{shop.world.base_url}/connect/brightpearl/callback?error=access_denied")

    assert browser.screen == "failure"
    assert "did not approve" in browser.text
    await browser.press("Try again")
    assert browser.screen == "form"


async def test_a_callback_that_was_lost_is_begun_anew(shop: Shop, browser: Browser) -> None:
    url = await shop.link()
    await to_consent(shop, browser, url)

    await browser.open(f"{url}/brightpearl")

    assert browser.screen == "form"
    await approve_brightpearl(shop, browser, url)
    assert browser.screen == "done"
    assert len(await shop.accounts()) == 1


async def test_back_and_reload_after_the_callback_do_nothing_twice(shop: Shop, browser: Browser) -> None:
    url = await shop.link()
    await to_consent(shop, browser, url)
    await browser.open(browser.url)
    await browser.send(number=0, stops_at=f"{shop.world.base_url}/connect")
    back = browser.url
    await browser.open(back)
    assert browser.screen == "done"

    await browser.open(back)

    assert (browser.status, browser.screen) == (400, "failure")
    await browser.open(f"{url}/done")
    assert browser.screen == "done"
    assert len(await shop.accounts()) == 1


async def test_of_two_tabs_at_one_link_the_later_one_counts(shops: Shop) -> None:
    url = await shops.link()
    async with Browser() as early, Browser() as late:
        for tab in (early, late):
            await to_consent(shops, tab, url)
            await tab.open(tab.url)

        await asyncio.gather(early.send(number=0), late.send(number=0))

        assert late.screen == "done"
        assert early.screen != "done"
    assert [account["status"] for account in await shops.accounts()] == ["active"]


async def test_one_form_sent_twice_at_once_makes_one_account(shops: Shop) -> None:
    url = await shops.link(integrations=["erpnext"])

    async def connect() -> None:
        async with Browser() as own:
            await own.open(f"{url}/erpnext?way=api_key")
            await own.send(site_url=shops.erpnext_url, api_key=erpnext.API_KEY, api_secret=erpnext.API_SECRET)
            await own.send(company=ALL_COMPANIES)

    await asyncio.gather(*(connect() for _ in range(4)))

    assert [account["status"] for account in await shops.accounts()] == ["active"]


async def test_two_links_of_one_tenant_at_once_make_an_account_each(shops: Shop) -> None:
    async def connect(url: str) -> str:
        async with Browser() as own:
            await approve_brightpearl(shops, own, url)
            return own.screen

    urls = [await shops.link() for _ in range(3)]
    screens = await asyncio.gather(*(connect(url) for url in urls))

    assert screens == ["done"] * 3
    assert [account["status"] for account in await shops.accounts()] == ["active"] * 3


async def test_tokens_that_are_here_are_not_lost_by_an_outage(shop: Shop, browser: Browser) -> None:
    url = await shop.link()
    await to_consent(shop, browser, url)
    await browser.open(browser.url)
    outage = shop.outage()

    await browser.send(number=0)

    assert browser.screen == "failure"
    assert await shop.accounts() == []
    outage.times = 0
    await browser.open(url)
    assert browser.screen == "done", browser.text
    assert [account["status"] for account in await shop.accounts()] == ["active"]


async def test_without_a_client_of_its_own_an_environment_does_not_offer_brightpearls_consent(
    shop: Shop, browser: Browser
) -> None:
    await shop.world.http.put("/environment-integration/brightpearl", json={"is_enabled": True})
    url = await shop.link(integrations=["brightpearl"])

    await browser.open(url)

    assert browser.screen == "form"
    assert "staff token" in browser.text.lower()
    await browser.open(f"{url}/brightpearl?way=oauth")
    assert "Approve in Brightpearl" not in browser.text


@pytest.mark.parametrize("integrations", [["brightpearl"], ["brightpearl", "erpnext"]])
async def test_an_integration_that_is_switched_off_is_not_offered(
    shop: Shop, browser: Browser, integrations: list[str]
) -> None:
    await shop.world.http.put("/environment-integration/brightpearl", json={"is_enabled": False})
    url = await shop.link(integrations=integrations)

    await browser.open(f"{url}/brightpearl")

    assert (browser.status, browser.screen) == (404, "failure")


async def test_a_link_that_has_expired_says_so_and_leads_back(shop: Shop, browser: Browser) -> None:
    await shop.change_environment(origins=["https://shop.example.com"])
    url = await shop.link()
    state = await to_consent(shop, browser, url)
    await shop.expire_links()

    await browser.open(url)
    assert (browser.status, browser.screen) == (410, "failure")
    assert ("Back to where you came from", "https://shop.example.com") in browser.page.links
    await browser.open(callback(shop, state, code="c"))
    assert (browser.status, browser.screen) == (410, "failure")
