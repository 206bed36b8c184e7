"""Products whole, their prices and stock, and the goods that moved, told alike by notes and searches."""

from __future__ import annotations

import json
from decimal import Decimal

from tests.providers.brightpearl.sandbox.conftest import Talk

PRODUCT = "product-service/product"
PRICE = "product-service/product-price"


async def test_whole_products_are_those_of_the_search_in_the_order_of_nobody(talk: Talk) -> None:
    rows = {row["productId"]: row for row in await talk.rows(f"{PRODUCT}-search?pageSize=150")}
    ids = sorted(rows)

    found = await talk.get(f"{PRODUCT}/{ids[0]}-{ids[-1]}")

    assert [each["id"] for each in found] != ids == sorted(each["id"] for each in found)
    for each in found:
        row = rows[each["id"]]
        assert each["identity"]["sku"] == row["SKU"]
        assert each["salesChannels"][0]["productName"] == row["productName"]
        assert each["stock"]["stockTracked"] is row["stockTracked"]
        assert each.get("updatedOn") == row["updatedOn"]
    answer = (await talk.ask(f"{PRODUCT}/{ids[0]}")).text
    assert '"magnitude":0.0000' in answer
    assert await talk.refused(f"{PRODUCT}/1-3") == (404, "CMNC-404")
    assert (await talk.refused(PRODUCT))[0] == 404


async def test_a_product_is_made_of_a_brand_renamed_and_found(talk: Talk) -> None:
    named = {"salesChannels": [{"productName": "New = thing"}]}
    assert await talk.refused(PRODUCT, "POST", named) == (400, "PRDC-014")
    number = await talk.write("POST", PRODUCT, {"brandId": 74, **named, "identity": {"sku": "NEW/1"}})
    renamed = {"salesChannels": [{"productName": "Renamed"}]}
    assert await talk.write("PUT", f"{PRODUCT}/{number}", renamed) is None

    [row] = await talk.rows(f"{PRODUCT}-search?SKU=NEW%2F1")
    assert (row["productId"], row["productName"]) == (number, "Renamed")
    assert row["updatedOn"] is not None


async def test_the_category_of_each_product_is_told_beside_the_rows(talk: Talk) -> None:
    answer = (await talk.ask(f"{PRODUCT}-search?pageSize=3")).json()

    labels = answer["reference"]["productCategoryMembership"]
    assert set(labels) == {str(row[0]) for row in answer["response"]["results"]}
    assert all(isinstance(label, list) and label for label in labels.values())


async def test_prices_are_texts_by_quantity_on_each_list(talk: Talk) -> None:
    [row] = await talk.rows(f"{PRODUCT}-search?pageSize=1")
    number = row["productId"]
    written = {"priceLists": [{"priceListId": 3, "quantityPrice": {"1": 100, "5": 450.5}}]}
    assert await talk.write("PUT", f"{PRICE}/{number}/price-list", written) is None

    [prices] = await talk.get(f"{PRICE}/{number}")
    by_list = {each["priceListId"]: each["quantityPrice"] for each in prices["priceLists"]}
    assert by_list[3] == {"1": "100.0000", "5": "450.5000"}
    assert Decimal(by_list[1]["1"]) < Decimal(by_list[2]["1"])
    assert await talk.refused(f"{PRICE}/1") == (404, "CMNC-404")
    assert (await talk.ask(f"{PRICE}/1-100", "OPTIONS")).json() == {"response": {"getUris": []}}


async def test_goods_notes_are_maps_by_order_or_by_number(talk: Talk) -> None:
    number, note = next(iter(talk.store.goods_out.items()))
    path = "warehouse-service/order"

    by_order = await talk.get(f"{path}/{note['orderId']}/goods-note/goods-out")
    by_number = await talk.get(f"{path}/*/goods-note/goods-out/{number}")

    assert by_order == by_number == {str(number): json.loads(json.dumps(note))}
    assert (await talk.ask(f"{path}/*/goods-note/goods-out")).status_code >= 400
    assert await talk.get(f"{path}/{note['orderId']}/goods-note/drop-ship") == {}
    number, note = next(iter(talk.store.goods_in.items()))
    assert list(await talk.get(f"{path}/{note['orderId']}/goods-note/goods-in/{number}")) == [str(number)]


async def test_movements_are_those_of_the_notes(talk: Talk) -> None:
    moved = await talk.rows("warehouse-service/goods-movement-search?goodsNoteTypeCode=GO")
    shipped = await talk.rows("warehouse-service/goods-note/goods-out-search?shipped=true")
    batches = await talk.rows("warehouse-service/goods-in-search")

    pieces = [
        (int(row_id), -each["quantity"])
        for note in talk.store.goods_out.values()
        for row_id, rows in note["orderRows"].items()
        for each in rows
    ]
    assert sorted((row["salesOrderRowId"], row["quantity"]) for row in moved) == sorted(pieces)
    assert all(row["shippedOn"] for row in shipped)
    assert len(batches) == min(500, sum(len(note["goodsMoved"]) for note in talk.store.goods_in.values()))


async def test_stock_is_told_of_tracked_products_and_adds_up(talk: Talk) -> None:
    rows = await talk.rows(f"{PRODUCT}-search?pageSize=200")
    first, last = rows[0]["productId"], rows[0]["productId"] + 150

    found = await talk.get(f"warehouse-service/product-availability/{first}-{last}")

    tracked = {str(row["productId"]) for row in rows if row["stockTracked"] and first <= row["productId"] <= last}
    assert set(found) == tracked
    assert all(
        each["total"]["inStock"] == each["total"]["onHand"] + each["total"]["allocated"] for each in found.values()
    )
