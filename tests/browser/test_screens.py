"""Every screen, as the browser shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Page

from tests.browser.looks import complaints, shoot
from tests.browser.samples import COLOURS, SCREENS

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOCUSED = """() => {
  const { name, textContent } = document.activeElement;
  return [name || textContent, getComputedStyle(document.activeElement).outlineStyle];
}"""
WIDTHS = {320: 568, 1280: 800}


@asynccontextmanager
async def opened(browser: Browser, url: str, **context: Any) -> AsyncIterator[Page]:
    """The page, which may neither complain in the console nor ask anything of another origin."""
    heard: list[str] = []
    asked: list[str] = []
    visitor = await browser.new_context(**context)
    page = await visitor.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    # A page that is left gives up what it still asked for.
    page.on("requestfailed", lambda it: None if it.failure == "net::ERR_ABORTED" else heard.append(it.url))
    await page.goto(url)
    yield page
    assert [request for request in asked if not request.startswith(site_of(url))] == []
    assert heard == []
    await visitor.close()


def site_of(url: str) -> str:
    return "/".join(url.split("/", 3)[:3]) + "/"


def address(site: str, name: str, colour: str) -> str:
    return f"{site}/screens/{name}?colour={quote(colour)}&logo"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_screen_can_be_read_and_used(
    browser: Browser, site: str, scheme: Literal["light", "dark"], width: int
) -> None:
    viewport = {"width": width, "height": WIDTHS[width]}
    wrong: dict[str, list[str]] = {}

    async with opened(browser, address(site, "choose", COLOURS[0]), viewport=viewport, color_scheme=scheme) as page:
        for number, name in enumerate(SCREENS):
            await page.goto(address(site, name, COLOURS[number % len(COLOURS)]))
            await shoot(page, f"{name}-{scheme}-{width}")
            if found := await complaints(page):
                wrong[name] = found

    assert wrong == {}


async def test_a_form_is_filled_in_and_sent_by_keys_alone(browser: Browser, site: str) -> None:
    reached: list[str] = []
    outlines: set[str] = set()

    async with opened(browser, address(site, "form-key", COLOURS[0])) as page:
        while reached[-1:] != ["Connect"] and len(reached) < 20:
            await page.keyboard.press("Tab")
            name, outline = await page.evaluate(FOCUSED)
            reached.append(name)
            outlines.add(outline)

    assert outlines == {"solid"}
    assert reached == [
        "Back",
        "Approve in ERPNext",
        "Use an API key",
        "How to get these",
        "site_url",
        "api_key",
        "Show API key",
        "api_secret",
        "Show API secret",
        "Connect",
    ]


async def test_what_is_wrong_is_heard_first_and_leads_to_the_field(browser: Browser, site: str) -> None:
    async with opened(browser, address(site, "form-wrong", COLOURS[0])) as page:
        summary = page.get_by_role("alert")
        assert await summary.evaluate("(it) => it === document.activeElement")
        await summary.get_by_role("link", name="Site address").click()
        field = page.get_by_label("Site address")

        assert await field.evaluate("(it) => it === document.activeElement")
        described = await field.get_attribute("aria-describedby") or ""
        told = await page.locator(f"#{described.split()[0]}").inner_text()
        assert told.startswith("This is not an address")
        assert await field.get_attribute("aria-invalid") == "true"


async def test_a_secret_is_shown_only_while_asked_for(browser: Browser, site: str) -> None:
    async with opened(browser, address(site, "form-key", COLOURS[0])) as page:
        field = page.get_by_label("API secret", exact=True)
        switch = page.get_by_role("button", name="Show API secret")
        kinds = [await field.get_attribute("type")]

        for _ in range(2):
            await switch.click()
            kinds.append(await field.get_attribute("type"))
            kinds.append(await switch.get_attribute("aria-pressed"))

    assert kinds == ["password", "text", "true", "password", "false"]


async def test_the_address_to_register_can_be_copied(browser: Browser, site: str) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    async with opened(browser, address(site, "form-client", COLOURS[0]), permissions=permissions) as page:
        await page.get_by_role("button", name="Copy").click()
        await page.get_by_text("Copied.").wait_for()

        copied = await page.evaluate("navigator.clipboard.readText()")

    assert copied == "https://gateway.example.com/connect/erpnext/callback"


async def test_without_script_nothing_is_offered_that_needs_it(browser: Browser, site: str) -> None:
    buttons: set[str] = set()

    async with opened(browser, address(site, "choose", COLOURS[0]), java_script_enabled=False) as page:
        for name in SCREENS:
            await page.goto(address(site, name, COLOURS[0]))
            buttons.update([await button.inner_text() for button in await page.locator("button:visible").all()])

    assert buttons == {"Connect", "Continue to Brightpearl", "Continue to ERPNext"}


async def test_little_moves_for_those_who_want_none(browser: Browser, site: str) -> None:
    async with opened(browser, address(site, "waiting", COLOURS[0]), reduced_motion="reduce") as page:
        seconds = await page.locator(".spinner").evaluate(
            "(it) => parseFloat(getComputedStyle(it).animationDuration)"
        )

    assert seconds >= 4
