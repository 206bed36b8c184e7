"""A customer walks the whole way: both providers, by keys alone, without script, reloading and going back."""

from __future__ import annotations

from playwright.async_api import Page

from providers.erpnext import sandbox as erpnext
from tests.browser.scene import Scene
from tests.browser.steps import all_companies, allow, choose, fill_client, fill_code, fill_keys, send


async def _is_connected(scene: Scene, page: Page, before: int) -> None:
    await page.locator('body[data-screen="done"]').wait_for()
    accounts = await scene.accounts()
    assert len(accounts) == before + 1
    shown = await page.locator("body").get_attribute("data-account")
    assert accounts[str(shown)] == "active"


async def brightpearl(scene: Scene, *, script: bool = True) -> None:
    """Brightpearl: its account code, its consent, done."""
    before = len(await scene.accounts())
    async with scene.customer(java_script_enabled=script) as visitor:
        page = await visitor.new_page()
        await page.goto(await scene.shop.link())
        if script:
            await scene.look(page, "choose")
        await choose(page, "Brightpearl")
        if script:
            await scene.look(page, "form", "form-brightpearl")
        await fill_code(page)
        await send(page)
        await allow(page)
        await _is_connected(scene, page, before)
        if script:
            await scene.look(page, "done")


async def erpnext_oauth(scene: Scene, *, script: bool = True) -> None:
    """ERPNext: its address and a client of the site's own, its login and consent, done."""
    before = len(await scene.accounts())
    async with scene.customer(java_script_enabled=script) as visitor:
        page = await visitor.new_page()
        await page.goto(await scene.shop.link(integrations=["erpnext"]))
        if script:
            await scene.look(page, "form", "form-erpnext-oauth")
        await fill_client(scene, page)
        await send(page)
        await allow(page)
        await all_companies(page)
        await _is_connected(scene, page, before)


async def erpnext_keys(scene: Scene, *, script: bool = True) -> None:
    """ERPNext: another way than the first, a key pair, the choice of a company, done."""
    before = len(await scene.accounts())
    async with scene.customer(java_script_enabled=script) as visitor:
        page = await visitor.new_page()
        await page.goto(await scene.shop.link(integrations=["erpnext"]))
        await page.get_by_role("link", name="API key").click()
        if script:
            await scene.look(page, "form", "form-erpnext-keys")
        await fill_keys(scene, page)
        await send(page)
        if script:
            await scene.look(page, "companies")
        await all_companies(page)
        await _is_connected(scene, page, before)


async def without_script(scene: Scene) -> None:
    """All three, in a browser that runs no script."""
    for walk in (brightpearl, erpnext_oauth, erpnext_keys):
        await walk(scene, script=False)


async def redirected(scene: Scene) -> None:
    """A link with a redirect URI, opened as it is: the last page leads back."""
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        url = await scene.shop.link(redirect_uri=f"{scene.host_url}/settings", integrations=["brightpearl"])
        await page.goto(url)
        await fill_code(page)
        await send(page)
        await allow(page)
        await scene.look(page, "done", "done-return")
        await page.get_by_role("link", name="Continue").click()
        await page.wait_for_url(f"{scene.host_url}/settings?integrated_account_id=*")


async def by_keys(scene: Scene) -> None:
    """Nothing but keys, from the choice to the end."""
    before = len(await scene.accounts())
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        await page.goto(await scene.shop.link())
        await tab_to(page, "a.choice[href*=erpnext]")
        await page.keyboard.press("Enter")
        await page.locator('body[data-screen="form"]').wait_for()
        for name, text in (
            ("site_url", scene.shop.erpnext_url),
            ("client_id", erpnext.CLIENT_ID),
            ("client_secret", erpnext.CLIENT_SECRET),
        ):
            await tab_to(page, f"[name={name}]")
            await page.keyboard.type(text)
        await page.keyboard.press("Enter")
        for name in ("Login", "Allow"):
            await page.get_by_role("button", name=name).wait_for()
            await tab_to(page, f"#{name.lower()}")
            await page.keyboard.press("Enter")
        await page.locator('body[data-screen="companies"]').wait_for()
        await tab_to(page, "[name=company]")
        await page.keyboard.press("ArrowDown")
        await tab_to(page, "[type=submit]")
        await page.keyboard.press("Enter")
        await _is_connected(scene, page, before)


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and can be seen to be."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("(it) => document.activeElement.matches(it)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


async def reloaded(scene: Scene) -> None:
    """Every page may be loaded anew, and gone back to: there is one account in the end."""
    before = len(await scene.accounts())
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        await page.goto(await scene.shop.link())
        await page.reload()
        await scene.look(page, "choose", "reloaded-choose")
        await choose(page, "Brightpearl")
        await page.reload()
        await page.locator('body[data-screen="form"]').wait_for()
        await page.go_back()
        await page.locator('body[data-screen="choose"]').wait_for()
        await page.go_forward()
        await fill_code(page)
        await send(page)
        await page.get_by_role("button", name="Allow").wait_for()
        await page.reload()
        await page.get_by_role("button", name="Allow").wait_for()
        await page.go_back()
        await scene.look(page, "form", "back-from-consent")
        await fill_code(page)
        await send(page)
        await allow(page)
        await _is_connected(scene, page, before)
        await page.reload()
        await _is_connected(scene, page, before)
        await page.go_back()
        await page.go_forward()
        await page.go_back()
        assert len(await scene.accounts()) == before + 1


async def two_tabs(scene: Scene) -> None:
    """The same link in two tabs: one connects, the other is told that the link has been used."""
    before = len(await scene.accounts())
    async with scene.customer() as visitor:
        url = await scene.shop.link(integrations=["brightpearl"])
        first, second = await visitor.new_page(), await visitor.new_page()
        for page in (first, second):
            await page.goto(url)
            await fill_code(page)
            await send(page)
            await page.get_by_role("button", name="Allow").wait_for()
        await allow(first)
        await first.locator("body[data-screen]").wait_for()
        await allow(second)
        await _is_connected(scene, second, before)
        await first.reload()
        assert len(await scene.accounts()) == before + 1


async def company_reloaded(scene: Scene) -> None:
    """The choice of a company survives a reload, and a link that is opened anew leads to it."""
    before = len(await scene.accounts())
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        url = await scene.shop.link(integrations=["erpnext"])
        await page.goto(f"{url}/erpnext?way=api_key")
        await fill_keys(scene, page)
        await send(page)
        await page.locator('body[data-screen="companies"]').wait_for()
        await page.reload()
        await page.goto(url)
        await scene.look(page, "companies", "companies-again")
        await page.get_by_role("radio").last.check()
        await send(page)
        await _is_connected(scene, page, before)
