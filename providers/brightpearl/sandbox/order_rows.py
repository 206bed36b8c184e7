"""The rows of an order: added, changed with their tax worked out anew, removed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from providers.brightpearl.sandbox.calls import Call
from providers.brightpearl.sandbox.orders import order_of
from providers.brightpearl.sandbox.patches import ORDER_ROW, operations, put
from providers.brightpearl.sandbox.replies import Reply, Row, refused, unexplained
from providers.brightpearl.sandbox.store import Store, add_up, cents, money, places, settled

FREE_TEXT = 1000
STOCK_NONE = {"SO": ("SON", "SNS"), "PO": ("PON", "SNS"), "SC": ("SCN", "SNS"), "PC": ("PCN", "SNS")}
SALES_NOMINAL, PURCHASE_NOMINAL = "4000", "5000"


def row_of(
    code: str,
    sequence: int,
    product: Row,
    quantity: Decimal,
    net: Decimal,
    tax: Decimal,
    tax_code: Row,
    nominal: str,
) -> Row:
    """A row as orders hold it; `product` names it, with its SKU, its cost and its price."""
    return {
        "orderRowSequence": str(sequence),
        "productId": product["productId"],
        "productName": product["productName"],
        **({"productSku": product["productSku"]} if "productSku" in product else {}),
        "quantity": {"magnitude": places(quantity, 4)},
        "itemCost": money(code, product.get("cost", Decimal(0)), 4),
        "productPrice": money(code, product.get("price", Decimal(0)), 4),
        "discountPercentage": places(product.get("discount", Decimal(0)), 2),
        "rowValue": {
            "taxRate": places(tax_code.get("rate", Decimal(0)), 4),
            "taxCode": tax_code["code"],
            "taxCalculator": "brightpearl",
            "rowNet": money(code, net, 4),
            "rowTax": money(code, tax, 2),
            "taxClassId": tax_code["id"],
        },
        "nominalCode": nominal,
        "composition": {"bundleParent": False, "bundleChild": False, "parentOrderRowId": 0},
        **({"productOptions": product["options"]} if "options" in product else {}),
        "clonedFromId": 0,
    }


def post_row(call: Call) -> Reply:
    """A new row, at the end."""
    order, given, store = _open_order(call), call.body(), call.store
    if not isinstance(given, dict):
        raise unexplained()
    value = given.get("rowValue", {})
    tax_code = store.tax_code(str(value.get("taxCode")))
    if tax_code is None or "magnitude" not in given.get("quantity", {}):
        raise unexplained()
    if not given.get("productId") and not given.get("productName"):
        raise refused("ORDC-026", "Product name required")
    net = _amount(value.get("rowNet", {}).get("value", 0), 2)
    rate = tax_code.get("rate", Decimal(0))
    tax = _amount(value["rowTax"]["value"], 2) if "rowTax" in value else cents(net * rate / 100)
    product: Row = {
        "productId": given.get("productId", FREE_TEXT),
        "productName": given.get("productName", f"Product {given.get('productId')}"),
    }
    if "productId" in given:
        product["productSku"] = f"SKU-{given['productId']}"
        if order["stockStatusCode"] == "NON":
            order["stockStatusCode"], order["shippingStatusCode"] = STOCK_NONE[order["orderTypeCode"]]
    last = max((int(row["orderRowSequence"]) for row in order["orderRows"].values()), default=0)
    is_purchase = order["orderTypeCode"] in ("PO", "PC")
    nominal = given.get("nominalCode", PURCHASE_NOMINAL if is_purchase else SALES_NOMINAL)
    currency = order["currency"]["orderCurrencyCode"]
    quantity = _amount(given["quantity"]["magnitude"], 4)
    number = store.next_id("row")
    order["orderRows"][str(number)] = row_of(currency, last + 10, product, quantity, net, tax, tax_code, nominal)
    _changed(store, order)
    return Reply({"response": number})


def patch_row(call: Call) -> Reply:
    """Change a row; a new net brings a new tax, unless the tax is not Brightpearl's to work out."""
    order = _open_order(call)
    row = _row(call, order)
    taken = operations(call.body(), ORDER_ROW)
    written = {step.path: _row_value(step.path, step.value) for step in taken}
    for path, value in written.items():
        put(row, path, value)
    value = row["rowValue"]
    is_net_changed = "/rowValue/rowNet/value" in written and "/rowValue/rowTax/value" not in written
    if is_net_changed and value["taxCalculator"] == "brightpearl":
        tax = Decimal(value["rowNet"]["value"]) * Decimal(value["taxRate"]) / 100
        value["rowTax"]["value"] = str(cents(tax))
    _changed(call.store, order)
    return Reply({"response": row})


def delete_row(call: Call) -> Reply:
    """Remove a row."""
    order = _open_order(call)
    _row(call, order)
    del order["orderRows"][str(call.number(1))]
    _changed(call.store, order)
    return Reply({})


def _row_value(path: str, value: Any) -> str:
    decimals = {"/quantity/magnitude": 4, "/rowValue/rowNet/value": 4, "/rowValue/rowTax/value": 2}
    if path not in decimals:
        return str(value)
    return places(_amount(value, 4 if path == "/quantity/magnitude" else 2), decimals[path])


def _amount(value: Any, decimals: int) -> Decimal:
    """A number or its text, with no more places than the field takes."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise unexplained() from None
    if not found.is_finite() or found != round(found, decimals):
        raise unexplained()
    return found


def _open_order(call: Call) -> Row:
    """The order; one that is invoiced is locked."""
    order = order_of(call)
    if order["state"]["tax"] == "INVOICED":
        raise unexplained()
    return order


def _row(call: Call, order: Row) -> Row:
    row = order["orderRows"].get(str(call.number(1)))
    if not isinstance(row, dict):
        raise unexplained()
    return row


def _changed(store: Store, order: Row) -> None:
    add_up(order)
    order["orderPaymentStatus"] = settled(order, store.payments_of(order))
    store.touch_order(order)
