"""The console, as a browser shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.console_scene import HOSTILE, LIMITED, ConsoleScene, console_scene
from tests.browser.scene import VARIANTS, Variant

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOCUSED = "() => [document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle]"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[ConsoleScene]:
    """One gateway for all."""
    async with console_scene(browser) as found:
        yield found


def pages(stage: ConsoleScene, request_id: str) -> dict[str, tuple[str, str]]:
    """Every page, by a name for its picture: its address and its screen."""
    lost = stage.accounts[HOSTILE]
    return {
        "overview": ("/console", "overview"),
        "calls": ("/console/calls", "calls"),
        "calls-wrong": ("/console/calls?until=2026-02-30T00:00&status=7", "calls"),
        "calls-empty": ("/console/calls?code=internal", "calls"),
        "call": (f"/console/calls/{request_id}", "call"),
        "accounts": ("/console/accounts", "accounts"),
        "accounts-empty": ("/console/accounts?named=nobody", "accounts"),
        "account": (f"/console/accounts/{stage.accounts['good']}", "account"),
        "account-limited": (f"/console/accounts/{stage.accounts[LIMITED]}", "account"),
        "account-refused": (f"/console/accounts/{lost}?done=refused", "account"),
        "capabilities": ("/console/capabilities", "capabilities"),
        "capability": ("/console/capabilities/erpnext/invoices", "capability"),
        "not-found": (f"/console/{quote(HOSTILE)}", "notice"),
        "bad-link": ("/console/link/lwc_nothing", "notice"),
    }


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
async def test_every_page_can_be_read_and_used(stage: ConsoleScene, variant: Variant) -> None:
    request_id = await stage.call()
    wrong: dict[str, list[str]] = {}

    async with stage.owner(variant) as visitor:
        page = await visitor.new_page()
        for name, (path, screen) in pages(stage, request_id).items():
            if found := await stage.look(page, path, screen, f"{name}-{variant.name}"):
                wrong[name] = found
        await page.goto(f"{stage.world.base_url}/console/accounts/{stage.accounts['good']}")
        await page.get_by_role("button", name="Make a re-connect link").click()
        await page.locator('body[data-screen="reconnect-link"]').wait_for()
        await page.get_by_role("button", name="Sign out").click()
        if found := await stage.look(page, "/console/calls", "sign-in", f"sign-in-{variant.name}"):
            wrong["sign-in"] = found
        link = (await stage.link()).removeprefix(stage.world.base_url)
        if found := await stage.look(page, link, "open-link", f"open-link-{variant.name}"):
            wrong["open-link"] = found

    assert wrong == {}


async def test_a_call_is_seen_whole_on_a_desk(stage: ConsoleScene) -> None:
    await stage.call()
    async with stage.owner(VARIANTS[2]) as visitor:
        page = await visitor.new_page()
        await page.goto(f"{stage.world.base_url}/console/calls")

        cut = await page.locator(".scrolls").evaluate("region => region.scrollWidth - region.clientWidth")

    assert cut == 0


async def _first(page: Page) -> str | None:
    return await page.locator("tbody tr").first.get_attribute("data-id")


async def test_the_log_follows_what_comes_rests_when_paused_and_goes_on(stage: ConsoleScene) -> None:
    async with stage.owner(VARIANTS[2]) as visitor:
        page = await visitor.new_page()
        await page.goto(f"{stage.world.base_url}/console/calls?status=4xx")
        newest = await stage.call()
        first = page.locator("tbody tr").first.get_by_role("link").first
        await expect(first).to_have_attribute("href", f"/console/calls/{newest}", timeout=10_000)

        asked: list[str] = []
        await page.get_by_role("button", name="Pause").click()
        page.on("request", lambda it: asked.append(it.url))
        await stage.call()
        assert await page.locator("[data-live-words]").inner_text() == "Paused"
        before = await _first(page)
        await page.get_by_role("button", name="Go on").click()
        await page.locator("[data-live-words]", has_text="Live").wait_for()
        await page.wait_for_function("(id) => document.querySelector('tbody tr').dataset.id !== id", arg=before)

    assert len(asked) >= 1
    assert all("/console/calls/new?status=4xx&after=" in url for url in asked)


async def test_a_log_that_begins_empty_fills(stage: ConsoleScene) -> None:
    async with stage.owner(VARIANTS[0]) as visitor:
        page = await visitor.new_page()
        account = stage.accounts["good"]
        await page.goto(f"{stage.world.base_url}/console/calls?account={account}&status=405")
        await page.get_by_text("No call is like that").wait_for()
        await stage.world.http.post(f"/unified/accounting/invoices?integrated_account_id={account}")
        await stage.world.parts.calls.write()

        await page.locator("tbody tr").first.wait_for()

        assert await page.get_by_text("No call is like that").count() == 0


async def test_a_session_that_ends_stops_the_tail_and_says_so(stage: ConsoleScene) -> None:
    async with stage.owner(VARIANTS[2]) as visitor:
        page, other = await visitor.new_page(), await visitor.new_page()
        await page.goto(f"{stage.world.base_url}/console/calls")
        await other.goto(f"{stage.world.base_url}/console")
        await other.get_by_role("button", name="Sign out").click()
        await other.close()

        await page.get_by_text("The session has ended").wait_for()

        assert await page.get_by_role("button", name="Pause").count() == 0


async def test_the_console_is_used_by_keys_alone(stage: ConsoleScene) -> None:
    reached: list[str] = []
    async with stage.owner(VARIANTS[2]) as visitor:
        page = await visitor.new_page()
        await page.goto(f"{stage.world.base_url}/console/accounts")
        for _ in range(11):
            await page.keyboard.press("Tab")
            words, outline = await page.evaluate(FOCUSED)
            assert outline == "solid", words
            reached.append(words.partition("\n")[0])
        await page.locator("a", has_text="good").focus()
        await page.keyboard.press("Enter")
        await page.locator('body[data-screen="account"]').wait_for()

    assert reached[:7] == [
        "Skip to the content",
        "Ledgerway",
        "Sign out",
        "Overview",
        "Calls",
        "Accounts",
        "Capabilities",
    ]


async def test_an_address_for_a_customer_is_copied(stage: ConsoleScene) -> None:
    async with stage.owner(VARIANTS[2]) as visitor:
        await visitor.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await visitor.new_page()
        await page.goto(f"{stage.world.base_url}/console/accounts/{stage.accounts[HOSTILE]}")
        await page.get_by_role("button", name="Copy").click()
        await page.get_by_text("Copied.").wait_for()

        copied = await page.evaluate("navigator.clipboard.readText()")

    assert copied.startswith(f"{stage.world.base_url}/link/lwr_")


async def test_without_script_nothing_is_offered_that_needs_it(stage: ConsoleScene) -> None:
    request_id = await stage.call()
    buttons: set[str] = set()

    async with stage.owner(VARIANTS[1], script=False) as visitor:
        page = await visitor.new_page()
        for path, _ in pages(stage, request_id).values():
            await page.goto(f"{stage.world.base_url}{path}")
            buttons.update([await button.inner_text() for button in await page.locator("button:visible").all()])

    assert buttons == {"Sign out", "Show", "Validate now", "Make a re-connect link"}
