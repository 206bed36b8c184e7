"""A customer connects ERPNext with an API key, and what goes wrong on the way is told."""

from __future__ import annotations

from providers.erpnext import sandbox as erpnext
from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop

KEYS = {"api_key": erpnext.API_KEY, "api_secret": erpnext.API_SECRET}


async def test_a_key_pair_connects_an_account_and_spends_the_link(shops: Shop, browser: Browser) -> None:
    url = await shops.link(integrations=["erpnext"])

    await browser.open(f"{url}/erpnext?way=api_key")
    await browser.send(site_url=shops.erpnext_url, **KEYS)

    assert browser.screen == "done", browser.text
    [account] = await shops.accounts()
    assert account["status"] == "active"
    assert account["tenant_id"] == "shop-1"
    assert account["id"] in browser.text
    assert account["reconnect_url"] is None
    await browser.open(url)
    assert (browser.status, browser.screen) == (410, "failure")
    listed = await shops.world.unified("invoices", account["id"], limit=1)
    assert listed.status_code == 200
