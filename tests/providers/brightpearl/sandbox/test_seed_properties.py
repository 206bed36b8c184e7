"""Whatever number the books are made from: journals balance, tax adds up, nothing is paid beyond its document."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from providers.brightpearl.sandbox import create_sandbox
from providers.brightpearl.sandbox.store import SIGNS, TYPES, Store, cents

CONTROLS = {"SI": "1100", "SC": "1100", "PI": "2100", "PC": "2100"}


@given(seed=st.integers(min_value=0, max_value=10**6))
@settings(max_examples=6, deadline=None)
def test_any_seed_makes_books_that_add_up(seed: int) -> None:
    store = create_sandbox(seed=seed).store

    check_journals(store)
    check_orders(store)
    balance = store.trial_balance().values()
    assert sum(each.base for each in balance) == sum(each.own for each in balance) == 0


def check_journals(store: Store) -> None:
    for journal in store.journals.values():
        lines = {side: journal[side] for side in ("debits", "credits")}
        for read in (lambda line: line["change"]["value"], lambda line: line["transactionAmount"]):
            debits, credits = (sum(Decimal(read(line)) for line in side) for side in lines.values())
            assert debits == credits > 0, journal["id"]
        control = CONTROLS.get(journal["journalTypeCode"])
        if control is not None:
            [line] = [each for side in lines.values() for each in side if each["nominalCode"] == control]
            assert line["transactionAmount"] == store.orders[line["orderId"]]["totalValue"]["total"]


def check_orders(store: Store) -> None:
    for order in store.orders.values():
        totals = {name: Decimal(text) for name, text in order["totalValue"].items()}
        taxes = [Decimal(row["rowValue"]["rowTax"]["value"]) for row in order["orderRows"].values()]
        for row in order["orderRows"].values():
            value = row["rowValue"]
            assert value["rowTax"]["value"] == str(
                cents(Decimal(value["rowNet"]["value"]) * Decimal(value["taxRate"]) / 100)
            )
        kind = TYPES[order["orderTypeCode"]]
        sign = -1 if kind.code in ("SC", "PC") else 1
        paid = sign * sum(
            SIGNS[kind.party].get(row["paymentType"], 0) * Decimal(row["amountPaid"])
            for row in store.payments_of(order)
        )
        assert totals["taxAmount"] == sum(taxes, Decimal(0))
        assert totals["total"] == totals["net"] + totals["taxAmount"]
        assert totals["baseTotal"] == totals["baseNet"] + totals["baseTaxAmount"]
        assert 0 <= paid <= totals["total"]
