"""What a customer does on the way: fills in what is asked, presses buttons."""

from __future__ import annotations

from playwright.async_api import Frame, Page

from providers.erpnext import sandbox as erpnext
from tests.browser.scene import Scene

Shown = Page | Frame


async def choose(page: Shown, name: str) -> None:
    """Choose the integration."""
    await page.get_by_role("link", name=name).click()


async def fill_code(page: Shown, code: str = "acme") -> None:
    """Give Brightpearl's account code."""
    await page.locator("[name=account_code]").fill(code)


async def fill_client(scene: Scene, page: Shown, address: str | None = None) -> None:
    """Give ERPNext's address and the site's own client."""
    await page.locator("[name=site_url]").fill(address or scene.shop.erpnext_url)
    await page.locator("[name=client_id]").fill(erpnext.CLIENT_ID)
    await page.locator("[name=client_secret]").fill(erpnext.CLIENT_SECRET)


async def fill_keys(
    scene: Scene, page: Shown, address: str | None = None, secret: str = erpnext.API_SECRET
) -> None:
    """Give ERPNext's address and a key pair."""
    await page.locator("[name=site_url]").fill(address or scene.shop.erpnext_url)
    await page.locator("[name=api_key]").fill(erpnext.API_KEY)
    await page.locator("[name=api_secret]").fill(secret)


async def send(page: Shown) -> None:
    """Press the form's button."""
    await page.locator("form button[type=submit]").click()


async def allow(page: Page) -> None:
    """Log in where that is asked for, and approve."""
    await _decide(page, "Allow")


async def deny(page: Page) -> None:
    """Log in where that is asked for, and decline."""
    await _decide(page, "Deny")


async def _decide(page: Page, name: str) -> None:
    login, button = page.get_by_role("button", name="Login"), page.get_by_role("button", name=name)
    await login.or_(button).wait_for()
    if await login.is_visible():
        await login.click()
    await button.click()


async def all_companies(page: Shown) -> None:
    """Choose all of the site's companies, as is suggested."""
    await page.locator('body[data-screen="companies"]').wait_for()
    await send(page)
