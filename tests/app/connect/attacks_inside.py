"""What somebody who means ill may try to have the gateway ask inside its own network; each is refused."""

from __future__ import annotations

from providers.erpnext import sandbox as erpnext
from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop


async def address_inside(shop: Shop) -> None:
    """A site address that points inside is not asked anything, in an environment that may not go there."""
    other = await shop.world.environment(allow_private_hosts=False)
    token = await shop.world.new_token(other)
    shop.erpnext.calls.clear()
    async with Browser() as browser:
        for way, client in (("api_key", {}), ("oauth", {"client_id": "c", "client_secret": "s"})):
            answer = await shop.world.http.post(
                "/link-token",
                json={"tenant_id": "t", "integrations": ["erpnext"]},
                headers={"Authorization": f"Bearer {token}"},
            )
            await browser.open(f"{answer.json()['result']['link_url']}/erpnext?way={way}")
            await browser.send(
                site_url=shop.erpnext_url,
                **({"api_key": erpnext.API_KEY, "api_secret": erpnext.API_SECRET} if way == "api_key" else client),
            )
            assert browser.screen == "failure"
        assert shop.erpnext.calls == []


async def webhook_inside(shop: Shop) -> None:
    """A webhook that points inside is not taken, in an environment that may not go there."""
    other = await shop.world.environment(allow_private_hosts=False)
    headers = {"Authorization": f"Bearer {await shop.world.new_token(other)}"}
    for url in (
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/hook",
        "https://[::ffff:127.0.0.1]/hook",
        shop.brightpearl_url,
    ):
        answer = await shop.world.http.post("/webhook", json={"url": url}, headers=headers)
        assert answer.status_code == 422, url
    assert (await shop.world.http.get("/webhook", headers=headers)).json()["result"] == []
