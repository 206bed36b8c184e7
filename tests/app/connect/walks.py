"""The ways that a customer walks, as far as one wants."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from app.connect.screens import ALL_COMPANIES
from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop


async def to_consent(shop: Shop, browser: Browser, url: str) -> str:
    """As far as Brightpearl's consent; the state that the browser carries there."""
    await browser.open(f"{url}/brightpearl")
    await browser.send(account_code="acme", stops_at=f"{shop.brightpearl_url}/authorize")
    return parse_qs(urlsplit(browser.url).query)["state"][0]


async def approve_brightpearl(shop: Shop, browser: Browser, url: str) -> None:
    """The whole way, with consent given."""
    await to_consent(shop, browser, url)
    await browser.open(browser.url)
    await browser.send(number=0)


async def approve_erpnext(shop: Shop, browser: Browser, url: str, **client: str) -> None:
    """The whole way by the site's consent, its log-in included."""
    await browser.open(f"{url}/erpnext?way=oauth")
    await browser.send(site_url=shop.erpnext_url, **client)
    if urlsplit(browser.url).path == "/login":
        await browser.send()
    actions = [form["action"] for form in browser.page.forms]
    await browser.send(number=next(n for n, action in enumerate(actions) if "approve" in action))
    if browser.screen == "companies":
        await browser.send(company=ALL_COMPANIES)


def callback(shop: Shop, state: str, slug: str = "brightpearl", **more: str) -> str:
    """Where the provider sends the browser back to."""
    return f"{shop.world.base_url}/connect/{slug}/callback?{urlencode({'state': state, **more})}"
