"""Products, as far as their search tells them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from providers.brightpearl.resources import ITEMS
from providers.brightpearl.sandbox import create_sandbox
from providers.kit.errors import NotFound
from providers.kit.pages import Filter, Query
from tests.providers.brightpearl.account import Account
from tests.providers.fake_send import walk
from tests.world import World, served

SEARCH = "product-service/product-search"


def books() -> Account:
    made = "2026-01-01T00:00:00.000Z"
    rows = [
        {"productId": number, "productName": f"Widget {number}", "SKU": f"W{number}", "stockTracked": True}
        | {"createdOn": made, "updatedOn": "2026-05-01T00:00:00.000Z" if number == 2 else None}
        for number in (1, 2, 3)
    ]
    return Account(lists={SEARCH: rows})


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], "1 2 3"),
        ([("sku", "eq", "W3")], "3"),
        ([("name", "eq", "Widget 1")], "1"),
        ([("updated_at", "gte", datetime(2026, 2, 1, tzinfo=UTC))], "2"),
        ([("updated_at", "gte", datetime(2026, 1, 1, tzinfo=UTC))], "2 1 3"),
        ([("created_at", "gt", datetime(2026, 1, 1, tzinfo=UTC))], ""),
    ],
)
async def test_products_are_walked_and_found(filters: list[tuple[str, str, Any]], expected: str) -> None:
    wanted = tuple(Filter(name=name, operator=operator, value=value) for name, operator, value in filters)  # type: ignore[arg-type]

    assert await walk(books().client(), ITEMS, Query(limit=1, filters=wanted)) == expected.split()


@pytest.mark.parametrize("record_id", ["0", "4", "x"])
async def test_a_product_that_is_not_there_is_not_found(record_id: str) -> None:
    with pytest.raises(NotFound):
        await books().got(ITEMS, record_id)


async def test_a_row_that_cannot_be_read_is_told_and_the_others_go_on() -> None:
    account = books()
    account.lists[SEARCH][0]["productName"] = 7

    page = await account.listed(ITEMS)

    assert [record.id for record in page.records] == ["2", "3"]
    assert [(caution.code, caution.id) for caution in page.cautions] == [("wrong_type", "1")]


async def test_all_products_of_the_sandbox_come_once_through_the_gateway(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    sold = {
        str(row["productId"])
        for order in box.store.orders.values()
        for row in order["orderRows"].values()
        if row["productId"] != 1000
    }
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        records = await light.walk("items", account_id, limit=37)
        got = await light.unified(f"items/{records[0]['id']}", account_id)

    assert len(records) == len(sold)
    assert {record["id"] for record in records} == sold
    assert got.json()["result"] == records[0]
