"""Each mode of the SDK, from a host page on another site."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import BrowserContext, Frame, Page, Route

from tests.browser.scene import Scene, outcome
from tests.browser.steps import all_companies, allow, choose, deny, fill_client, fill_code, fill_keys, send


async def popup_of(host: Page) -> Page:
    """Press the host page's button, and follow the window that opens."""
    async with host.expect_popup() as opened:
        await host.click("#connect")
    return await opened.value


async def frame_of(host: Page) -> Frame:
    """Press the host page's button, and look into the dialog."""
    await host.click("#connect")
    handle = await host.locator("dialog iframe").element_handle()
    frame = await handle.content_frame()
    assert frame is not None
    return frame


async def connected(scene: Scene, host: Page, integration: str, told: dict[str, Any] | None = None) -> None:
    """The host page was told of an account that is there, and active."""
    told = told or await outcome(host)
    assert told["integration"] == integration, told
    assert (await scene.accounts())[told["integrated_account_id"]] == "active", told


async def popup(scene: Scene, *, module: bool = False) -> None:
    """Brightpearl's consent in a popup, which closes by itself."""
    async with scene.customer() as visitor:
        host = await scene.host(visitor, await scene.shop.link(), {"mode": "popup"}, module=module)
        page = await popup_of(host)
        await scene.look(page, "choose", "popup-choose")
        await choose(page, "Brightpearl")
        await scene.look(page, "form", "popup-form")
        await fill_code(page)
        await send(page)
        async with page.expect_event("close"):
            await allow(page)
        await connected(scene, host, "brightpearl")


async def popup_with_module(scene: Scene) -> None:
    """The same by the ES module, its token alone and Truto's option names."""
    async with scene.customer() as visitor:
        token = (await scene.shop.link()).rsplit("/", 1)[1]
        options = {
            "baseUrl": scene.gateway_url,
            "integration": "erpnext",
            "authFormat": "api_key",
            "noBack": True,
            "skipRapidForm": True,
        }
        host = await scene.host(visitor, token, options, module=True)
        page = await popup_of(host)
        await page.locator('body[data-screen="form"]').wait_for()
        assert await page.get_by_role("link", name="Back").count() == 0
        await fill_keys(scene, page)
        await send(page)
        await all_companies(page)
        await connected(scene, host, "erpnext")


async def iframe(scene: Scene) -> None:
    """ERPNext in a dialog: consent in a window of its own, the rest goes on without a word."""
    async with scene.customer() as visitor:
        host = await scene.host(visitor, await scene.shop.link(), {"iframe": True})
        frame = await frame_of(host)
        await scene.look(frame, "choose", "iframe-choose")
        await choose(frame, "ERPNext")
        await scene.look(frame, "form", "iframe-form")
        await fill_client(scene, frame)
        async with host.context.expect_page() as opened:
            await send(frame)
        consent = await opened.value
        await scene.look(frame, "waiting", "iframe-waiting")
        assert await consent.evaluate("window.opener") is None
        await allow(consent)
        await scene.look(consent, "companies", "companies-of-iframe")
        async with consent.expect_event("close"):
            await all_companies(consent)
        await connected(scene, host, "erpnext")
        assert await host.locator("dialog").count() == 0


async def iframe_with_keys(scene: Scene) -> None:
    """ERPNext's key pair never leaves the dialog."""
    async with scene.customer(viewport={"width": 320, "height": 568}) as visitor:
        options = {"mode": "iframe", "integration": "erpnext", "way": "api_key"}
        host = await scene.host(visitor, await scene.shop.link(), options)
        frame = await frame_of(host)
        await fill_keys(scene, frame)
        await scene.look(frame, "form", "iframe-narrow")
        await send(frame)
        await scene.look(frame, "companies", "iframe-companies")
        await all_companies(frame)
        await connected(scene, host, "erpnext")


async def redirect(scene: Scene) -> None:
    """The host page is left, and told on its return; its address is clean again."""
    async with scene.customer() as visitor:
        url = await scene.shop.link(redirect_uri=f"{scene.host_url}/settings")
        host = await scene.host(visitor, url, {"mode": "redirect", "integration": "brightpearl"})
        await host.click("#connect")
        await fill_code(host)
        await send(host)
        await allow(host)
        await host.wait_for_url(f"{scene.host_url}/settings*")
        await connected(scene, host, "brightpearl")
        assert host.url == f"{scene.host_url}/settings"


async def severed(scene: Scene) -> None:
    """A consent page that cuts the tie to its opener: the window looks closed, the link's own state tells."""

    async def cut(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(
            response=answer, headers={**answer.headers, "cross-origin-opener-policy": "same-origin"}
        )

    async with scene.customer() as visitor:
        await visitor.route("**/authorize/**", cut)
        host = await scene.host(visitor, await scene.shop.link(), {"integration": "brightpearl"})
        page = await popup_of(host)
        await fill_code(page)
        await send(page)
        await page.get_by_role("button", name="Allow").wait_for()
        await asyncio.sleep(2.5)  # The SDK looks at the window each second.
        assert await host.locator("#outcome").inner_text() == ""
        await allow(page)
        await connected(scene, host, "brightpearl")


async def given_up(scene: Scene) -> None:
    """Whoever closes the page is told of as `closed`: by the window, by the button, by Escape."""
    url = await scene.shop.link()
    async with scene.customer() as visitor:
        host = await scene.host(visitor, url, {})
        page = await popup_of(host)
        await page.locator("body[data-screen]").wait_for()
        await page.close()
        assert await outcome(host) == {"rejected": "closed"}

        host = await scene.host(visitor, url, {})
        page = await popup_of(host)
        await page.get_by_role("button", name="Close").click()
        assert await outcome(host) == {"rejected": "closed"}

        for within in (False, True):
            host = await scene.host(visitor, url, {"mode": "iframe"})
            frame = await frame_of(host)
            await frame.locator("body[data-screen]").wait_for()
            if within:
                await frame.get_by_role("link", name="ERPNext").focus()
            await host.keyboard.press("Escape")
            assert await outcome(host) == {"rejected": "closed"}
            assert await host.evaluate("document.activeElement.id") == "connect"


async def denied(scene: Scene) -> None:
    """A customer who declines and leaves is told of by an error; one who tries again may yet succeed."""
    async with scene.customer() as visitor:
        for tries_again in (False, True):
            host = await scene.host(visitor, await scene.shop.link(), {"integration": "brightpearl"})
            page = await popup_of(host)
            await fill_code(page)
            await send(page)
            await deny(page)
            await scene.look(page, "failure", "popup-denied")
            if not tries_again:
                await page.get_by_role("button", name="Close").click()
                told = await outcome(host)
                assert (told["name"], told["error_type"]) == ("LinkError", "connection_error")
                continue
            await page.get_by_role("link", name="Try again").click()
            await fill_code(page)
            await send(page)
            await allow(page)
            await connected(scene, host, "brightpearl")


async def bad_tokens(scene: Scene) -> None:
    """A link that is unknown, and one for what is not offered, are errors of their own kind."""
    unknown = f"{scene.gateway_url}/link/lwl_{'x' * 43}"
    async with scene.customer() as visitor:
        assert await error_type(scene, visitor, unknown, {}) == "invalid_token"
        assert await error_type(scene, visitor, unknown, {"mode": "iframe"}) == "invalid_token"
        assert await error_type(scene, visitor, "no token!", {}) == "invalid_token"
        url = await scene.shop.link()
        assert await error_type(scene, visitor, url, {"integration": "nothing"}) == "invalid_integration"


async def error_type(scene: Scene, visitor: BrowserContext, token: str, options: dict[str, Any]) -> str:
    """With what `authenticate` rejects once the page is left."""
    pages = len(visitor.pages)
    host = await scene.host(visitor, token, options)
    await host.click("#connect")
    if token.startswith("http") and "mode" not in options:
        while len(visitor.pages) < pages + 2:
            await visitor.wait_for_event("page")
        page = visitor.pages[-1]
        await page.locator('body[data-screen="failure"]').wait_for()
        await page.close()
    return str((await outcome(host))["error_type"])
