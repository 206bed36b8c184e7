"""Goods for the seed: out to customers and in from suppliers, as notes, and in a large account as journals too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from providers.brightpearl.sandbox.books import BASE, RATES
from providers.brightpearl.sandbox.calls import STAFF_ID
from providers.brightpearl.sandbox.journals import Header, Line, book
from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.store import Store, cents

FREE_TEXT = 1000
LOCATION_ID = 2
STOCK, COST_OF_GOODS, RECEIVED = "1001", "5200", "2050"
EVENTS = ("SHW", "PRI", "PIC", "PAC")


def fill_stock(store: Store, *, has_journals: bool) -> None:
    """A note for each order that goods were moved for."""
    for order in store.orders.values():
        code, moved = order["orderTypeCode"], dict(_moved(order))
        at = datetime.fromisoformat(order["placedOn"]) + timedelta(hours=5)
        if not moved:
            continue
        if code == "SO" and order["shippingStatusCode"] in ("SPS", "ASS"):
            number = store.next_id("goods-note", (40,))
            store.goods_out[number] = goods_out(store, order, moved, number, at)
            if has_journals:
                _book(store, order, "GO", moved, at, (COST_OF_GOODS, STOCK))
        elif code == "PO" and order["stockStatusCode"] in ("POP", "POA"):
            number = store.next_id("goods-note", (40,))
            store.goods_in[number] = goods_in(store, order, moved, number, at)
            if has_journals:
                _book(store, order, "PG", moved, at, (STOCK, RECEIVED))


def _moved(order: Row) -> Iterator[tuple[str, Row]]:
    """The rows of whole pieces of stock."""
    for number, row in order["orderRows"].items():
        quantity = Decimal(row["quantity"]["magnitude"])
        is_whole = quantity > 0 and quantity == int(quantity)
        if row["productId"] != FREE_TEXT and row["productId"] % 5 and is_whole:
            yield number, row


def goods_out(store: Store, order: Row, moved: dict[str, Row], number: int, at: datetime) -> Row:
    """A goods-out note as a GET gives it: picked and shipped where all of it went."""
    is_shipped = order["shippingStatusCode"] == "ASS"
    made, done = store.written(at), store.written(at + timedelta(minutes=24))
    steps = ("picked", "packed", "shipped", "printed")
    return {
        "orderId": order["id"],
        "warehouseId": order["warehouseId"],
        "transfer": False,
        "priority": False,
        "status": {
            **dict.fromkeys(("shipped", "packed", "picked", "printed"), is_shipped),
            **({f"{step}On": done for step in steps} if is_shipped else {}),
            **({f"{step}ById": STAFF_ID for step in steps} if is_shipped else {}),
        },
        "shipping": {"reference": "", "shippingMethodId": order["delivery"].get("shippingMethodId", 0)},
        "releaseDate": made,
        "createdOn": made,
        "createdBy": STAFF_ID,
        "orderRows": {
            row_id: [{"productId": row["productId"], "quantity": _pieces(row), "locationId": LOCATION_ID}]
            for row_id, row in moved.items()
        },
        "sequence": 1,
        "events": [
            {"occured": made, "eventOwnerId": STAFF_ID, "eventCode": "PLA"},
            *(
                {"occured": done, "eventOwnerId": STAFF_ID, "eventCode": event}
                for event in (EVENTS if is_shipped else ())
            ),
        ],
        "lastEventVersion": 3_000_000 + number,
    }


def goods_in(store: Store, order: Row, moved: dict[str, Row], number: int, at: datetime) -> Row:
    """A goods-in note as a GET gives it."""
    return {
        "goodsNoteId": number,
        "orderId": order["id"],
        "transfer": False,
        "goodsNoteStatus": "CLOSED" if order["stockStatusCode"] == "POA" else "OPEN",
        "receivedOn": store.written(at),
        "createdBy": STAFF_ID,
        "goodsMoved": [
            {
                "productId": row["productId"],
                "purchaseOrderRowId": int(row_id),
                "quantity": _pieces(row),
                "warehouseId": order["warehouseId"],
                "destinationLocationId": LOCATION_ID,
                "goodsNoteId": number,
                "batchGoodsNoteId": number,
                "productValue": {"currency": row["itemCost"]["currencyCode"], "value": row["itemCost"]["value"]},
            }
            for row_id, row in moved.items()
        ],
    }


def _pieces(row: Row) -> int:
    return int(Decimal(row["quantity"]["magnitude"]))


def _book(
    store: Store, order: Row, code: str, moved: dict[str, Row], at: datetime, nominals: tuple[str, str]
) -> None:
    """The value of what was moved, in the books' own currency whatever the order's."""
    rate = Decimal(order["currency"]["exchangeRate"])
    value = sum((Decimal(row["itemCost"]["value"]) * _pieces(row) for row in moved.values()), Decimal(0))
    amount = cents(value / rate)
    if not amount:
        return
    header = Header(
        code=code,
        made=at,
        day=at.astimezone(store.zone).date(),
        currency=BASE,
        rate=RATES[BASE],
        contact_id=store.party_contact(order),
        order_id=order["id"],
    )
    book(store, header, [Line(nominals[0], amount, amount, True), Line(nominals[1], amount, amount, False)])
