"""A customer connects Brightpearl by its consent page; forged, foreign and repeated callbacks move nothing."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.app.connect.browser import Browser
from tests.app.connect.conftest import Shop


async def to_consent(shop: Shop, browser: Browser, url: str) -> str:
    """As far as the provider's consent; the state that the browser carries there."""
    await browser.open(f"{url}/brightpearl")
    await browser.send(account_code="acme", stops_at=f"{shop.brightpearl_url}/authorize")
    return parse_qs(urlsplit(browser.url).query)["state"][0]


def callback(shop: Shop, state: str, **more: str) -> str:
    """Where the provider sends the browser back to."""
    query = "&".join(f"{name}={value}" for name, value in {"state": state, **more}.items())
    return f"{shop.world.base_url}/connect/brightpearl/callback?{query}"


async def test_the_browser_is_sent_to_the_accounts_own_consent_page(shop: Shop, browser: Browser) -> None:
    url = await shop.link()

    state = await to_consent(shop, browser, url)

    asked = parse_qs(urlsplit(browser.url).query)
    assert urlsplit(browser.url).path == "/authorize/acme"
    assert asked["redirect_uri"] == [f"{shop.world.base_url}/connect/brightpearl/callback"]
    assert len(state) >= 43


async def test_a_consent_that_is_declined_leaves_nothing_and_may_be_tried_again(
    shop: Shop, browser: Browser
) -> None:
    url = await shop.link()
    state = await to_consent(shop, browser, url)

    await browser.open(callback(shop, state, error="access_denied"))

    assert browser.screen == "failure"
    assert "did not approve" in browser.text
    assert await shop.accounts() == []
    await browser.press("Try again")
    assert browser.screen == "form"
