"""A lost account: the backend has a link to send, and the customer brings the same account back."""

from __future__ import annotations

from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop
from tests.app.connect.walks import approve_brightpearl

KEYS = {"api_key": "sandbox-key", "api_secret": "sandbox-secret"}


async def connected(shop: Shop, browser: Browser) -> str:
    """A connected Brightpearl account's id."""
    await approve_brightpearl(shop, browser, await shop.link())
    [account] = await shop.accounts()
    return str(account["id"])


async def test_a_refused_call_carries_the_address_that_brings_the_account_back(
    shops: Shop, browser: Browser
) -> None:
    account_id = await connected(shops, browser)
    await shops.lose(account_id)

    refused = await shops.world.unified("invoices", account_id)
    proxied = await shops.world.http.get(
        "/proxy/order-service/order-search", headers={"X-Integrated-Account-Id": account_id}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "needs_reauth")
    url = refused.json()["reconnect_url"]
    assert proxied.json()["reconnect_url"] == url
    await browser.open(url)
    assert browser.screen == "form"
    assert 'value="acme"' in browser.text
    await browser.send(stops_at=f"{shops.brightpearl_url}/authorize")
    await browser.open(browser.url)
    await browser.send(number=0)
    assert browser.screen == "done", browser.text
    [account] = await shops.accounts()
    assert (account["id"], account["status"], account["reason_code"]) == (account_id, "active", None)
    assert (await shops.world.unified("invoices", account_id, limit=1)).status_code == 200
    await browser.open(url)
    assert browser.status == 410


async def test_the_address_is_the_same_for_whoever_asks_within_the_hour(shop: Shop, browser: Browser) -> None:
    account_id = await connected(shop, browser)
    await shop.lose(account_id)

    first, second = [(await shop.world.unified("invoices", account_id)).json() for _ in range(2)]

    assert first["reconnect_url"] == second["reconnect_url"]


async def test_an_account_lost_a_second_time_has_another_address(shop: Shop, browser: Browser) -> None:
    account_id = await connected(shop, browser)
    await shop.lose(account_id)
    first = (await shop.world.unified("invoices", account_id)).json()["reconnect_url"]
    await approve_brightpearl(shop, browser, first)
    assert browser.screen == "done"

    await shop.lose(account_id)

    second = (await shop.world.unified("invoices", account_id)).json()["reconnect_url"]
    assert second != first
    await browser.open(second)
    assert browser.screen == "form"


async def test_an_address_of_an_account_that_is_back_already_leads_nowhere(shop: Shop, browser: Browser) -> None:
    account_id = await connected(shop, browser)
    await shop.lose(account_id)
    [account] = await shop.accounts()
    link = await shop.link(integrated_account_id=account_id)
    await approve_brightpearl(shop, browser, link)
    assert browser.screen == "done"

    await browser.open(account["reconnect_url"])

    assert (browser.status, browser.screen) == (404, "failure")


async def test_other_books_are_refused_before_and_after_consent(shop: Shop, browser: Browser) -> None:
    account_id = await connected(shop, browser)
    await shop.lose(account_id)
    url = await shop.link(integrated_account_id=account_id)

    await browser.open(url)
    await browser.send(account_code="another")

    assert browser.screen == "failure"
    assert "other" in browser.text or "different" in browser.text
    [account] = await shop.accounts()
    assert account["status"] == "needs_reauth"
    await browser.open(f"{url}/brightpearl?way=staff_token")
    await browser.send(
        account_code="another", api_domain=shop.brightpearl_url, app_ref="a", staff_token="sandbox-staff-token"
    )
    assert browser.screen == "failure"


async def test_a_re_connect_keeps_the_company_and_the_tenant(shop: Shop, browser: Browser) -> None:
    body = {
        "tenant_id": "shop-9",
        "integration": "erpnext",
        "context": {"site_url": shop.erpnext_url, **KEYS, "company": "Acme Trading Ltd"},
        "validate": False,
    }
    made = (await shop.world.http.post("/integrated-account", json=body)).json()["result"]
    await shop.lose(made["id"])
    url = await shop.link(integrated_account_id=made["id"])
    await browser.open(f"{url}/erpnext?way=api_key")
    assert f'value="{shop.erpnext_url}"' in browser.text
    await browser.send(**KEYS)

    assert browser.screen == "done", browser.text
    [account] = await shop.accounts()
    assert (account["id"], account["tenant_id"], account["status"]) == (made["id"], "shop-9", "active")
    assert account["context"]["company"] == "Acme Trading Ltd"


async def test_a_way_with_keys_may_take_the_place_of_consent(shop: Shop, browser: Browser) -> None:
    account_id = await connected(shop, browser)
    await shop.lose(account_id)

    await browser.open(f"{await shop.link(integrated_account_id=account_id)}/brightpearl?way=staff_token")
    await browser.send(api_domain=shop.brightpearl_url, app_ref="acme_ledgerway", staff_token="sandbox-staff-token")

    assert browser.screen == "done", browser.text
    row = await shop.world.parts.account_store.find(shop.world.environment_id, account_id)
    assert row is not None
    assert (await shop.world.parts.vault.open(row.secrets, row.key, row.place)) == {
        "staff_token": "sandbox-staff-token"
    }
    assert (row.token_expires_at, row.renewed_at, row.previous_secrets) == (None, None, None)
