"""An account whose key is lost comes back by the address that its refusal carries, as the same account."""

from __future__ import annotations

from app.connections.keys import key_file, new_key, write_keys
from app.connections.rotation import lost
from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop
from tests.app.connect.walks import approve_brightpearl


async def test_an_account_whose_key_is_lost_is_connected_again_under_a_new_one(
    shop: Shop, browser: Browser
) -> None:
    await approve_brightpearl(shop, browser, await shop.link())
    [account] = await shop.accounts()
    parts = shop.world.parts
    write_keys(key_file(parts.settings), {"newer": new_key()})
    parts.ring.reload()
    # What else was sealed with it is put again by its owner.
    await shop.put_brightpearl_client()
    await lost(parts, mark=True)
    parts.connections.clear()

    refused = (await shop.world.unified("invoices", account["id"])).json()
    await approve_brightpearl(shop, browser, refused["reconnect_url"])

    assert refused["code"] == "needs_reauth"
    assert browser.screen == "done", browser.text
    [again] = await shop.accounts()
    assert (again["id"], again["status"], again["reason_code"]) == (account["id"], "active", None)
    row = await parts.account_store.find(shop.world.environment_id, account["id"])
    assert row is not None
    assert (row.key_id, row.previous_secrets) == ("newer", None)
    assert (await shop.world.unified("invoices", account["id"], limit=1)).status_code == 200
