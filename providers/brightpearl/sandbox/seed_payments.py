"""Payments for the seed: none, part, whole, in instalments, given back, or only authorised."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from providers.brightpearl.sandbox.journals import book_payment
from providers.brightpearl.sandbox.payments import without_authorisation
from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.store import CUSTOMER, TYPES, Store, cents, settled

FATES = ("none", "none", "part", "whole", "whole", "instalments", "refunded", "authorised", "captured", "void")
CREDIT_FATES = ("none", "part", "whole", "refunded")
INSTALMENTS = 24
NOTHING = Decimal(0)

Movement = tuple[str, Decimal, Decimal]
"""Kind, amount paid, amount authorised."""


def pay(store: Store, draw: random.Random, order: Row, placed: datetime) -> None:
    """Give an order payments that never come to more than its total."""
    side = TYPES[order["orderTypeCode"]].party
    total = Decimal(order["totalValue"]["total"])
    is_order = order["orderTypeCode"] in ("SO", "PO")
    fate = draw.choice(FATES if is_order else CREDIT_FATES) if total > 0 else "none"
    is_sale = side == CUSTOMER
    # What pays an order gives back a credit, and the other way round.
    movements = _movements(fate, total, is_paid_by_receipt=is_sale is is_order, is_sale=is_sale)
    for index, movement in enumerate(movements):
        moment = placed + timedelta(hours=2 * index + 1)
        take(store, draw, order, movement, moment)
    order["orderPaymentStatus"] = settled(order, store.payments_of(order))
    if movements and "updatedOn" not in order:
        store.touch_order(order)
        order["updatedOn"] = store.written(placed + timedelta(days=3))


def take(store: Store, draw: random.Random, order: Row, movement: Movement, moment: datetime) -> None:
    """One payment, and its journal: one currency has no bank account, so that its payments are never booked."""
    side = TYPES[order["orderTypeCode"]].party
    number = store.next_id("payment", (16,))
    row = _payment(store, draw, order, number, movement, moment)
    row["journalId"] = book_payment(store, side, row, moment + timedelta(minutes=4))
    store.payments[side][number] = row if side == CUSTOMER else without_authorisation(row)


def _movements(fate: str, total: Decimal, *, is_paid_by_receipt: bool, is_sale: bool) -> list[Movement]:
    forth, back = ("RECEIPT", "PAYMENT") if is_paid_by_receipt else ("PAYMENT", "RECEIPT")
    third = cents(total / 3)
    paths: dict[str, list[Movement]] = {
        "part": [(forth, third, NOTHING)],
        "whole": [(forth, total, NOTHING)],
        "refunded": [(forth, total, NOTHING), (back, third, NOTHING)],
        "instalments": _instalments(forth, total),
        "authorised": [("AUTH", NOTHING, total)],
        "captured": [("AUTH", NOTHING, total), ("CAPTURE", third, NOTHING)],
        "void": [("AUTH", NOTHING, total), ("VOID", NOTHING, total)],
    }
    if not is_sale and fate in ("authorised", "captured", "void"):
        return []  # Suppliers are not paid by card.
    return paths.get(fate, [])


def _instalments(kind: str, total: Decimal) -> list[Movement]:
    """Many small payments, so that a page of orders can have more of them than a search gives at once."""
    each = cents(total / INSTALMENTS)
    if each * INSTALMENTS > total:
        each -= Decimal("0.01")
    return [(kind, each, NOTHING)] * INSTALMENTS if each > 0 else []


def _payment(
    store: Store, draw: random.Random, order: Row, number: int, movement: Movement, moment: datetime
) -> Row:
    kind, paid, authorised = movement
    code = order["currency"]["orderCurrencyCode"]
    currency = store.currency(code) or {}
    return {
        "paymentId": number,
        "transactionRef": f"REF-{number:05d}",
        "transactionCode": f"CODE={order['id']}",
        "paymentMethodCode": draw.choice(("ACME_PAY", "BANK")),
        "paymentType": kind,
        "orderId": order["id"],
        "currencyId": currency.get("id"),
        "currencyCode": code,
        "amountAuthorized": str(cents(authorised)),
        "amountPaid": str(cents(paid)),
        "expires": store.written(moment + timedelta(days=7)) if kind == "AUTH" else None,
        "paymentDate": store.written(moment),
        "createdOn": store.written(moment + timedelta(minutes=4)),
        "journalId": None,
    }
