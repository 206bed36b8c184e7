"""Orders for the seed: rows of every sort with their tax, totals that add up, statuses that fit."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from providers.brightpearl.sandbox.books import CANCELLED
from providers.brightpearl.sandbox.journals import book_invoice
from providers.brightpearl.sandbox.order_rows import FREE_TEXT, row_of
from providers.brightpearl.sandbox.orders import FIELD_SETS, new_order
from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.store import TYPES, Store, add_up, cents

FOUR = Decimal("0.0001")
INVOICED = {"SO": 4, "PO": 8}
CANCELLED_BY = {"SO": CANCELLED, "PO": 9}
STATUSES: Mapping[str, Mapping[str, int]] = {
    "draft": {"SO": 1},
    "placed": {"PO": 7},
    "invoiced": INVOICED,
    "cancelled": CANCELLED_BY,
}
STOCK = {"none": ("N", "SNS"), "part": ("P", "SPS"), "all": ("A", "ASS")}
NAMES = ("Widget", "Café table ☕", "O'Ring 3/8\"", "Cable = 2 m", "見本 A", "Crème & <Sugar>")


class Line(NamedTuple):
    """What a row is about."""

    product: Row
    quantity: Decimal
    net: Decimal
    tax_code: Row


def make_order(
    store: Store, draw: random.Random, number: int, code: str, contact: Row, placed: datetime, row_id: int
) -> tuple[Row, int]:
    """An order with its rows, and the number of the last of them."""
    currency = draw.choice(("USD", "USD", "EUR", "GBP"))
    order = new_order(
        store,
        number,
        TYPES[code],
        contact,
        {
            "accountingCurrencyCode": "USD",
            "orderCurrencyCode": currency,
            "exchangeRate": store.rate_at(currency, placed),
            "fixedExchangeRate": draw.random() < 0.5,
        },
    )
    order["placedOn"] = store.written(placed)
    order["createdOn"] = store.written(placed + timedelta(seconds=draw.choice((0, 0, 0, -1, 40))))
    order["reference"] = draw.choice(("", f"#T{number}", f"PO/{number}", f"réf {number % 40} & co"))
    order["createdById"] = draw.choice((4, 4, 5, 206))
    order["priceModeCode"] = "INC" if code == "SO" and draw.random() < 0.4 else "EXC"
    lines = [_line(store, draw, order) for _ in range(draw.choice((0, 1, 1, 2, 3, 5, 12)))]
    row_id = _fill_rows(draw, order, lines, row_id)
    if code == "SO" and lines and draw.random() < 0.15:
        row_id = _add_bundle(store, order, row_id)
    add_up(order)
    _dates(store, draw, order, placed)
    _assign(draw, order)
    _finish(store, draw, order, placed)
    _custom_fields(store, draw, order)
    return order, row_id


def _line(store: Store, draw: random.Random, order: Row) -> Line:
    """One line; its net has four places where it was taken out of a price with tax."""
    tax_code = draw.choice(store.lists["tax-code"])
    quantity = Decimal(draw.choice(("1", "2", "4", "12", "0.3330", "2.5")))
    unit = Decimal(draw.randrange(100, 60_000)) / 100
    discount = Decimal(draw.choice(("0", "0", "0", "10", "12.50")))
    gross = cents(quantity * unit * (100 - discount) / 100)
    is_sale = order["orderTypeCode"] in ("SO", "SC")
    if order["priceModeCode"] == "INC":
        net = (gross / (1 + tax_code.get("rate", Decimal(0)) / 100)).quantize(FOUR)
    else:
        net = gross
    product_id = FREE_TEXT if draw.random() < 0.15 else draw.randrange(1001, 1400)
    product: Row = {
        "productId": product_id,
        "productName": f"{draw.choice(NAMES)} {product_id}",
        "discount": discount,
        "price": unit if is_sale else Decimal(0),
        "cost": (unit * Decimal("0.6")).quantize(FOUR) if is_sale else unit,
    }
    if product_id != FREE_TEXT:
        product["productSku"] = f"SKU-{product_id}"
    if product_id % 17 == 0:
        product["options"] = {"Size": "M", "Colour": "Blue = dark"}
    return Line(product, quantity, net, tax_code)


def _fill_rows(draw: random.Random, order: Row, lines: list[Line], row_id: int) -> int:
    """Rows under their ids, which need not follow the sequence."""
    currency = order["currency"]["orderCurrencyCode"]
    nominal = "4000" if order["orderTypeCode"] in ("SO", "SC") else "5000"
    sequences = [10 * (index + 1) for index in range(len(lines))]
    if draw.random() < 0.2:
        draw.shuffle(sequences)
    for line, sequence in zip(lines, sequences, strict=True):
        row_id += 1
        tax = cents(line.net * line.tax_code.get("rate", Decimal(0)) / 100)
        order["orderRows"][str(row_id)] = row_of(
            currency, sequence, line.product, line.quantity, line.net, tax, line.tax_code, nominal
        )
    return row_id


def _add_bundle(store: Store, order: Row, row_id: int) -> int:
    """A bundle: the parent carries the value, its two children none."""
    currency = order["currency"]["orderCurrencyCode"]
    tax_code = store.tax_code("T") or {}
    last = max(int(row["orderRowSequence"]) for row in order["orderRows"].values())
    parent = row_id + 1
    for index, net in enumerate((Decimal("99.50"), Decimal(0), Decimal(0))):
        row_id += 1
        product = {
            "productId": 1500 + index,
            "productName": ("Gift set", "Cup", "Saucer")[index],
            "productSku": f"SKU-{1500 + index}",
        }
        row = row_of(
            currency,
            last + 10 * (index + 1),
            {**product, "price": net},
            Decimal(1),
            net,
            cents(net / 10),
            tax_code,
            "4000",
        )
        row["composition"] = {
            "bundleParent": index == 0,
            "bundleChild": index > 0,
            "parentOrderRowId": 0 if index == 0 else parent,
        }
        order["orderRows"][str(row_id)] = row
    return row_id


def _dates(store: Store, draw: random.Random, order: Row, placed: datetime) -> None:
    """Dates of both kinds: set by API they are midnight in UTC, set by hand midnight of the account."""
    order["delivery"] = {"shippingMethodId": draw.choice((0, 0, 2))}
    wanted = placed.astimezone(store.zone).date() + timedelta(days=draw.randrange(1, 40))
    written = {
        "utc": store.utc_midnight(wanted),
        "local": store.local_midnight(wanted),
        "moment": store.written(placed + timedelta(days=7, seconds=1)),
    }
    kind = draw.choice(("utc", "local", "moment", "none"))
    if kind in written:
        order["delivery"] = {"deliveryDate": written[kind], **order["delivery"]}


def _assign(draw: random.Random, order: Row) -> None:
    order["assignment"]["current"] |= {
        "staffOwnerContactId": draw.choice((0, 4, 5)),
        "projectId": draw.choice((0, 0, 1, 3)),
        "channelId": draw.choice((0, 1, 3)),
        "leadSourceId": draw.choice((0, 0, 1)),
    }


def _finish(store: Store, draw: random.Random, order: Row, placed: datetime) -> None:
    """Where the order has got to. Some were never touched again, and have no updatedOn."""
    code = order["orderTypeCode"]
    fate = draw.choice(("new", "new", "draft", "placed", "invoiced", "invoiced", "cancelled"))
    if code not in INVOICED:
        fate = draw.choice(("new", "invoiced"))
    if order["orderRows"] and any(row["productId"] != FREE_TEXT for row in order["orderRows"].values()):
        letter, shipping = STOCK[draw.choice(("none", "part", "all"))]
        order["stockStatusCode"] = f"{code}{letter}"
        order["shippingStatusCode"] = shipping if code == "SO" else "SNS"
    set_status(store, order, fate)
    if fate == "invoiced":
        invoice(store, order, placed)
    elif fate != "new" and draw.random() < 0.5:
        # A tax date may stand before there is an invoice (recorded of a pending purchase order).
        order["invoices"] = [{"invoiceReference": "", **_invoice_dates(store, placed)}]
    if fate != "new" or draw.random() < 0.4:
        _stamp(store, draw, order, placed)


def set_status(store: Store, order: Row, fate: str) -> None:
    """The status that goes with what became of an order, where its type has one."""
    number = STATUSES.get(fate, {}).get(order["orderTypeCode"])
    found = store.status(number) if number is not None else None
    if found is not None:
        order["orderStatus"] = {"orderStatusId": number, "name": found["name"]}


def invoice(store: Store, order: Row, placed: datetime) -> None:
    """Invoice an order, an hour after."""
    day = placed.astimezone(store.zone).date()
    order["state"] = {"tax": "INVOICED"}
    prefix = {"SO": "SI", "PO": "BILL="}.get(order["orderTypeCode"], order["orderTypeCode"])
    order["invoices"] = [{"invoiceReference": f"{prefix}-{order['id']}", **_invoice_dates(store, placed)}]
    order["closedOn"] = store.written(placed + timedelta(hours=1))
    order["originalInvoiceDate"] = store.local_midnight(day)
    book_invoice(store, order, placed + timedelta(hours=1))


def _invoice_dates(store: Store, placed: datetime) -> Row:
    day = placed.astimezone(store.zone).date()
    return {
        "taxDate": store.local_midnight(day),
        "dueDate": store.utc_midnight(day + timedelta(days=30)),
    }


def _stamp(store: Store, draw: random.Random, order: Row, placed: datetime) -> None:
    store.touch_order(order)
    order["updatedOn"] = store.written(placed + timedelta(seconds=draw.randrange(60, 30 * 86_400)))
    order["version"] = draw.randrange(1, 12)


def _custom_fields(store: Store, draw: random.Random, order: Row) -> None:
    """Values for some of the fields; the others are null."""
    values: Row = {
        "PCF_SEGMENT": {"id": 160, "value": "Global"},
        "PCF_GIFTNOTE": "Happy = day\n“to you”",
        "PCF_ISGIFT": True,
        "PCF_BUYER": "Team A",
        "PCF_BOXES": 12,
    }
    fields = store.custom_fields[FIELD_SETS[order["orderTypeCode"]]]
    chosen = {code: values[code] for code in fields if draw.random() < 0.3}
    if chosen:
        order["customFields"] = chosen
