"""Deposits: money received on a sales order before there is an invoice, and the rest after."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.seed_orders import invoice, set_status
from providers.brightpearl.sandbox.seed_payments import NOTHING, take
from providers.brightpearl.sandbox.store import Store, cents, settled

DEPOSIT = timedelta(hours=2)
INVOICED = timedelta(days=12)
REST = timedelta(days=20)


def take_deposits(store: Store, draw: random.Random, count: int) -> None:
    """Take them on open sales orders that nothing was paid on; every third is never paid in full."""
    for index, order in enumerate(_open_orders(store)[:count]):
        placed = datetime.fromisoformat(order["placedOn"])
        total = Decimal(order["totalValue"]["total"])
        deposit = cents(total / 4)
        take(store, draw, order, ("RECEIPT", deposit, NOTHING), placed + DEPOSIT)
        set_status(store, order, "invoiced")
        invoice(store, order, placed + INVOICED)
        if index % 3:
            take(store, draw, order, ("RECEIPT", total - deposit, NOTHING), placed + REST)
        order["orderPaymentStatus"] = settled(order, store.payments_of(order))
        store.touch_order(order)
        order["updatedOn"] = store.written(placed + REST)


def _open_orders(store: Store) -> list[Row]:
    return [
        order
        for order in store.orders.values()
        if order["orderTypeCode"] == "SO"
        and order["state"]["tax"] == "READY"
        and order["orderStatus"]["orderStatusId"] == 3
        and Decimal(order["totalValue"]["total"]) > 1
        and not store.payments_of(order)
    ]
