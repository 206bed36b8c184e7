"""Everything that a connect takes: gateway, sandboxes, a host page on another site, and a browser."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Frame, Page, Request

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from tests.app.connect.conftest import Shop, public
from tests.browser.chromium import chromium
from tests.browser.host import host_page
from tests.browser.looks import complaints, shoot
from tests.world import gateway, served, settings_in

BRAND = {"name": "Northwind", "colour": "#0b6e4f"}
SLOW_MS = 15_000


@dataclass(frozen=True, slots=True)
class Variant:
    """A screen that customers have: narrow or wide, light or dark."""

    name: str
    context: Mapping[str, Any]


VARIANTS = tuple(
    Variant(f"{scheme}-{width}", {"color_scheme": scheme, "viewport": {"width": width, "height": height}})
    for width, height in ((320, 568), (1280, 800))
    for scheme in ("light", "dark")
)


@dataclass
class Scene:
    """A shop whose customers' browsers are real. Every page that is looked at has to be without complaint."""

    shop: Shop
    browser: Browser
    host_url: str
    variant: Variant = VARIANTS[0]
    wrong: list[str] = field(default_factory=list)
    """What pages of ours did that they may not: asked another site for something, broke their own policy."""
    seen: dict[str, int] = field(default_factory=dict)
    """How often each screen was looked at."""

    @property
    def gateway_url(self) -> str:
        """Where the gateway is: another site than the host page."""
        return self.shop.world.base_url

    async def accounts(self) -> dict[str, str]:
        """Every account's status, by its id."""
        found: dict[str, str] = {}
        more: dict[str, str] = {}
        while True:
            body = (await self.shop.world.http.get("/integrated-account", params={"limit": "100", **more})).json()
            found |= {account["id"]: account["status"] for account in body["result"]}
            if body["next_cursor"] is None:
                return found
            more = {"next_cursor": body["next_cursor"]}

    @asynccontextmanager
    async def customer(self, **context: Any) -> AsyncIterator[BrowserContext]:
        """A customer's own browser profile."""
        visitor = await self.browser.new_context(**{**self.variant.context, **context})
        visitor.set_default_timeout(SLOW_MS)
        visitor.on("request", self._note_request)
        visitor.on("console", self._note_words)
        try:
            yield visitor
        finally:
            await visitor.close()
        assert self.wrong == []

    def _note_request(self, request: Request) -> None:
        is_ours = not request.is_navigation_request() and request.frame.url.startswith(self.gateway_url)
        if is_ours and not request.url.startswith(self.gateway_url):
            self.wrong.append(f"asked for {request.url}")

    def _note_words(self, message: ConsoleMessage) -> None:
        url = message.page.url if message.page is not None else ""
        if url.startswith(self.gateway_url) and "Content Security Policy" in message.text:
            self.wrong.append(message.text)

    async def look(self, page: Page | Frame, screen: str, name: str = "") -> None:
        """Wait for the screen, and look at it as axe does."""
        await page.locator(f'body[data-screen="{screen}"]').wait_for()
        top = page if isinstance(page, Page) else page.page
        wrong = await complaints(top)
        assert wrong == [], (screen, name, wrong)
        self.seen[name or screen] = self.seen.get(name or screen, 0) + 1
        await shoot(top, f"flow-{name or screen}-{self.variant.name}")

    async def host(
        self,
        visitor: BrowserContext,
        token: str,
        options: Mapping[str, Any],
        *,
        module: bool = False,
        path: str = "/",
    ) -> Page:
        """The host page, ready for its button to be pressed."""
        page = await visitor.new_page()
        query = {"token": token, "options": json.dumps(dict(options)), **({"module": "1"} if module else {})}
        await page.goto(f"{self.host_url}{path}?{urlencode(query)}")
        await page.locator("body[data-ready]").wait_for()
        return page


async def outcome(page: Page) -> dict[str, Any]:
    """What the SDK told the host page."""
    told = page.locator("#outcome", has_text=re.compile(r"\S"))
    await told.wait_for(timeout=60_000, state="attached")
    found: dict[str, Any] = json.loads(await told.inner_text())
    return found


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    """A scene on SQLite; the host page is on `localhost`, the gateway on 127.0.0.1."""
    with tempfile.TemporaryDirectory() as folder:
        given = settings_in(Path(folder), allow_private_hosts="127.0.0.1,localhost")
        settings, port = public(given)
        one, other = brightpearl.create_sandbox(), erpnext.create_sandbox()
        async with (
            served(one.app) as first,
            served(other.app) as second,
            gateway(settings, port=port) as world,
            served(host_page(world.base_url)) as host,
            chromium() as browser,
        ):
            shop = Shop(world, one, _elsewhere(first), other, _elsewhere(second))
            await shop.put_brightpearl_client()
            found = Scene(shop, browser, _elsewhere(host))
            await shop.change_environment(
                brand=BRAND, origins=[found.host_url], redirect_uris=[f"{found.host_url}/settings"]
            )
            yield found


def _elsewhere(url: str) -> str:
    """The same server by the name of another site."""
    return url.replace("127.0.0.1", "localhost")
