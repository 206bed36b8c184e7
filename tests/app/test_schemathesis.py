"""No made-up call brings the gateway down or gets an answer that the OpenAPI does not tell of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from app.tokens.tokens import INSTANCE
from tests.app.erpnext_books import bill, erpnext_books, item, sale
from tests.fuzz import Target, fuzz
from tests.world import World

EXAMPLES = 6
DOCUMENTS = {
    "Sales Invoice": [sale("A"), sale("S2")],
    "Purchase Invoice": [bill("B")],
    "Item": [item("X"), item("WIDGET/L")],
}
GROUPS: dict[str, Callable[[str], bool]] = {
    "the unified API": lambda path: path.startswith("/unified"),
    "the proxy": lambda path: path.startswith("/proxy"),
    "the control plane": lambda path: not path.startswith(("/unified", "/proxy")),
}


@pytest.fixture
async def target(light: World) -> AsyncIterator[Target]:
    """A gateway with an ERPNext account."""
    async with erpnext_books(light, DOCUMENTS) as books:
        _, admin_token = await light.parts.tokens.create(None, [INSTANCE], "fuzz")
        site_url = (await light.http.get(f"/integrated-account/{books.account}")).json()["result"]["context"][
            "site_url"
        ]
        yield Target(light.base_url, light.token, admin_token, books.account, light.environment_id, site_url)


@pytest.mark.parametrize("group", GROUPS)
async def test_every_documented_route_keeps_to_its_document(target: Target, group: str) -> None:
    counted = await asyncio.to_thread(fuzz, target, GROUPS[group], EXAMPLES)

    # Calls got through, and not only to the first refusal.
    assert counted.get("200", 0) >= EXAMPLES
    assert sum(counted.values()) >= EXAMPLES * 10
    assert "500" not in counted or group == "the proxy"
