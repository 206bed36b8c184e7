"""The seed: the same from the same number, every document adding up, nothing paid beyond what it is for."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal

from providers.brightpearl.sandbox import create_sandbox
from providers.brightpearl.sandbox.store import SIGNS, TYPES

STORE = create_sandbox().store


def test_the_same_number_makes_the_same_books_and_another_others() -> None:
    fixed = datetime(2026, 11, 2, tzinfo=UTC)
    one, same, other = (create_sandbox(seed=seed, clock=lambda: fixed).store.orders for seed in (7, 7, 8))

    assert one == same
    assert one != other


def test_it_is_of_the_size_and_variety_that_walks_need() -> None:
    orders = STORE.orders.values()
    rows = [row for order in orders for row in order["orderRows"].values()]

    assert len(STORE.contacts) == 300
    assert sum(order["orderTypeCode"] == "PO" for order in orders) == 520
    assert sum(order["orderTypeCode"] == "SO" for order in orders) == 420
    assert {order["currency"]["orderCurrencyCode"] for order in orders} == {"USD", "EUR", "GBP"}
    assert sum("updatedOn" not in order for order in orders) > 50
    assert any(row["composition"]["bundleParent"] for row in rows)
    assert any(row["productId"] == 1000 for row in rows)
    assert any(order["orderRows"] == {} for order in orders)
    assert {order["orderPaymentStatus"] for order in orders} == {
        "UNPAID",
        "PARTIALLY_PAID",
        "PAID",
        "AUTHORIZED",
        "NOT_APPLICABLE",
    }


def test_every_order_adds_up_and_holds_its_decimals() -> None:
    for order in STORE.orders.values():
        totals = {name: Decimal(text) for name, text in order["totalValue"].items()}
        nets = [Decimal(row["rowValue"]["rowNet"]["value"]) for row in order["orderRows"].values()]
        taxes = [Decimal(row["rowValue"]["rowTax"]["value"]) for row in order["orderRows"].values()]

        assert totals["total"] == totals["net"] + totals["taxAmount"]
        assert totals["taxAmount"] == sum(taxes)
        assert abs(totals["net"] - sum(nets)) <= Decimal("0.005")
        assert all(-amount.as_tuple().exponent == 2 for amount in totals.values())
        assert all(-net.as_tuple().exponent == 4 for net in nets)


def test_nothing_is_paid_beyond_the_order_and_all_in_its_currency() -> None:
    for order in STORE.orders.values():
        signs = SIGNS[TYPES[order["orderTypeCode"]].party]
        payments = STORE.payments_of(order)
        # A credit is paid by what pays an order back.
        sign = -1 if order["orderTypeCode"] in ("SC", "PC") else 1
        paid = sign * sum(signs.get(row["paymentType"], 0) * Decimal(row["amountPaid"]) for row in payments)

        assert 0 <= paid <= max(Decimal(order["totalValue"]["total"]), Decimal(0))
        assert {row["currencyCode"] for row in payments} <= {order["currency"]["orderCurrencyCode"]}


def test_due_dates_are_midnight_in_utc_and_tax_dates_midnight_of_the_account() -> None:
    invoices = [order["invoices"][0] for order in STORE.orders.values() if "dueDate" in order["invoices"][0]]

    assert invoices
    for invoice in invoices:
        due, tax = (datetime.fromisoformat(invoice[name]) for name in ("dueDate", "taxDate"))
        assert due.astimezone(UTC).time() == time(0) != due.time()
        assert tax.time() == time(0) != tax.astimezone(UTC).time()
    assert {order["createdOn"][-6:] for order in STORE.orders.values()} == {"-06:00", "-05:00"}
