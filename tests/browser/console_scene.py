"""A gateway with accounts in every state and calls of many kinds, and an owner who looks at its console."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from tests.app.connect.conftest import public
from tests.browser.looks import complaints, shoot
from tests.browser.scene import SLOW_MS, Variant
from tests.world import World, gateway, served, settings_in

LIMITED = "limited"
HOSTILE = "<script>alert(1)</script>"
LONG = "northwind-trading-company-with-a-rather-long-name-gmbh-2026"


@dataclass
class ConsoleScene:
    """What the owner looks at. No page may complain in the console or ask anything of another site."""

    world: World
    browser: Browser
    accounts: dict[str, str]
    """An account's id by its tenant."""
    wrong: list[str] = field(default_factory=list)

    async def link(self) -> str:
        """An address that signs in, as the command line prints it."""
        url, _ = await self.world.parts.console.new_link(self.world.environment_id)
        return url

    async def call(self) -> str:
        """Another failed call, in the log; its request id."""
        answer = await self.world.unified("nothing", self.accounts["good"])
        await self.world.parts.calls.write()
        return str(answer.headers["x-request-id"])

    @asynccontextmanager
    async def owner(self, variant: Variant, *, script: bool = True) -> AsyncIterator[BrowserContext]:
        """A browser that is signed in."""
        visitor = await self.browser.new_context(**variant.context, java_script_enabled=script)
        visitor.set_default_timeout(SLOW_MS)
        visitor.on("request", lambda it: self._note(it.url, it.url.startswith(self.world.base_url)))
        visitor.on("console", lambda it: self._note(it.text, "Security Policy" not in it.text))
        visitor.on("weberror", lambda it: self._note(str(it.error), is_right=False))
        page = await visitor.new_page()
        await page.goto(await self.link())
        await page.get_by_role("button", name="Sign in").click()
        await page.locator('body[data-screen="overview"]').wait_for()
        await page.close()
        try:
            yield visitor
        finally:
            await visitor.close()
        assert self.wrong == []

    async def look(self, page: Page, path: str, screen: str, name: str) -> list[str]:
        """Go there and look at it as axe does; what is wrong."""
        await page.goto(f"{self.world.base_url}{path}")
        await page.locator(f'body[data-screen="{screen}"]').wait_for()
        await shoot(page, f"console-{name}")
        return await complaints(page)

    def _note(self, what: str, is_right: bool) -> None:
        if not is_right:
            self.wrong.append(what)


@asynccontextmanager
async def console_scene(browser: Browser) -> AsyncIterator[ConsoleScene]:
    """The gateway and what has happened there."""
    with tempfile.TemporaryDirectory() as folder:
        settings, port = public(settings_in(Path(folder)))
        async with (
            served(erpnext.create_sandbox().app) as site,
            served(brightpearl.create_sandbox().app) as limited,
            gateway(settings, port=port) as world,
        ):
            accounts = await _accounts(world, site) | {LIMITED: await _limited(world, limited)}
            for tenant in ("good", HOSTILE, LONG):
                await world.unified("invoices", accounts[tenant], limit=2)
                await world.unified("invoices/no-such", accounts[tenant])
            await world.unified("invoices", accounts["good"], sort_by="nothing")
            await world.parts.calls.write()
            yield ConsoleScene(world, browser, accounts)


async def _accounts(world: World, site: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tenant, more, validate in (
        ("good", {}, True),
        (HOSTILE, {"api_secret": "wrong"}, True),
        (LONG, {"site_url": "http://127.0.0.1:9"}, False),
    ):
        context = {**erpnext.context(site), **more}
        body = {"tenant_id": tenant, "integration": "erpnext", "context": context, "validate": validate}
        answer = await world.http.post("/integrated-account", json=body)
        found[tenant] = answer.json()["result"]["id"]
    return found


async def _limited(world: World, site: str) -> str:
    """An account whose allowance and budget are in use."""
    account_id = await world.brightpearl(site)
    await world.unified("purchase_orders", account_id, limit=1)
    budget = {"daily_budget": {"soft": 2, "hard": 400}}
    await world.http.patch(f"/integrated-account/{account_id}", json=budget)
    return account_id
