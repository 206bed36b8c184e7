"""What must hold of every page that a customer sees, as the browser shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

SHOTS = Path("var/screenshots")

_axe = Axe()
_RULES: dict[str, Any] = {"resultTypes": ["violations"]}

_NAMELESS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary, iframe")]
  .filter((control) => control.checkVisibility())
  .filter((control) => ![...(control.labels ?? [])].some((label) => label.textContent.trim())
    && !control.getAttribute("aria-label") && !control.title && !control.textContent.trim())
  .map((control) => control.outerHTML)"""
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), summary")]
  .filter((control) => control.checkVisibility() && !control.closest(".summary, p:not(:has(> .main))"))
  .map((control) => [control.outerHTML.slice(0, 80), control.getBoundingClientRect()])
  .filter(([, box]) => box.width < 20 || box.height < 20).map(([html]) => html)"""


async def complaints(page: Page) -> list[str]:
    """What is wrong with the page: axe's violations, controls without a name or too small, scrolling sideways."""
    found = await _axe.run(page, options=_RULES)
    wrong = [
        f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes']]}"
        for violation in found.response["violations"]
    ]
    wrong += [f"has no name: {html}" for html in await page.evaluate(_NAMELESS)]
    wrong += [f"is too small: {html}" for html in await page.evaluate(_SMALL)]
    if (wide := await page.evaluate(_OVERFLOW)) > 0:
        wrong.append(f"scrolls {wide} px sideways")
    return wrong


async def shoot(page: Page, name: str) -> None:
    """Keep a picture, for a person to look at."""
    await page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
