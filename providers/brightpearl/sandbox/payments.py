"""Payments of both sides: made and deleted, summed, and what they do to an order's payment status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from providers.brightpearl.sandbox.calls import Call
from providers.brightpearl.sandbox.idsets import IDS_MAX, get_uris, known, shuffled
from providers.brightpearl.sandbox.journals import book_payment
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, refused, unexplained
from providers.brightpearl.sandbox.store import CUSTOMER, SIGNS, SUPPLIER, TYPES, Store, cents, settled

KINDS = {CUSTOMER: ("AUTH", "CAPTURE", "PAYMENT", "RECEIPT", "VOID"), SUPPLIER: ("PAYMENT", "RECEIPT")}
REQUIRED = ("paymentMethodCode", "paymentType", "orderId", "currencyIsoCode", "paymentDate")


def post(side: str) -> Callable[[Call], Reply]:
    """A new payment. It sets the order's payment status, and stamps the order."""

    def handler(call: Call) -> Reply:
        given, store = call.body(), call.store
        if not isinstance(given, dict) or any(not given.get(name) for name in REQUIRED):
            raise unexplained()
        order = store.orders.get(given["orderId"])
        if order is None or TYPES[order["orderTypeCode"]].party != side:
            raise refused("ORDC-003", "You have supplied an invalid order ID")
        _check(store, side, order, given)
        number = store.next_id("payment")
        row = _row(store, number, given)
        if row["journalId"] is None:
            row["journalId"] = book_payment(store, side, row, store.now().replace(microsecond=0))
        store.payments[side][number] = row if side == CUSTOMER else without_authorisation(row)
        order["orderPaymentStatus"] = settled(order, store.payments_of(order))
        store.touch_order(order)
        return Reply({"response": number})

    return handler


def _check(store: Store, side: str, order: Row, given: Row) -> None:
    if given["paymentType"] not in KINDS[side]:
        raise unexplained()
    if given["paymentType"] == "AUTH" and not given.get("authorizationExpiry"):
        raise unexplained()
    if given["currencyIsoCode"] != order["currency"]["orderCurrencyCode"]:
        raise unexplained()
    same = (given.get("transactionRef"), given["paymentMethodCode"])
    if same[0] and any(
        (row["transactionRef"], row["paymentMethodCode"]) == same for row in store.payments[side].values()
    ):
        raise unexplained()


def _row(store: Store, number: int, given: Row) -> Row:
    currency = store.currency(given["currencyIsoCode"])
    return {
        "paymentId": number,
        "transactionRef": given.get("transactionRef"),
        "transactionCode": given.get("transactionCode"),
        "paymentMethodCode": given["paymentMethodCode"],
        "paymentType": given["paymentType"],
        "orderId": given["orderId"],
        "currencyId": currency["id"] if currency else None,
        "currencyCode": given["currencyIsoCode"],
        "amountAuthorized": _amount(given.get("amountAuthorized", 0)),
        "amountPaid": _amount(given.get("amountPaid", 0)),
        "expires": _moment(store, given.get("authorizationExpiry")),
        "paymentDate": _moment(store, given["paymentDate"]),
        "createdOn": store.stamp(),
        "journalId": given.get("journalId"),
    }


def without_authorisation(row: Row) -> Row:
    """A payment as the supplier side has it."""
    return {
        key: value for key, value in row.items() if key not in ("transactionCode", "amountAuthorized", "expires")
    }


def _amount(value: object) -> str:
    try:
        return str(cents(Decimal(str(value))))
    except InvalidOperation:
        raise unexplained() from None


def _moment(store: Store, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise unexplained() from None
    return store.written(moment if moment.tzinfo else moment.replace(tzinfo=store.zone))


def delete(side: str) -> Callable[[Call], Reply]:
    """Remove a payment; one with a journal stays."""

    def handler(call: Call) -> Reply:
        payments = call.store.payments[side]
        payment = payments.get(call.number())
        if payment is None:
            raise nothing_found("No Payment Found")
        if payment["journalId"] is not None:
            raise unexplained()
        del payments[payment["paymentId"]]
        order = call.store.orders.get(payment["orderId"])
        if order is not None:
            order["orderPaymentStatus"] = settled(order, call.store.payments_of(order))
            call.store.touch_order(order)
        return Reply({})

    return handler


def totals(side: str) -> Callable[[Call], Reply]:
    """What is paid on each order; without payments no currency, and 0.00."""

    def handler(call: Call) -> Reply:
        store = call.store
        numbers = _of_side(call, side, IDS_MAX)
        if not numbers:
            raise nothing_found("No Payment Totals Found")
        sign = 1 if side == CUSTOMER else call.quirks.purchase_total_sign
        return Reply({"response": [_total(store, side, number, sign) for number in shuffled(numbers)]})

    return handler


def options(side: str, resource: str) -> Callable[[Call], Reply]:
    """The addresses that hold the totals of these orders."""

    def handler(call: Call) -> Reply:
        return Reply({"response": {"getUris": get_uris(resource, _of_side(call, side, None))}})

    return handler


def _of_side(call: Call, side: str, ids_max: int | None) -> list[int]:
    orders = call.store.orders
    asked = known(orders, call.id_set(ids_max))
    return [number for number in asked if TYPES[orders[number]["orderTypeCode"]].party == side]


def _total(store: Store, side: str, number: int, sign: int) -> Row:
    payments = store.payments_of(store.orders[number])
    paid = sign * _sum(payments, SIGNS[side], "amountPaid")
    found: Row = {"orderId": number}
    if payments:
        found["paymentCurrency"] = payments[0]["currencyCode"]
    found["amountPaid"] = cents(paid)
    if side == CUSTOMER:
        found["amountAuthorized"] = cents(_sum(payments, {"AUTH": 1, "VOID": -1}, "amountAuthorized"))
        found["amountCaptured"] = cents(_sum(payments, {"CAPTURE": 1}, "amountPaid"))
    return found


def _sum(payments: Iterable[Row], signs: Mapping[str, int], name: str) -> Decimal:
    return sum((signs.get(payment["paymentType"], 0) * Decimal(payment[name]) for payment in payments), Decimal(0))
