"""Products that are odd, or of which a part may not be read: each is told of, and none is lost in silence."""

from __future__ import annotations

import msgspec
import pytest

from providers.brightpearl.resources import ITEMS
from providers.kit.errors import Unreadable
from tests.providers.brightpearl.catalogue import PRICE, PRICE_LISTS, STOCK
from tests.providers.brightpearl.test_products import BUNDLE, EXPAND, LAMP, SERVICE, listed, shop, warnings


@pytest.mark.parametrize(("path", "field"), [(PRICE, "prices"), (STOCK, "quantity")])
async def test_what_may_not_be_read_beside_a_product_is_null_and_told(path: str, field: str) -> None:
    books = shop()
    books.account.forbidden = (path,)

    page = await listed(books, expand=EXPAND)
    got, cautions = await books.account.got(ITEMS, "7001", expand=EXPAND)

    assert await warnings(books, expand=EXPAND) == [("not_permitted", None, field)]
    assert [(caution.code, caution.field) for caution in cautions] == [("not_permitted", field)]
    assert len(page) == 3
    assert getattr(page["7001"], field) is None
    assert got == page["7001"]
    if path == PRICE:
        assert (got.unit_price, got.purchase_price) == (None, None)


async def test_a_reference_list_that_may_not_be_read_leaves_its_field_null_and_is_told_once() -> None:
    books = shop()
    books.account.forbidden = ("product-service/brand", PRICE_LISTS, "accounting-service/nominal-code")

    lamp = (await listed(books))["7001"]

    assert (lamp.brand, lamp.sales_account, lamp.unit_price, lamp.purchase_price) == (None,) * 4
    assert {price.type for price in lamp.prices} == {None}
    assert await warnings(books) == [
        ("reference_unknown", None, "sales_account"),
        ("reference_unknown", None, "brand"),
        ("reference_unknown", None, "unit_price"),
    ]


async def test_what_the_accounts_lists_do_not_have_is_told_for_each_product() -> None:
    books = shop()
    books.products[LAMP] |= {"brandId": 5, "nominalCodeSales": "4999", "nominalCodeStock": "0"}
    books.products[LAMP]["salesChannels"][0]["categories"] = [{"categoryCode": "999"}]
    books.products[BUNDLE] |= {"brandId": 0, "nominalCodePurchases": "", "nominalCodeStock": None}

    page = await listed(books)

    assert await warnings(books) == [("not_found", "7001", "brand"), ("not_found", "7001", "sales_account")]
    lamp = page["7001"]
    assert (lamp.brand, lamp.sales_account, lamp.asset_account, lamp.group) == (None,) * 4
    assert [(each.id, each.name) for each in lamp.categories] == [("999", None)]


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("brandId", "74", "brandId"),
        ("salesChannels", [{"productName": 7}], "salesChannels[0].productName"),
        ("stock", {"stockTracked": "yes"}, "stock.stockTracked"),
        ("customFields", "none", "customFields"),
        ("composition", {"bundleComponents": [{"productQuantity": "many"}]}, None),
    ],
)
async def test_a_product_that_cannot_be_read_is_told_and_the_others_go_on(
    key: str, value: object, field: str | None
) -> None:
    books = shop()
    books.products[LAMP][key] = value

    assert list(await listed(books)) == ["7002", "7003"]
    [(code, number, told)] = await warnings(books)
    assert (code, number) == ("wrong_type", "7001")
    assert field in (None, told)
    with pytest.raises(Unreadable):
        await books.account.got(ITEMS, "7001")


@pytest.mark.parametrize("key", ["createdOn", "updatedOn"])
async def test_a_product_whose_instant_has_no_offset_is_told_and_not_shifted(key: str) -> None:
    books = shop()
    books.products[LAMP][key] = "2026-02-03T10:11:12.000"

    assert list(await listed(books)) == ["7002", "7003"]
    assert [(code, number) for code, number, _ in await warnings(books)] == [("unmappable", "7001")]


@pytest.mark.parametrize(
    "quantity_price", [{"1": "ten"}, {"many": "10"}, {"1": None}, {"1": ""}, {"1": {}}, [], "10"]
)
async def test_prices_that_cannot_be_read_are_null_and_told_and_the_product_stays(quantity_price: object) -> None:
    books = shop()
    books.prices[LAMP]["priceLists"][0]["quantityPrice"] = quantity_price

    page = await listed(books)

    assert (page["7001"].prices, page["7001"].unit_price) == (None, None)
    assert len(page["7002"].prices) == 1
    assert [(code, number) for code, number, _ in await warnings(books)] == [("wrong_type", "7001")]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1E+9"])
async def test_a_price_that_only_an_exponent_can_write_is_no_price(number: str) -> None:
    books = shop()
    books.prices[LAMP]["priceLists"][0]["quantityPrice"] = {"1": number}

    assert list(await listed(books)) == ["7002", "7003"]
    assert [(code, number) for code, number, _ in await warnings(books)] == [("not_a_number", "7001")]


@pytest.mark.parametrize("entry", [{"total": {"inStock": "much"}}, {"total": 3}])
async def test_stock_that_cannot_be_read_is_null_and_told(entry: object) -> None:
    books = shop()
    books.stock["7001"] = entry

    page = await listed(books, expand=EXPAND)

    assert page["7001"].quantity is None
    assert [(code, number) for code, number, _ in await warnings(books, expand=EXPAND)] == [("wrong_type", "7001")]


async def test_a_product_that_refuses_to_be_read_stands_alone_and_one_that_is_gone_is_told() -> None:
    books = shop()
    books.account.poisoned, books.account.hidden = {BUNDLE}, {SERVICE}

    page = await books.account.listed(ITEMS)

    assert [record.id for record in page.records] == ["7001"]
    told = {(caution.code, caution.id) for caution in page.cautions}
    assert told == {("rejected", "7002"), ("not_found", "7003")}


async def test_a_product_of_which_only_the_id_is_told_is_a_record_of_nulls() -> None:
    books = shop()
    books.products, books.prices = {5: {"id": 5}}, {}

    record = (await listed(books))["5"]

    filled = {name: value for name in record.__struct_fields__ if (value := getattr(record, name)) is not None}
    assert {name for name, value in filled.items() if value not in ([], {}, msgspec.UNSET)} == {"id", "remote_id"}
    assert await warnings(books) == []
