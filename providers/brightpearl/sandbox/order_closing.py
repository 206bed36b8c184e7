"""Closing: an order becomes an invoice, which books its journal and locks its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from providers.brightpearl.sandbox.calls import Call, Handler, Routes
from providers.brightpearl.sandbox.journal_posts import open_day, required
from providers.brightpearl.sandbox.journals import book_invoice
from providers.brightpearl.sandbox.replies import Reply, Row, refused, unexplained
from providers.brightpearl.sandbox.seed_orders import set_status
from providers.brightpearl.sandbox.store import SIX, Store

TERM = timedelta(days=30)


def close_purchases(code: str, ids_max: int | None) -> Handler:
    """Close orders with the supplier's own reference."""

    def handler(call: Call) -> Reply:
        given = call.given()
        numbers = required(given, "orderIds")
        if not isinstance(numbers, list) or (ids_max is not None and len(numbers) != ids_max):
            raise unexplained()
        found = [_open(call.store, code, number) for number in numbers]
        reference = str(required(given, "invoiceReference"))
        for order in found:
            _close(call.store, order, given, reference)
            if call.quirks.is_closing_pending:
                call.store.pending.add(order["id"])
        return Reply({})

    return handler


def close_sale(code: str) -> Handler:
    """Close one order; its reference is the account's next."""

    def handler(call: Call) -> Reply:
        order = _open(call.store, code, call.number())
        given = call.given() if call.raw_body.strip() else {}
        _close(call.store, order, given, f"{'SI' if code == 'SO' else 'SC'}-{order['id']}")
        return Reply({})

    return handler


def _open(store: Store, code: str, number: object) -> Row:
    order = store.orders.get(number) if isinstance(number, int) else None
    if order is None or order["orderTypeCode"] != code:
        raise refused("ORDC-003", "You have supplied an invalid order ID")
    if order["state"]["tax"] == "INVOICED":
        raise unexplained()
    return order


def _close(store: Store, order: Row, given: Mapping[str, object], reference: str) -> None:
    day = open_day(store, given.get("taxDate") or store.now().astimezone(store.zone).date())
    due = date.fromisoformat(str(given.get("dueDate") or day + TERM)[:10])
    if "exchangeRate" in given:
        order["currency"]["exchangeRate"] = str(Decimal(str(given["exchangeRate"])).quantize(SIX))
    order["state"] = {"tax": "INVOICED"}
    order["invoices"] = [
        {
            "invoiceReference": reference,
            "taxDate": store.local_midnight(day),
            "dueDate": store.utc_midnight(due),
        }
    ]
    order["closedOn"] = store.stamp()
    order["originalInvoiceDate"] = store.local_midnight(day)
    set_status(store, order, "invoiced")
    book_invoice(store, order, store.now().replace(microsecond=0))
    store.touch_order(order)


_PATH = "order-service"
ROUTES: Routes = (
    ("POST", f"{_PATH}/purchase-order/close", close_purchases("PO", None), "post-purchase-order-close"),
    ("POST", f"{_PATH}/purchase-credit/close", close_purchases("PC", 1), "post-purchase-credit-close"),
    ("POST", f"{_PATH}/sales-order/*/close", close_sale("SO"), "post-sales-order-close"),
    ("POST", f"{_PATH}/sales-credit/*/close", close_sale("SC"), "post-sales-credit-close"),
)
