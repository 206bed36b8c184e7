"""A customer connects ERPNext with an API key, and what goes wrong on the way is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.connect.screens import ALL_COMPANIES
from providers.erpnext import sandbox as erpnext
from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop

ONE, OTHER = "Acme Trading Ltd", "Acme US Inc"
KEYS = {"api_key": erpnext.API_KEY, "api_secret": erpnext.API_SECRET}


async def to_companies(shop: Shop, browser: Browser, url: str) -> None:
    """As far as the choice of a company."""
    await browser.open(f"{url}/erpnext?way=api_key")
    await browser.send(site_url=shop.erpnext_url, **KEYS)
    assert browser.screen == "companies", browser.text


async def test_a_key_pair_connects_an_account_and_spends_the_link(shops: Shop, browser: Browser) -> None:
    url = await shops.link(integrations=["erpnext"])
    await to_companies(shops, browser, url)
    assert await shops.accounts() == []

    await browser.send(company=ONE)

    assert browser.screen == "done", browser.text
    [account] = await shops.accounts()
    assert account["status"] == "active"
    assert account["tenant_id"] == "shop-1"
    assert account["context"]["company"] == ONE
    assert [company["name"] for company in account["findings"]["companies"]] == [ONE, OTHER]
    assert account["findings"]["base_currency"] == "GBP"
    assert account["id"] in browser.text
    assert account["reconnect_url"] is None
    await browser.open(url)
    assert (browser.status, browser.screen) == (410, "failure")
    listed = await shops.world.unified("invoices", account["id"], limit=5)
    assert {record["company"] for record in listed.json()["result"]} == {ONE}


async def test_all_companies_may_be_chosen(shop: Shop, browser: Browser) -> None:
    await to_companies(shop, browser, await shop.link(integrations=["erpnext"]))

    await browser.send(company=ALL_COMPANIES)

    [account] = await shop.accounts()
    assert "company" not in account["context"]


async def test_a_choice_that_was_left_is_found_again(shop: Shop, browser: Browser) -> None:
    url = await shop.link(integrations=["erpnext"])
    await to_companies(shop, browser, url)

    await browser.open(url)

    assert browser.screen == "companies"
    await browser.send(company="No Such Ltd")
    assert browser.screen == "companies"
    assert await shop.accounts() == []


async def test_a_company_that_the_caller_named_is_not_asked_for(shop: Shop, browser: Browser) -> None:
    url = await shop.link(integrations=["erpnext"], context={"company": OTHER, "site_url": shop.erpnext_url})

    await browser.open(f"{url}/erpnext?way=api_key")
    await browser.send(site_url="https://another.example.com", **KEYS)

    assert browser.screen == "done", browser.text
    [account] = await shop.accounts()
    assert account["context"]["company"] == OTHER
    assert account["context"]["site_url"] == shop.erpnext_url


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"site_url": "http://127.0.0.1:9"}, "nothing at that address"),
        ({"api_secret": "wrong"}, "did not accept"),
        ({"site_url": "not an address"}, "check"),
        ({"api_key": ""}, "check"),
    ],
)
async def test_what_goes_wrong_is_told_and_nothing_is_left(
    shop: Shop, browser: Browser, given: dict[str, str], words: str
) -> None:
    url = await shop.link(integrations=["erpnext"])

    await browser.open(f"{url}/erpnext?way=api_key")
    await browser.send(**{"site_url": shop.erpnext_url, **KEYS, **given})

    assert browser.screen in ("failure", "form")
    assert words in browser.text
    assert await shop.accounts() == []
    events = (await shop.world.http.get("/event")).json()["result"]
    assert events == []


async def test_a_connect_is_told_once_as_created_and_active(shop: Shop, browser: Browser) -> None:
    await to_companies(shop, browser, await shop.link(integrations=["erpnext"]))

    await browser.send(company=ONE)

    events = (await shop.world.http.get("/event")).json()["result"]
    assert [event["type"] for event in events] == ["integrated_account.created", "integrated_account.active"]


async def test_a_site_that_is_not_erpnext_is_told_so(shop: Shop, browser: Browser) -> None:
    url = await shop.link(integrations=["erpnext"])

    await browser.open(f"{url}/erpnext?way=api_key")
    await browser.send(site_url=shop.brightpearl_url, **KEYS)

    assert browser.screen == "failure"
    assert "is not ERPNext" in browser.text


async def test_rights_that_are_missing_are_told_and_not_fatal(shop: Shop, browser: Browser) -> None:
    shop.erpnext.access.rights = replace(shop.erpnext.access.rights, unreadable=frozenset({"Payment Entry"}))
    await to_companies(shop, browser, await shop.link(integrations=["erpnext"]))

    await browser.send(company=ONE)

    assert browser.screen == "done"
    assert "Payment Entry" in browser.text
    [account] = await shop.accounts()
    assert "payments" in account["findings"]["missing_rights"]
    assert account["status"] == "active"
