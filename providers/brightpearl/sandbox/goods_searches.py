"""The searches over goods: notes out, batches in, and every movement of either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store

STEPS = ("printed", "picked", "packed", "shipped")


def _out_rows(store: Store) -> Iterator[Row]:
    for number, note in store.goods_out.items():
        order = store.orders.get(note["orderId"], {})
        yield {
            "goodsOutNoteId": number,
            **{step: note["status"][step] for step in STEPS},
            "shippedOn": note["status"].get("shippedOn"),
            "orderId": note["orderId"],
            "shippingMethodId": note["shipping"]["shippingMethodId"],
            "warehouseId": note["warehouseId"],
            "priority": note["priority"],
            "createdOn": note["createdOn"],
            "releaseDate": note["releaseDate"],
            "createdBy": note["createdBy"],
            "labelUri": None,
            "channelId": order["assignment"]["current"]["channelId"] if order else 0,
            "transfer": note["transfer"],
        }


def _in_rows(store: Store) -> Iterator[Row]:
    places = {row["id"]: row for row in store.lists["location"]}
    for note in store.goods_in.values():
        for moved in note["goodsMoved"]:
            place = places.get(moved["destinationLocationId"], {})
            yield {
                "purchaseOrderId": note["orderId"],
                "batchId": moved["batchGoodsNoteId"],
                "userBatchRef": None,
                "productId": moved["productId"],
                "locationId": moved["destinationLocationId"],
                **{name: place.get(name, "") for name in ("groupingA", "groupingB", "groupingC", "groupingD")},
                "price": moved["productValue"]["value"],
                "landedCosts": "0.0000",
                "currCode": moved["productValue"]["currency"],
                "receivedQuantity": moved["quantity"],
                "onHand": moved["quantity"],
                "createdDate": note["receivedOn"],
                "receivedDate": note["receivedOn"],
                "warehouseId": moved["warehouseId"],
            }


def _movements(store: Store) -> Iterator[Row]:
    number = 0
    for note_id, note in store.goods_out.items():
        for row_id, pieces in note["orderRows"].items():
            for piece in pieces:
                number += 1
                yield {
                    **_movement(number, note_id, note["orderId"], note["warehouseId"], note["createdOn"]),
                    "productId": piece["productId"],
                    "salesOrderRowId": int(row_id),
                    "quantity": -piece["quantity"],
                    "destinationLocationId": piece["locationId"],
                    "goodsNoteTypeCode": "GO",
                }
    for note_id, note in store.goods_in.items():
        for moved in note["goodsMoved"]:
            number += 1
            yield {
                **_movement(number, note_id, note["orderId"], moved["warehouseId"], note["receivedOn"]),
                "productId": moved["productId"],
                "purchaseOrderRowId": moved["purchaseOrderRowId"],
                "quantity": moved["quantity"],
                "destinationLocationId": moved["destinationLocationId"],
                "productValue": moved["productValue"]["value"],
                "currencyCode": moved["productValue"]["currency"],
                "batchId": moved["batchGoodsNoteId"],
                "goodsNoteTypeCode": "PG",
            }


def _movement(number: int, note_id: int, order_id: int, warehouse_id: int, moved: str) -> Row:
    return {
        "goodsMovementId": number,
        "goodsNoteId": note_id,
        "orderId": order_id,
        "warehouseId": warehouse_id,
        "isCleared": True,
        "isQuarantine": False,
        "updatedOn": moved,
    }


def _columns(ids: str, texts: str, flags: str, periods: str, order: str) -> dict[str, Column]:
    kinds = {
        **dict.fromkeys(ids.split(), "IDSET"),
        **dict.fromkeys(texts.split(), "STRING"),
        **dict.fromkeys(flags.split(), "BOOLEAN"),
        **dict.fromkeys(periods.split(), "PERIOD"),
    }
    return columns(*(Column(name, kinds.get(name, "INTEGER")) for name in order.split()))


GOODS_SEARCHES: Mapping[str, Search] = {
    "warehouse-service/goods-note/goods-out-search": Search(
        columns=_columns(
            "goodsOutNoteId orderId",
            "labelUri",
            "printed picked packed shipped priority transfer",
            "shippedOn createdOn releaseDate",
            "goodsOutNoteId printed picked packed shipped shippedOn orderId shippingMethodId warehouseId priority "
            "createdOn releaseDate createdBy labelUri channelId transfer",
        ),
        rows=_out_rows,
        sorted_by="goodsOutNoteId",
    ),
    "warehouse-service/goods-in-search": Search(
        columns=_columns(
            "purchaseOrderId batchId productId",
            "userBatchRef groupingA groupingB groupingC groupingD price landedCosts currCode",
            "",
            "createdDate receivedDate",
            "purchaseOrderId batchId userBatchRef productId locationId groupingA groupingB groupingC groupingD "
            "price landedCosts currCode receivedQuantity onHand createdDate receivedDate warehouseId",
        ),
        rows=_in_rows,
        sorted_by="batchId",
    ),
    "warehouse-service/goods-movement-search": Search(
        columns=_columns(
            "goodsMovementId salesOrderRowId purchaseOrderRowId goodsNoteId",
            "productValue currencyCode goodsNoteTypeCode",
            "isCleared isQuarantine",
            "updatedOn",
            "goodsMovementId productId salesOrderRowId purchaseOrderRowId quantity destinationLocationId "
            "warehouseId goodsNoteId productValue currencyCode orderId isCleared isQuarantine batchId "
            "goodsNoteTypeCode updatedOn",
        ),
        rows=_movements,
        sorted_by="goodsMovementId",
    ),
}
