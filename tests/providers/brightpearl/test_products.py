"""Products whole: found, and joined with their prices, their stock and what they refer to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from providers.brightpearl.resources import ITEMS
from providers.brightpearl.sandbox import create_sandbox
from providers.kit.errors import NotFound
from providers.kit.pages import Filter, Query
from tests.providers.brightpearl.account import Account
from tests.providers.brightpearl.catalogue import (
    PRICE,
    PRICE_LISTS,
    PRODUCT,
    STOCK,
    Catalogue,
    price_list,
    prices,
    product,
)
from tests.providers.fake_send import Reply, walk
from tests.world import World, served

LAMP, BUNDLE, SERVICE = 7001, 7002, 7003
EXPAND = frozenset({"quantity"})


def shop() -> Catalogue:
    return Catalogue(Account())


async def warnings(books: Catalogue, **asked: Any) -> list[tuple[str, str | None, str | None]]:
    page = await books.account.listed(ITEMS, **asked)
    return [(caution.code, caution.id, caution.field) for caution in page.cautions]


async def listed(books: Catalogue, **asked: Any) -> dict[str, Any]:
    page = await books.account.listed(ITEMS, **asked)
    return {record.id: record for record in page.records}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], "7001 7002 7003"),
        ([("sku", "eq", "ADV")], "7003"),
        ([("name", "eq", "Two lamps")], "7002"),
        ([("status", "eq", "active")], "7001 7002"),
        ([("status", "eq", "archived")], "7003"),
        ([("status", "eq", "discontinued")], ""),
        ([("updated_at", "gte", datetime(2026, 2, 1, tzinfo=UTC))], "7001"),
        ([("updated_at", "gte", datetime(2026, 1, 1, tzinfo=UTC))], "7001 7002 7003"),
        ([("created_at", "gt", datetime(2026, 1, 1, 8, tzinfo=UTC))], ""),
    ],
)
async def test_products_are_walked_and_found(filters: list[tuple[str, str, Any]], expected: str) -> None:
    wanted = tuple(Filter(name=name, operator=operator, value=value) for name, operator, value in filters)  # type: ignore[arg-type]

    assert await walk(shop().account.client(), ITEMS, Query(limit=1, filters=wanted)) == expected.split()


async def test_a_status_is_asked_of_the_search_and_looked_at_again_in_the_product() -> None:
    books = shop()
    books.products[LAMP]["status"] = "DISCONTINUED"
    wanted = (Filter(name="status", operator="eq", value="discontinued"),)

    assert set(await listed(books, filters=wanted)) == {"7001"}
    # A search that passes over the filter gives all: the products themselves tell.
    books.account.send.on("product-service/product-search", _whole_search(books))
    assert set(await listed(books, filters=wanted)) == {"7001"}


def _whole_search(books: Catalogue) -> Callable[[Any], Reply]:
    meta = {
        "resultsAvailable": 3,
        "resultsReturned": 3,
        "morePagesAvailable": False,
        "columns": [{"name": "productId"}],
    }
    return lambda call: Reply({"response": {"results": [[number] for number in books.products], "metaData": meta}})


async def test_a_page_of_many_products_costs_two_sets_of_two_hundred_and_their_stock_one_more() -> None:
    books = shop()
    books.products = {number: product(number, f"P {number}", f"S{number}") for number in range(1, 402)}
    books.stock = {str(number): {"total": {"inStock": number}} for number in range(1, 402)}

    page = await books.account.listed(ITEMS, expand=EXPAND)

    assert len(page.records) == 401
    assert [len(books.account.calls_to(path)) for path in (PRODUCT, PRICE, STOCK)] == [3, 3, 3]
    assert {call.params["includeOptional"] for call in books.account.calls_to(PRODUCT)} == {
        "customFields,nullCustomFields"
    }


@pytest.mark.parametrize("expand", [frozenset[str](), EXPAND])
@pytest.mark.parametrize("remote_data", [False, True])
async def test_a_list_gives_the_same_record_as_a_get(expand: frozenset[str], remote_data: bool) -> None:
    books = shop()

    page = await books.account.listed(ITEMS, expand=expand, remote_data=remote_data)

    assert [record.id for record in page.records] == ["7001", "7002", "7003"]
    for record in page.records:
        got, cautions = await books.account.got(ITEMS, record.id, expand=expand, remote_data=remote_data)
        assert (got, list(cautions)) == (record, [])


@pytest.mark.parametrize("record_id", ["0", "4", "x", "7001 "])
async def test_a_product_that_is_not_there_is_not_found(record_id: str) -> None:
    with pytest.raises(NotFound):
        await shop().account.got(ITEMS, record_id)


async def test_stock_is_read_only_where_it_is_asked_for_and_kept() -> None:
    books = shop()

    plain = await listed(books)
    counted = await listed(books, expand=EXPAND)

    assert {record.quantity for record in plain.values()} == {msgspec.UNSET}
    assert {number: record.quantity for number, record in counted.items()} == {
        "7001": Decimal(12),
        "7002": None,
        "7003": None,
    }
    # The bundle says that its stock is tracked, the service that it is not: that one is not asked for.
    assert [call.path.removeprefix(STOCK) for call in books.account.calls_to(STOCK)] == ["7001-7002"]
    assert (await books.account.got(ITEMS, str(SERVICE), expand=EXPAND))[0].quantity is None
    assert len(books.account.calls_to(STOCK)) == 1


@pytest.mark.parametrize(
    ("lists", "configured", "sale", "purchase"),
    [
        ([], None, "25", "12.5000"),
        # A second list of the currency: neither stands for the item's own price, unless it is named.
        ([price_list(3, "Trade", "SELL", "GBP"), price_list(4, "Other", "BUY", "GBP")], None, None, None),
        ([price_list(4, "Other", "BUY", "GBP")], "4", "25", None),
        ([price_list(4, "Other", "BUY", "GBP")], "0", "25", "12.5000"),
        # Named, but of another currency, not there, or no number: as if it were not named.
        ([], "1", "25", "12.5000"),
        ([], "99", "25", "12.5000"),
        ([], "no number", "25", "12.5000"),
        ([price_list(3, "Breaks", "QUANTITYBREAK", "GBP")], None, "25", "12.5000"),
    ],
)
async def test_an_items_own_prices_are_those_of_the_one_list_that_is_marked_out(
    lists: list[Any], configured: str | None, sale: str | None, purchase: str | None
) -> None:
    books = shop()
    books.account.lists[PRICE_LISTS] += lists
    if configured is not None:
        configuration = {"baseCurrencyCode": "GBP", "defaultCostPriceListId": configured}
        books.account.send.on(
            "integration-service/account-configuration", Reply({"response": {"configuration": configuration}})
        )

    lamp = (await listed(books))["7001"]

    assert [str(lamp.unit_price), str(lamp.purchase_price)] == [str(sale), str(purchase)]
    assert len(lamp.prices) == 4


async def test_a_list_that_is_not_among_the_price_lists_is_looked_for_once_and_its_prices_are_kept() -> None:
    books = shop()
    await listed(books)
    books.prices[LAMP] = prices(LAMP, l2={"1": "25"})
    books.prices[LAMP]["priceLists"].append(
        {"priceListId": 9, "currencyCode": "USD", "quantityPrice": {"1": "33.0"}}
    )

    for _ in range(2):
        lamp = (await listed(books))["7001"]

    other = lamp.prices[-1]
    assert (other.price_list, other.price_list_name, other.type, other.currency) == ("9", None, None, "USD")
    assert len(books.account.calls_to(PRICE_LISTS)) == 2


async def test_all_products_of_the_sandbox_come_once_and_whole_through_the_gateway(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    sold = {
        str(row["productId"])
        for order in box.store.orders.values()
        for row in order["orderRows"].values()
        if row["productId"] != 1000
    }
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        records = await light.walk("items", account_id, limit=37, expand="quantity")
        got = await light.unified(f"items/{records[0]['id']}", account_id, expand="quantity")

    assert len(records) == len(sold)
    assert {record["id"] for record in records} == sold
    assert (got.json()["result"], got.json()["warnings"]) == (records[0], [])
    for name in ("name", "status", "group", "unit_price", "purchase_price", "sales_account", "brand", "tax_rate"):
        assert all(record[name] is not None for record in records), name
    assert {"active", "discontinued"} == {record["status"] for record in records}
    assert any(record["quantity"] for record in records)
