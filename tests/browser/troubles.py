"""Every failure that a customer can meet: its own screen, and the way out of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page

from providers.kit.sandbox.hardships import Hardship
from tests.browser.scene import Scene
from tests.browser.steps import all_companies, allow, deny, fill_client, fill_code, fill_keys, send


@asynccontextmanager
async def _form(scene: Scene, slug: str, way: str | None = None, **given: Any) -> AsyncIterator[Page]:
    """A customer at the form of a new link."""
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        url = await scene.shop.link(**given)
        await page.goto(f"{url}/{slug}?way={way}" if way else f"{url}/{slug}")
        yield page


async def _failed(scene: Scene, page: Page, kind: str) -> None:
    """The failure's own screen is shown, and nothing is half connected."""
    before = scene.seen.get(f"failure-{kind}", 0)
    await scene.look(page, "failure", f"failure-{kind}")
    assert scene.seen[f"failure-{kind}"] == before + 1
    assert await page.locator("body").get_attribute("data-kind") == kind, await page.inner_text("main")
    assert set((await scene.accounts()).values()) <= {"active"}


async def _tried_again(scene: Scene, page: Page) -> None:
    """The failure's one button leads back to a form that works."""
    await page.get_by_role("link", name="Try again").click()
    await page.locator('body[data-screen="form"]').wait_for()


async def denied(scene: Scene) -> None:
    """Consent is declined, at both providers; whoever tries again succeeds. A reload is no dead end."""
    async with _form(scene, "brightpearl") as page:
        await fill_code(page)
        await send(page)
        await deny(page)
        await _failed(scene, page, "denied")
        await page.reload()
        await page.locator("body[data-screen]").wait_for()
        await page.go_back()
    async with _form(scene, "erpnext") as page:
        await fill_client(scene, page)
        await send(page)
        await deny(page)
        await _failed(scene, page, "denied")
        await _tried_again(scene, page)
        await fill_client(scene, page)
        await send(page)
        await allow(page)
        await all_companies(page)
        await page.locator('body[data-screen="done"]').wait_for()


async def wrong_address(scene: Scene) -> None:
    """Nothing answers at the address; with the right one it goes on."""
    async with _form(scene, "erpnext", "api_key") as page:
        await fill_keys(scene, page, "http://localhost:9")
        await send(page)
        await _failed(scene, page, "wrong_address")
        await _tried_again(scene, page)
        await page.get_by_role("link", name="API key").click()
        await fill_keys(scene, page)
        await send(page)
        await all_companies(page)
        await page.locator('body[data-screen="done"]').wait_for()


async def not_a_site(scene: Scene) -> None:
    """Something answers at the address, but it is not ERPNext: known before anybody is sent there."""
    for way, fill in (("oauth", fill_client), ("api_key", fill_keys)):
        async with _form(scene, "erpnext", way) as page:
            await fill(scene, page, scene.host_url)
            await send(page)
            await _failed(scene, page, "not_a_site")


async def malformed(scene: Scene) -> None:
    """What cannot be right is said beside its field, with what was given still there but for secrets."""
    async with _form(scene, "erpnext", "api_key") as page:
        await fill_keys(scene, page, "ftp://books.example.com/")
        await send(page)
        await scene.look(page, "form", "form-refilled")
        assert await page.locator("[name=site_url]").get_attribute("aria-invalid") == "true"
        assert await page.locator("[name=api_secret]").input_value() == ""
        assert await page.get_by_role("alert").evaluate("(it) => it === document.activeElement")


async def refused(scene: Scene) -> None:
    """A secret that is not the key's."""
    async with _form(scene, "erpnext", "api_key") as page:
        await fill_keys(scene, page, secret="not the secret")
        await send(page)
        await _failed(scene, page, "refused")


async def lacks_rights(scene: Scene) -> None:
    """A user who may not do so much as ask who they are."""
    scene.shop.erpnext.app.hardships.waiting.append(Hardship(kind="html_403", times=9, path_contains="logged_user"))
    async with _form(scene, "erpnext", "api_key") as page:
        await fill_keys(scene, page)
        await send(page)
        scene.shop.erpnext.app.hardships.waiting.clear()
        await _failed(scene, page, "lacks_rights")


async def provider_down(scene: Scene) -> None:
    """The provider says that it is down; later it is not."""
    trouble = scene.shop.outage()
    async with _form(scene, "brightpearl") as page:
        await fill_code(page)
        await send(page)
        await allow(page)
        await _failed(scene, page, "provider_down")
        trouble.times = 0
        await page.get_by_role("link", name="Try again").click()
        await page.locator('body:is([data-screen="form"], [data-screen="done"])').wait_for()


async def timed_out(scene: Scene) -> None:
    """The provider does not answer in time."""
    scene.shop.erpnext.app.hardships.waiting.append(Hardship(kind="held", times=99, path_contains="/api/"))
    async with _form(scene, "erpnext", "api_key") as page:
        page.set_default_timeout(60_000)
        await fill_keys(scene, page)
        await send(page)
        await _failed(scene, page, "timed_out")
        scene.shop.erpnext.app.hardships.waiting.clear()
        scene.shop.erpnext.app.hardships.release()


async def other_books(scene: Scene) -> None:
    """A re-connect that leads to another account's books."""
    async with _form(scene, "brightpearl") as page:
        await fill_code(page)
        await send(page)
        await allow(page)
        account = await page.locator('body[data-screen="done"]').get_attribute("data-account")
    async with _form(scene, "brightpearl", integrated_account_id=account) as page:
        await fill_code(page, "another")
        await send(page)
        await _failed(scene, page, "other_books")


async def used(scene: Scene) -> None:
    """A link that has connected an account."""
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        url = await scene.shop.link(integrations=["brightpearl"])
        await page.goto(url)
        await fill_code(page)
        await send(page)
        await allow(page)
        await page.locator('body[data-screen="done"]').wait_for()
        await page.goto(url)
        await _failed(scene, page, "used")


async def expired_and_unknown(scene: Scene) -> None:
    """A link that is too old, and one that never was."""
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        url = await scene.shop.link()
        await scene.shop.expire_links()
        await page.goto(url)
        await _failed(scene, page, "expired")
        await page.goto(f"{scene.gateway_url}/link/lwl_{'x' * 43}")
        await _failed(scene, page, "unknown")


async def not_offered(scene: Scene) -> None:
    """A link leads to an integration that it is not for."""
    async with _form(scene, "erpnext", integrations=["brightpearl"]) as page:
        await _failed(scene, page, "not_offered")


async def consent_lost(scene: Scene) -> None:
    """A callback that this browser did not begin."""
    async with scene.customer() as visitor:
        page = await visitor.new_page()
        await page.goto(f"{scene.gateway_url}/connect/brightpearl/callback?state={'x' * 43}&code=abc")
        await _failed(scene, page, "consent_lost")


async def internal(scene: Scene) -> None:
    """A fault of ours: no trace, no words of the exception."""
    flow = scene.shop.world.parts.connect.flow
    submit = flow.submit

    async def broken(*_: object) -> Any:
        raise RuntimeError("hunter2")

    flow.submit = broken  # type: ignore[method-assign]
    try:
        async with _form(scene, "brightpearl") as page:
            await fill_code(page)
            await send(page)
            await _failed(scene, page, "internal")
            assert "hunter2" not in await page.content()
            flow.submit = submit  # type: ignore[method-assign]
            await page.get_by_role("link", name="Try again").click()
            await page.locator('body[data-screen="choose"]').wait_for()
    finally:
        flow.submit = submit  # type: ignore[method-assign]


async def redirected_back(scene: Scene) -> None:
    """In redirect mode whoever does not try again goes back to the host page, which learns why."""
    async with scene.customer() as visitor:
        url = await scene.shop.link(redirect_uri=f"{scene.host_url}/settings")
        host = await scene.host(visitor, url, {"sameWindow": True, "integration": "brightpearl"})
        await host.click("#connect")
        await fill_code(host)
        await send(host)
        await deny(host)
        await _failed(scene, host, "denied")
        await host.get_by_role("link", name="Back to Northwind").click()
        await host.wait_for_url(f"{scene.host_url}/settings*")
        assert "connection_error" in await host.locator("#outcome", has_text="error_type").inner_text()
        assert host.url == f"{scene.host_url}/settings"
